// Manifests on their way in: what they name must be there, and their digest must be what was asked for.
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { isObject, parseJson } from '../../json.ts'
import type { Manifest, Repository } from '../repository.ts'
import { RegistryRefusal } from './refusal.ts'

/** Bytes; the distribution specification's own bound. */
const MANIFEST_LIMIT = 4 * 1024 * 1024

export interface ManifestRequest {
  readonly repository: Repository
  /** Tag or digest. */
  readonly reference: string
  readonly contentType: string
  readonly source: Readable
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Stores the manifest and its tag. Throws RegistryRefusal. */
export async function putManifest(request: ManifestRequest): Promise<Manifest> {
  const { repository, reference, contentType, now } = request
  const body = await readManifest(request.source)
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
  const document = parseJson(body.toString('utf8'))
  if (!isObject(document))
    throw new RegistryRefusal(400, 'MANIFEST_INVALID', 'The manifest is not a JSON document')
  const inside = document['mediaType']
  const mediaType = contentType !== '' ? contentType : typeof inside === 'string' ? inside : ''
  if (typeof inside === 'string' && inside !== mediaType) {
    throw new RegistryRefusal(
      400,
      'MANIFEST_INVALID',
      `The manifest is a ${inside} and was sent as ${mediaType}`,
    )
  }
  requireParts(document, repository)
  const isDigest = reference.startsWith('sha256:')
  if (isDigest && reference !== digest)
    throw new RegistryRefusal(400, 'DIGEST_INVALID', `The manifest has the digest ${digest}`)
  if (!isDigest) setTag(repository, reference, digest)
  const manifest = { digest, mediaType, body, pushed: now }
  repository.manifests.set(digest, manifest)
  return manifest
}

/** In a repository with immutable tags only the same image may be pushed again. */
function setTag(repository: Repository, tag: string, digest: string): void {
  const before = repository.tags.get(tag)
  if (repository.immutable && before !== undefined && before !== digest) {
    const message = `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`
    throw new RegistryRefusal(400, 'TAG_INVALID', message)
  }
  repository.tags.set(tag, digest)
}

function requireParts(document: Readonly<Record<string, unknown>>, repository: Repository): void {
  const blobs = [document['config'], ...listOf(document['layers'])].filter((one) => one !== undefined)
  for (const descriptor of blobs) {
    const digest = digestOf(descriptor)
    if (!repository.blobs.has(digest))
      throw new RegistryRefusal(400, 'MANIFEST_BLOB_UNKNOWN', `Layer with digest '${digest}' does not exist`)
  }
  for (const descriptor of listOf(document['manifests'])) {
    const digest = digestOf(descriptor)
    if (!repository.manifests.has(digest))
      throw new RegistryRefusal(400, 'MANIFEST_UNKNOWN', `Image with digest '${digest}' does not exist`)
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function digestOf(descriptor: unknown): string {
  const digest = isObject(descriptor) ? descriptor['digest'] : undefined
  if (typeof digest === 'string') return digest
  throw new RegistryRefusal(400, 'MANIFEST_INVALID', 'A descriptor of the manifest has no digest')
}

async function readManifest(source: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    length += chunk.length
    if (length > MANIFEST_LIMIT)
      throw new RegistryRefusal(413, 'SIZE_INVALID', 'The manifest is larger than 4 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
