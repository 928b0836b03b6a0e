// The registry behind ECR: the OCI distribution interface as `docker push` and `docker pull` use it, under ECR's permissions.
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Caller } from '../../service.ts'
import type { EcrOffice } from '../ecr/office.ts'
import { findManifest, type Manifest, type Repository } from '../repository.ts'
import { type Address, parseAddress } from './address.ts'
import { identify, pass } from './gate.ts'
import { putManifest } from './manifest.ts'
import { RegistryRefusal, refusalBody } from './refusal.ts'
import type { Upload, Uploads } from './upload.ts'

/** One request to the registry, for the journal. */
export interface RegistryNote {
  /** ECR's own name for what was done, for example `PutImage`. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly principal: string
  readonly actions: readonly string[]
  readonly status: number
  readonly errorCode?: string
}

export interface RegistryOffice extends EcrOffice {
  readonly uploads: Uploads
  record(note: RegistryNote): void
}

/** A request that was identified and taken apart. */
interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly caller: Caller
  readonly query: URLSearchParams
  readonly office: RegistryOffice
  readonly method: string
}

/** Takes node's own request and response, because layers are streamed and never held in memory. */
export async function handleRegistry(
  office: RegistryOffice,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://registry')
  const method = request.method ?? 'GET'
  const note: Draft = {
    operation: 'unknown',
    method,
    path: url.pathname,
    principal: 'anonymous',
    actions: [],
    errorCode: '',
  }
  response.setHeader('docker-distribution-api-version', 'registry/2.0')
  try {
    const address = parseAddress(url.pathname)
    const caller = identify(request, office)
    note.principal = caller.arn
    const plan = address === undefined ? undefined : planVisit(address, method, office)
    if (plan === undefined) throw new RegistryRefusal(404, 'UNSUPPORTED', 'The operation is unsupported.')
    note.operation = plan.operation
    note.actions = plan.actions
    await plan.run({ request, response, caller, query: url.searchParams, office, method })
  } catch (error) {
    if (!(error instanceof RegistryRefusal)) throw error
    note.errorCode = error.code
    refuse(request, response, error)
  } finally {
    const { errorCode, ...rest } = note
    office.record({ ...rest, status: response.statusCode, ...(errorCode === '' ? {} : { errorCode }) })
  }
}

/** The note while it is being written. */
type Draft = { -readonly [K in keyof Omit<RegistryNote, 'status' | 'errorCode'>]: RegistryNote[K] } & {
  errorCode: string
}

interface Plan {
  readonly operation: string
  readonly actions: readonly string[]
  run(visit: Visit): Promise<void>
}

function planVisit(address: Address, method: string, office: RegistryOffice): Plan | undefined {
  switch (address.kind) {
    case 'base':
      return {
        operation: 'Ping',
        actions: [],
        run: async ({ response }) => void response.writeHead(200, JSON_TYPE).end('{}'),
      }
    case 'uploads':
      return method === 'POST' ? planned('InitiateLayerUpload', address.name, beginUpload) : undefined
    case 'upload':
      return planUpload(address, method)
    case 'blob':
      return planBlob(address, method)
    case 'manifest':
      return planManifest(address, method, office)
    case 'tags':
      return method === 'GET' ? planned('ListImages', address.name, listTags) : undefined
  }
}

/** A plan whose permission has the operation's own name. */
function planned(
  operation: string,
  name: string,
  run: (visit: Visit, repository: Repository) => Promise<void>,
  action = `ecr:${operation}`,
): Plan {
  const actions = [action]
  return {
    operation,
    actions,
    run: (visit) => run(visit, pass({ caller: visit.caller, actions, name }, visit.office)),
  }
}

function planUpload({ name, id }: Extract<Address, { kind: 'upload' }>, method: string): Plan | undefined {
  switch (method) {
    case 'PATCH':
      return planned('UploadLayerPart', name, (visit) => appendUpload(visit, findUpload(visit, id, name)))
    case 'PUT':
      return planned('CompleteLayerUpload', name, (visit, repository) =>
        finishUpload(visit, repository, findUpload(visit, id, name)),
      )
    case 'GET':
      return planned('UploadLayerPart', name, async (visit) =>
        acknowledge(visit, findUpload(visit, id, name), 204),
      )
    case 'DELETE':
      return planned('UploadLayerPart', name, (visit) => cancelUpload(visit, findUpload(visit, id, name)))
    default:
      return undefined
  }
}

function planBlob({ name, digest }: Extract<Address, { kind: 'blob' }>, method: string): Plan | undefined {
  if (method === 'HEAD')
    return planned('BatchCheckLayerAvailability', name, (visit, repository) =>
      sendBlob(visit, repository, digest),
    )
  if (method === 'GET')
    return planned('GetDownloadUrlForLayer', name, (visit, repository) => sendBlob(visit, repository, digest))
  return undefined
}

function planManifest(
  { name, reference }: Extract<Address, { kind: 'manifest' }>,
  method: string,
  office: RegistryOffice,
): Plan | undefined {
  if (method === 'PUT')
    return planned('PutImage', name, (visit, repository) => storeManifest(visit, repository, reference))
  const send = (visit: Visit, repository: Repository): Promise<void> =>
    sendManifest(visit, repository, reference)
  if (method === 'GET') return planned('BatchGetImage', name, send)
  const isLenient = !office.switches.registry.headNeedsPull
  if (method === 'HEAD')
    return planned(
      'BatchGetImage',
      name,
      send,
      isLenient ? 'ecr:BatchCheckLayerAvailability' : 'ecr:BatchGetImage',
    )
  return undefined
}

/** `mount` is answered as an ordinary upload, which the specification allows; a `digest` means that the whole blob is here. */
async function beginUpload(visit: Visit, repository: Repository): Promise<void> {
  const { registry } = visit.office.switches
  if (registry.throttle > 0) {
    registry.throttle -= 1
    throw new RegistryRefusal(429, 'TOOMANYREQUESTS', 'Rate exceeded')
  }
  const upload = await visit.office.uploads.begin(repository.name)
  if (visit.query.has('digest')) return finishUpload(visit, repository, upload)
  acknowledge(visit, upload, 202)
}

function findUpload({ office }: Visit, id: string, name: string): Upload {
  const upload = office.uploads.find(id, name)
  if (upload === undefined)
    throw new RegistryRefusal(404, 'BLOB_UPLOAD_UNKNOWN', 'The upload is unknown to the registry')
  return upload
}

async function appendUpload(visit: Visit, upload: Upload): Promise<void> {
  const range = /^(?:bytes[ =])?(\d+)-(\d+)/.exec(visit.request.headers['content-range'] ?? '')
  if (range !== null && Number(range[1]) !== upload.size) {
    throw new RegistryRefusal(416, 'BLOB_UPLOAD_INVALID', `The upload stands at byte ${upload.size}`)
  }
  await visit.office.uploads.append(upload, visit.request)
  acknowledge(visit, upload, 202)
}

async function finishUpload(visit: Visit, repository: Repository, upload: Upload): Promise<void> {
  const { uploads } = visit.office
  await uploads.append(upload, visit.request)
  const digest = uploads.finish(upload)
  if (visit.query.get('digest') !== digest) {
    await uploads.discard(upload)
    throw new RegistryRefusal(400, 'DIGEST_INVALID', `The content has the digest ${digest}`)
  }
  if (repository.blobs.has(digest)) await uploads.discard(upload)
  else repository.blobs.set(digest, { digest, size: upload.size, file: upload.file })
  const location = locate(visit.request, `/v2/${repository.name}/blobs/${digest}`)
  visit.response.writeHead(201, { location, 'docker-content-digest': digest, 'content-length': '0' }).end()
}

async function cancelUpload({ office, response }: Visit, upload: Upload): Promise<void> {
  await office.uploads.discard(upload)
  response.writeHead(204).end()
}

function acknowledge({ request, response }: Visit, upload: Upload, status: number): void {
  response.writeHead(status, {
    location: locate(request, `/v2/${upload.repository}/blobs/uploads/${upload.id}`),
    range: `0-${Math.max(0, upload.size - 1)}`,
    'docker-upload-uuid': upload.id,
    ...(status === 204 ? {} : { 'content-length': '0' }),
  })
  response.end()
}

function locate(request: IncomingMessage, path: string): string {
  return `http://${request.headers.host ?? ''}${path}`
}

async function sendBlob({ response, method }: Visit, repository: Repository, digest: string): Promise<void> {
  const blob = repository.blobs.get(digest)
  if (blob === undefined)
    throw new RegistryRefusal(404, 'BLOB_UNKNOWN', 'The blob is unknown to the registry')
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': String(blob.size),
    'docker-content-digest': digest,
  })
  if (method === 'HEAD') response.end()
  else await pipeline(createReadStream(blob.file), response)
}

async function storeManifest(
  { request, response, office }: Visit,
  repository: Repository,
  reference: string,
): Promise<void> {
  const contentType = request.headers['content-type'] ?? ''
  const now = office.world.clock.now()
  const { digest } = await putManifest({ repository, reference, contentType, source: request, now })
  const location = locate(request, `/v2/${repository.name}/manifests/${digest}`)
  response.writeHead(201, { location, 'docker-content-digest': digest, 'content-length': '0' }).end()
}

async function sendManifest(
  { response, method }: Visit,
  repository: Repository,
  reference: string,
): Promise<void> {
  const manifest: Manifest | undefined = findManifest(repository, reference)
  if (manifest === undefined) throw new RegistryRefusal(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
  response.writeHead(200, {
    'content-type': manifest.mediaType,
    'content-length': String(manifest.body.length),
    'docker-content-digest': manifest.digest,
  })
  response.end(method === 'HEAD' ? undefined : manifest.body)
}

async function listTags({ response }: Visit, repository: Repository): Promise<void> {
  response
    .writeHead(200, JSON_TYPE)
    .end(JSON.stringify({ name: repository.name, tags: [...repository.tags.keys()] }))
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** A body that was not read ends the connection with the answer, as the client may still be sending it. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: RegistryRefusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (refusal.status === 401) {
    response.setHeader(
      'www-authenticate',
      `Basic realm="${locate(request, '/')}",service="ecr.amazonaws.com"`,
    )
  }
  response.writeHead(refusal.status, JSON_TYPE)
  response.end(request.method === 'HEAD' ? undefined : refusalBody(refusal))
  request.resume()
}
