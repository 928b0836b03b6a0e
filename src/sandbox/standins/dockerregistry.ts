// Docker's side of the registry interface: login, push and pull, in the order of requests that docker itself has.
import { readFileSync, writeFileSync } from 'node:fs'
import { isObject, parseJson } from '../json.ts'
import {
  addImage,
  BARE,
  blobFile,
  digestOf,
  type Image,
  type ImageSettings,
  type Store,
  writeConfiguration,
} from './dockerstore.ts'

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const CONFIG = 'application/vnd.docker.container.image.v1+json'
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip'

/** What docker prints when a registry refuses; it exits with status 1. */
export class RegistryError extends Error {}

export interface Remote {
  readonly registry: string
  readonly name: string
  /** Tag or digest. */
  readonly reference: string
}

/** `REGISTRY/NAME:TAG` or `REGISTRY/NAME@DIGEST`; undefined for a reference that names no registry on loopback. */
export function parseRemote(reference: string): Remote | undefined {
  const found = /^(127\.\d+\.\d+\.\d+:\d+)\/([^:@]+)(?:@(sha256:[0-9a-f]{64})|:([\w.-]+))?$/.exec(reference)
  if (found === null) return undefined
  const [, registry = '', name = '', digest, tag] = found
  return { registry, name, reference: digest ?? tag ?? 'latest' }
}

/** The status that the registry gives these credentials; 200 is a login. */
export async function checkLogin(registry: string, authorization: string): Promise<number> {
  if (!/^127\.\d+\.\d+\.\d+:\d+$/.test(registry)) {
    throw new RegistryError(`the stand-in knows the sandbox's registry only, not ${registry}`)
  }
  const answer = await ask(registry, 'GET', '/v2/', { authorization })
  return answer.status
}

export interface Pushed {
  readonly digest: string
  readonly size: number
}

/** Layers first, each only where the registry has it not, then the configuration, then one manifest. */
export async function pushImage(
  image: Image,
  remote: Remote,
  place: { readonly store: Store; readonly folder: string; readonly say: (text: string) => void },
): Promise<Pushed> {
  const { registry, name } = remote
  const authorization = loginOf(place.store, registry)
  const configuration = Buffer.from(writeConfiguration(image))
  for (const layer of image.layers) {
    const known = await ask(registry, 'HEAD', `/v2/${name}/blobs/${layer.digest}`, { authorization })
    const short = layer.diffId.slice(7, 19)
    if (known.status === 200) place.say(`${short}: Layer already exists`)
    else {
      if (known.status !== 404) throw refusal(known)
      await upload({
        registry,
        name,
        digest: layer.digest,
        data: readFileSync(blobFile(place.folder, layer.digest)),
        authorization,
      })
      place.say(`${short}: Pushed`)
    }
  }
  const configDigest = digestOf(configuration)
  const known = await ask(registry, 'HEAD', `/v2/${name}/blobs/${configDigest}`, { authorization })
  if (known.status !== 200) {
    if (known.status !== 404) throw refusal(known)
    await upload({ registry, name, digest: configDigest, data: configuration, authorization })
  }
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, size: configuration.length, digest: configDigest },
    layers: image.layers.map(({ size, digest }) => ({ mediaType: LAYER, size, digest })),
  })
  const path = `/v2/${name}/manifests/${remote.reference}`
  const answer = await ask(registry, 'PUT', path, {
    authorization,
    type: MANIFEST,
    data: Buffer.from(manifest),
  })
  if (answer.status !== 201) throw refusal(answer)
  return { digest: digestOf(manifest), size: manifest.length }
}

interface Upload {
  readonly registry: string
  readonly name: string
  readonly digest: string
  readonly data: Buffer
  readonly authorization: string
}

async function upload({ registry, name, digest, data, authorization }: Upload): Promise<void> {
  const begun = await ask(registry, 'POST', `/v2/${name}/blobs/uploads/`, { authorization })
  if (begun.status !== 202) throw refusal(begun)
  const sent = await ask(registry, 'PATCH', locationOf(begun, registry), {
    authorization,
    type: 'application/octet-stream',
    data,
  })
  if (sent.status !== 202) throw refusal(sent)
  const place = locationOf(sent, registry)
  const ended = await ask(
    registry,
    'PUT',
    `${place}${place.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`,
    { authorization },
  )
  if (ended.status !== 201) throw refusal(ended)
}

function locationOf(answer: Answer, registry: string): string {
  const url = new URL(answer.location, `http://${registry}`)
  return url.pathname + url.search
}

/** Stores an image of the registry. @throws RegistryError */
export async function pullImage(
  remote: Remote,
  { store, folder }: { readonly store: Store; readonly folder: string },
): Promise<{ id: string; digest: string }> {
  const { registry, name, reference } = remote
  const authorization = loginOf(store, registry)
  const get = async (path: string): Promise<Buffer> => {
    const answer = await ask(registry, 'GET', path, { authorization, accept: MANIFEST })
    if (answer.status !== 200) throw refusal(answer)
    return answer.body
  }
  const manifest = await get(`/v2/${name}/manifests/${reference}`)
  const described = parseJson(manifest.toString('utf8'))
  const config =
    isObject(described) && isObject(described['config']) ? String(described['config']['digest']) : ''
  const layers =
    isObject(described) && Array.isArray(described['layers']) ? described['layers'].filter(isObject) : []
  const settings = parseJson((await get(`/v2/${name}/blobs/${config}`)).toString('utf8'))
  const diffIds =
    isObject(settings) && isObject(settings['rootfs']) && Array.isArray(settings['rootfs']['diff_ids'])
      ? settings['rootfs']['diff_ids']
      : []
  for (const { digest } of layers)
    writeFileSync(blobFile(folder, String(digest)), await get(`/v2/${name}/blobs/${String(digest)}`))
  const id = addImage(store, {
    os: isObject(settings) ? String(settings['os']) : 'linux',
    architecture: isObject(settings) ? String(settings['architecture']) : 'amd64',
    config: readSettings(isObject(settings) ? settings['config'] : {}),
    layers: layers.map((layer, index) => ({
      digest: String(layer['digest']),
      diffId: String(diffIds[index]),
      size: Number(layer['size']),
    })),
    files: {},
  })
  return { id, digest: digestOf(manifest) }
}

function readSettings(value: unknown): ImageSettings {
  const from = isObject(value) ? value : {}
  const list = (key: string): readonly string[] => (Array.isArray(from[key]) ? from[key].map(String) : [])
  const labels = isObject(from['Labels']) ? from['Labels'] : {}
  return {
    ...BARE,
    Env: list('Env'),
    Entrypoint: list('Entrypoint'),
    Cmd: list('Cmd'),
    OnBuild: list('OnBuild'),
    Labels: Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, String(text)])),
    WorkingDir: String(from['WorkingDir'] ?? ''),
    User: String(from['User'] ?? ''),
  }
}

function loginOf(store: Store, registry: string): string {
  const login = store.logins[registry]
  if (login === undefined) throw new RegistryError('no basic auth credentials')
  return login
}

interface Answer {
  readonly status: number
  readonly location: string
  readonly body: Buffer
}

interface Extras {
  readonly authorization: string
  readonly type?: string
  readonly accept?: string
  readonly data?: Buffer
}

async function ask(registry: string, method: string, path: string, extras: Extras): Promise<Answer> {
  const headers: Record<string, string> = { authorization: extras.authorization }
  if (extras.type !== undefined) headers['content-type'] = extras.type
  if (extras.accept !== undefined) headers['accept'] = extras.accept
  try {
    const answer = await fetch(`http://${registry}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(extras.data === undefined ? {} : { body: new Uint8Array(extras.data) }),
    })
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      body: Buffer.from(await answer.arrayBuffer()),
    }
  } catch (error) {
    throw new RegistryError(`failed to do request: ${method} "http://${registry}${path}": ${String(error)}`)
  }
}

/** Docker prints the code of the registry's error in words, then its message. */
function refusal(answer: Answer): RegistryError {
  const body = parseJson(answer.body.toString('utf8'))
  const [first] = isObject(body) && Array.isArray(body['errors']) ? body['errors'] : []
  if (!isObject(first)) {
    return new RegistryError(
      `error parsing HTTP ${answer.status} response body: unexpected end of JSON input: ""`,
    )
  }
  return new RegistryError(
    `${String(first['code']).toLowerCase().replaceAll('_', ' ')}: ${String(first['message'])}`,
  )
}
