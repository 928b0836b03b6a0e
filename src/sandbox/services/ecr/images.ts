// What ECR tells of the images in a repository.
import { AwsError } from '../../awserror.ts'
import { isObject, parseJson } from '../../json.ts'
import type { World } from '../../world.ts'
import { toEpochSeconds } from '../jsonprotocol.ts'
import type { Members } from '../members.ts'
import { findManifest, type Manifest, type Repository } from '../repository.ts'

export function findRepository(input: Members, world: World): Repository {
  const name = input.text('repositoryName') ?? ''
  const repository = world.repositories.get(name)
  if (repository === undefined) throw repositoryMissing(name, world)
  return repository
}

export function repositoryMissing(name: string, world: World): AwsError {
  const message = `The repository with name '${name}' does not exist in the registry with id '${world.account}'`
  return new AwsError('RepositoryNotFoundException', message)
}

export function describeRepositories(input: Members, world: World): unknown {
  const names = input.texts('repositoryNames') ?? [...world.repositories.keys()]
  const repositories = names.map((name) => {
    const repository = world.repositories.get(name)
    if (repository === undefined) throw repositoryMissing(name, world)
    return {
      repositoryArn: repository.arn,
      registryId: world.account,
      repositoryName: name,
      repositoryUri: `${new URL(world.endpoint).host}/${name}`,
      createdAt: toEpochSeconds(repository.created),
      imageTagMutability: repository.immutable ? 'IMMUTABLE' : 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
    }
  })
  return { repositories }
}

interface ImageId {
  readonly imageTag?: string
  readonly imageDigest?: string
}

function readIds(input: Members): readonly ImageId[] | undefined {
  return input.structures('imageIds')?.map((id) => {
    const imageTag = id.text('imageTag')
    const imageDigest = id.text('imageDigest')
    return {
      ...(imageTag === undefined ? {} : { imageTag }),
      ...(imageDigest === undefined ? {} : { imageDigest }),
    }
  })
}

function findImage(repository: Repository, id: ImageId): Manifest | undefined {
  const manifest = findManifest(repository, id.imageDigest ?? id.imageTag ?? '')
  if (id.imageTag === undefined || id.imageDigest === undefined) return manifest
  return repository.tags.get(id.imageTag) === id.imageDigest ? manifest : undefined
}

/** Throws ImageNotFoundException when one of the ids names no image. */
export function describeImages(input: Members, world: World): unknown {
  const repository = findRepository(input, world)
  const ids = readIds(input) ?? [...repository.manifests.keys()].map((imageDigest) => ({ imageDigest }))
  const imageDetails = ids.map((id) => {
    const manifest = findImage(repository, id)
    if (manifest === undefined) throw imageMissing(id, repository, world)
    const imageTags = tagsOf(repository, manifest.digest)
    return {
      registryId: world.account,
      repositoryName: repository.name,
      imageDigest: manifest.digest,
      ...(imageTags.length === 0 ? {} : { imageTags }),
      imageSizeInBytes: sizeOf(manifest),
      imagePushedAt: toEpochSeconds(manifest.pushed),
      imageManifestMediaType: manifest.mediaType,
    }
  })
  return { imageDetails }
}

function imageMissing(id: ImageId, repository: Repository, world: World): AwsError {
  const shown = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`
  const message = `The image with imageId ${shown} does not exist within the repository with name '${repository.name}' in the registry with id '${world.account}'`
  return new AwsError('ImageNotFoundException', message)
}

function tagsOf(repository: Repository, digest: string): readonly string[] {
  return [...repository.tags].filter(([, one]) => one === digest).map(([tag]) => tag)
}

/** Compressed size: what the manifest says of its layers. */
function sizeOf(manifest: Manifest): number {
  const document = parseJson(manifest.body.toString('utf8'))
  const layers = isObject(document) && Array.isArray(document['layers']) ? document['layers'] : []
  return layers.reduce(
    (sum: number, layer: unknown) => sum + (isObject(layer) ? Number(layer['size']) : 0),
    0,
  )
}

/** Images that are missing are told as failures, with the answer still a success. */
export function batchGetImage(input: Members, world: World): unknown {
  const repository = findRepository(input, world)
  const ids = readIds(input) ?? []
  const found = ids.map((id) => ({ id, manifest: findImage(repository, id) }))
  return {
    images: found.flatMap(({ id, manifest }) =>
      manifest === undefined
        ? []
        : [
            {
              registryId: world.account,
              repositoryName: repository.name,
              imageId: { ...id, imageDigest: manifest.digest },
              imageManifest: manifest.body.toString('utf8'),
              imageManifestMediaType: manifest.mediaType,
            },
          ],
    ),
    failures: found
      .filter(({ manifest }) => manifest === undefined)
      .map(({ id }) => ({
        imageId: id,
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      })),
  }
}

export function batchCheckLayers(input: Members, world: World): unknown {
  const repository = findRepository(input, world)
  const digests = input.texts('layerDigests') ?? []
  return {
    layers: digests.map((layerDigest) => {
      const blob = repository.blobs.get(layerDigest)
      if (blob === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' }
      return { layerDigest, layerAvailability: 'AVAILABLE', layerSize: blob.size }
    }),
    failures: [],
  }
}

export function getDownloadUrl(input: Members, world: World): unknown {
  const repository = findRepository(input, world)
  const layerDigest = input.text('layerDigest') ?? ''
  if (!repository.blobs.has(layerDigest)) {
    const message = `The layer with digest '${layerDigest}' does not exist within the repository with name '${repository.name}'`
    throw new AwsError('LayersNotFoundException', message)
  }
  return { downloadUrl: `${world.endpoint}/v2/${repository.name}/blobs/${layerDigest}`, layerDigest }
}
