// Manifests as the registry stores, gives and lists them.
import { findManifest, type Repository } from '../repository.ts'
import { putManifest } from './manifest.ts'
import { RegistryRefusal } from './refusal.ts'
import { JSON_TYPE, locate, type Visit } from './visit.ts'

export async function storeManifest(
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

export async function sendManifest(
  { response, method }: Visit,
  repository: Repository,
  reference: string,
): Promise<void> {
  const manifest = findManifest(repository, reference)
  if (manifest === undefined) throw new RegistryRefusal(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
  response.writeHead(200, {
    'content-type': manifest.mediaType,
    'content-length': String(manifest.body.length),
    'docker-content-digest': manifest.digest,
  })
  response.end(method === 'HEAD' ? undefined : manifest.body)
}

export async function listTags({ response }: Visit, repository: Repository): Promise<void> {
  response
    .writeHead(200, JSON_TYPE)
    .end(JSON.stringify({ name: repository.name, tags: [...repository.tags.keys()] }))
}
