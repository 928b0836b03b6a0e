// The image that a function names: it must stand in this account's ECR, be one manifest, and be pullable by Lambda.
import { AwsError } from '../../awserror.ts'
import { isObject, parseJson } from '../../json.ts'
import type { Caller } from '../../service.ts'
import type { ServedImage } from '../function.ts'
import { findManifest, type Manifest, type Repository } from '../repository.ts'
import { functionArn, invalidParameter } from './naming.ts'
import type { LambdaOffice } from './office.ts'

/** Lambda takes one image manifest, never an index or a list, with plain or gzipped layers only. */
const MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
]
const CONFIGS = ['application/vnd.docker.container.image.v1+json', 'application/vnd.oci.image.config.v1+json']
const LAYERS = [
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar',
]

export interface ImageQuestion {
  readonly uri: string
  readonly functionName: string
  readonly caller: Caller
}

/** Throws InvalidParameterValueException or AccessDeniedException in Lambda's words. */
export function resolveImage(question: ImageQuestion, office: LambdaOffice): ServedImage {
  const { uri } = question
  const parsed = parseUri(uri)
  const name = parsed === undefined ? undefined : repositoryName(parsed.host, parsed.path, office)
  if (parsed === undefined || name === undefined) {
    throw invalidParameter(`Source image ${uri} is not valid. Provide a valid source image.`)
  }
  const repository = office.world.repositories.get(name)
  if (repository === undefined) throw missing(uri)
  requirePull(repository, question, office)
  const manifest = findManifest(repository, parsed.reference)
  if (manifest === undefined) throw missing(uri)
  if (!isSingleImage(manifest)) {
    throw invalidParameter(
      `The image manifest, config or layer media type for the source image ${uri} is not supported.`,
    )
  }
  return {
    uri: `${parsed.host}/${parsed.path}@${manifest.digest}`,
    repository: repository.name,
    digest: manifest.digest,
  }
}

interface ParsedUri {
  readonly host: string
  readonly path: string
  /** Tag or `sha256:` digest. */
  readonly reference: string
}

/** `HOST/REPOSITORY:TAG` or `HOST/REPOSITORY@sha256:...`; Lambda assumes no tag. */
function parseUri(uri: string): ParsedUri | undefined {
  const match =
    /^([^/]+)\/([a-z0-9]+(?:[._\-/]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/.exec(uri)
  if (match === null) return undefined
  return { host: match[1] ?? '', path: match[2] ?? '', reference: match[4] ?? match[3] ?? '' }
}

/** The sandbox's own registry, or this account's ECR in this region by its public name. */
function repositoryName(host: string, path: string, { world }: LambdaOffice): string | undefined {
  if (host === new URL(world.endpoint).host) return path
  const suffix = world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  return host === `${world.account}.dkr.ecr.${world.region}.${suffix}` ? path : undefined
}

function missing(uri: string): AwsError {
  return invalidParameter(`Source image ${uri} does not exist. Provide a valid source image.`)
}

/**
 * Lambda pulls as the service principal. Where the repository policy does not let it, it adds the statement itself,
 * but only with the caller's right to read and set repository policies.
 */
function requirePull(
  repository: Repository,
  { functionName, caller }: ImageQuestion,
  office: LambdaOffice,
): void {
  const { world, permits, permitsPrincipal } = office
  const context = {
    'aws:SourceArn': [functionArn(functionName, world)],
    'aws:SourceAccount': [world.account],
  }
  const mayPull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].every(
    (action) =>
      repository.policy !== undefined &&
      permitsPrincipal({
        policy: repository.policy,
        principal: 'lambda.amazonaws.com',
        access: { action, resource: repository.arn, context },
      }),
  )
  if (mayPull) return
  const mayGrant = ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'].every((action) =>
    permits(caller, { action, resource: repository.arn, resourcePolicy: repository.policy }),
  )
  if (!mayGrant) {
    const message = 'Lambda does not have permission to access the ECR image. Check the ECR permissions.'
    throw new AwsError('AccessDeniedException', message, 403)
  }
  repository.policy = addPullStatement(repository.policy, functionArn('*', world))
}

function addPullStatement(policy: unknown, sourceArn: string): unknown {
  const statement = {
    Sid: 'LambdaECRImageRetrievalPolicy',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    Condition: { StringLike: { 'aws:sourceArn': sourceArn } },
  }
  const before = isObject(policy) && Array.isArray(policy['Statement']) ? policy['Statement'] : []
  return { Version: '2012-10-17', Statement: [...before, statement] }
}

function isSingleImage(manifest: Manifest): boolean {
  if (!MANIFESTS.includes(manifest.mediaType)) return false
  const document = parseJson(manifest.body.toString('utf8'))
  if (!isObject(document) || !Array.isArray(document['layers'])) return false
  return (
    CONFIGS.includes(mediaTypeOf(document['config'])) &&
    document['layers'].every((layer) => LAYERS.includes(mediaTypeOf(layer)))
  )
}

function mediaTypeOf(descriptor: unknown): string {
  const mediaType = isObject(descriptor) ? descriptor['mediaType'] : undefined
  return typeof mediaType === 'string' ? mediaType : ''
}
