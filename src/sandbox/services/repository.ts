// What ECR keeps: repositories with their blobs, manifests and tags.

export interface Blob {
  readonly digest: string
  readonly size: number
  /** File that holds it. */
  readonly file: string
}

export interface Manifest {
  readonly digest: string
  readonly mediaType: string
  readonly body: Buffer
  /** Milliseconds since the epoch. */
  readonly pushed: number
}

export interface Repository {
  readonly name: string
  readonly arn: string
  /** Milliseconds since the epoch. */
  readonly created: number
  /** Repository policy, as parsed JSON. */
  policy?: unknown
  /** Tag immutability. */
  immutable: boolean
  /** By digest. */
  readonly blobs: Map<string, Blob>
  /** By digest. */
  readonly manifests: Map<string, Manifest>
  /** Digest by tag. */
  readonly tags: Map<string, string>
}

export interface RepositoryRequest {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly now: number
  readonly policy?: unknown
}

export function createRepository(request: RepositoryRequest): Repository {
  const { name, account, region, partition, now, policy } = request
  return {
    name,
    arn: `arn:${partition}:ecr:${region}:${account}:repository/${name}`,
    created: now,
    policy,
    immutable: false,
    blobs: new Map(),
    manifests: new Map(),
    tags: new Map(),
  }
}

/** The manifest that a tag or a `sha256:` digest names. */
export function findManifest(repository: Repository, reference: string): Manifest | undefined {
  const digest = reference.startsWith('sha256:') ? reference : repository.tags.get(reference)
  return digest === undefined ? undefined : repository.manifests.get(digest)
}
