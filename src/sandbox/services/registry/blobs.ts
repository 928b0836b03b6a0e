// Layers and configurations of images: uploaded in parts or whole, checked against their digest, and given back.
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Repository } from '../repository.ts'
import { RegistryRefusal } from './refusal.ts'
import type { Upload } from './upload.ts'
import { locate, type Visit } from './visit.ts'

/** `mount` is answered as an ordinary upload, which the specification allows; a `digest` means that the whole blob is here. */
export async function beginUpload(visit: Visit, repository: Repository): Promise<void> {
  const { registry } = visit.office.switches
  if (registry.throttle > 0) {
    registry.throttle -= 1
    throw new RegistryRefusal(429, 'TOOMANYREQUESTS', 'Rate exceeded')
  }
  const upload = await visit.office.uploads.begin(repository.name)
  if (visit.query.has('digest')) return finishUpload(visit, repository, upload)
  acknowledge(visit, upload, 202)
}

export function findUpload({ office }: Visit, id: string, name: string): Upload {
  const upload = office.uploads.find(id, name)
  if (upload === undefined)
    throw new RegistryRefusal(404, 'BLOB_UPLOAD_UNKNOWN', 'The upload is unknown to the registry')
  return upload
}

export async function appendUpload(visit: Visit, upload: Upload): Promise<void> {
  const range = /^(?:bytes[ =])?(\d+)-(\d+)/.exec(visit.request.headers['content-range'] ?? '')
  if (range !== null && Number(range[1]) !== upload.size) {
    throw new RegistryRefusal(416, 'BLOB_UPLOAD_INVALID', `The upload stands at byte ${upload.size}`)
  }
  await visit.office.uploads.append(upload, visit.request)
  acknowledge(visit, upload, 202)
}

export async function finishUpload(visit: Visit, repository: Repository, upload: Upload): Promise<void> {
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

export async function cancelUpload({ office, response }: Visit, upload: Upload): Promise<void> {
  await office.uploads.discard(upload)
  response.writeHead(204).end()
}

export function acknowledge({ request, response }: Visit, upload: Upload, status: number): void {
  response.writeHead(status, {
    location: locate(request, `/v2/${upload.repository}/blobs/uploads/${upload.id}`),
    range: `0-${Math.max(0, upload.size - 1)}`,
    'docker-upload-uuid': upload.id,
    ...(status === 204 ? {} : { 'content-length': '0' }),
  })
  response.end()
}

export async function sendBlob(
  { response, method }: Visit,
  repository: Repository,
  digest: string,
): Promise<void> {
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
