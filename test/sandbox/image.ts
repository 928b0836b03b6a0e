// Pushes small images into the sandbox's registry over HTTP, the way `docker push` does.

import { createHash } from 'node:crypto'
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { actAs } from './account.ts'

export const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
export const INDEX = 'application/vnd.oci.image.index.v1+json'

export interface Registry {
  readonly authorization: string
  /** Path below `/v2/`. */
  send(
    method: string,
    path: string,
    options?: { readonly body?: string | Buffer; readonly type?: string; readonly authorization?: string },
  ): Promise<Response>
}

/** Logs a role in, by default the one that pushes. */
export async function login(sandbox: Sandbox, roleName = sandbox.names.serviceRole): Promise<Registry> {
  const answer = await actAs(sandbox, roleName).ecr.send(new GetAuthorizationTokenCommand({}))
  const authorization = `Basic ${answer.authorizationData?.[0]?.authorizationToken}`
  return {
    authorization,
    send: (method, path, { body, type, authorization: other } = {}) =>
      fetch(`${sandbox.endpoint}/v2/${path}`, {
        method,
        headers: {
          authorization: other ?? authorization,
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      }),
  }
}

export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** Uploads in one PATCH and a closing PUT. */
export async function pushBlob(
  registry: Registry,
  repository: string,
  content: string | Buffer,
): Promise<string> {
  const begun = await registry.send('POST', `${repository}/blobs/uploads/`)
  const place = new URL(begun.headers.get('location') ?? '').pathname.slice('/v2/'.length)
  await registry.send('PATCH', place, { body: content, type: 'application/octet-stream' })
  const digest = digestOf(content)
  const done = await registry.send('PUT', `${place}?digest=${digest}`)
  if (done.status !== 201) throw new Error(`the blob was answered ${done.status}: ${await done.text()}`)
  return digest
}

export interface ImageRequest {
  readonly tag?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly layerType?: string
}

/** Pushes a one-layer image and answers its digest. */
export async function pushImage(sandbox: Sandbox, request: ImageRequest = {}): Promise<string> {
  const {
    tag = 'latest',
    labels = {},
    layerType = 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  } = request
  const { repository } = sandbox.names
  const registry = await login(sandbox)
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: labels } })
  const layer = 'layer'
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: config.length,
      digest: await pushBlob(registry, repository, config),
    },
    layers: [
      { mediaType: layerType, size: layer.length, digest: await pushBlob(registry, repository, layer) },
    ],
  })
  const answer = await registry.send('PUT', `${repository}/manifests/${tag}`, {
    body: manifest,
    type: MANIFEST,
  })
  if (answer.status !== 201)
    throw new Error(`the manifest was answered ${answer.status}: ${await answer.text()}`)
  return digestOf(manifest)
}
