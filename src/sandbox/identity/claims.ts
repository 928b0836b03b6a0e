// Whom a GitHub token speaks of: the repository, the event and the subject made of them.

export interface GithubIdentity {
  /** `owner/name` */
  repository: string
  repositoryId: string
  ownerId: string
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge` */
  ref: string
  sha: string
  /** Branches of a pull request: where it comes from and where it goes; empty otherwise. */
  headRef: string
  baseRef: string
  /** `push`, `pull_request`, `workflow_dispatch`, ... */
  event: string
  runId: string
  runAttempt: string
  actor: string
  actorId: string
  workflow: string
  /** The job's `environment`, when it has one. */
  environment?: string
  /** `immutable` is the form with ids that newer repositories have. */
  subjectForm: 'name' | 'immutable'
  /** Claims that replace or add to what GitHub would send; a test's way to a wrong `sub` or `aud`. */
  overrides: Record<string, unknown>
}

/** The seeded repository on a push to its main branch. */
export function createGithubIdentity(): GithubIdentity {
  return {
    repository: 'acme/hello-dart',
    repositoryId: '1296269',
    ownerId: '583231',
    ref: 'refs/heads/main',
    sha: '7fd1a60b01f91b314f59955a4e4d4e80d8edf11d',
    headRef: '',
    baseRef: '',
    event: 'push',
    runId: '9001',
    runAttempt: '1',
    actor: 'octocat',
    actorId: '583231',
    workflow: 'Deploy',
    subjectForm: 'name',
    overrides: {},
  }
}

/**
 * The `sub` claim. An environment wins over the event, and pull_request over the ref; a colon inside a value is `%3A`
 * (docs.github.com, "OpenID Connect reference").
 */
export function subjectOf(identity: GithubIdentity): string {
  return `repo:${ownedName(identity)}:${contextOf(identity)}`
}

function ownedName(identity: GithubIdentity): string {
  if (identity.subjectForm === 'name') return identity.repository
  const [owner, name] = identity.repository.split('/')
  return `${owner}@${identity.ownerId}/${name}@${identity.repositoryId}`
}

function contextOf({ environment, event, ref }: GithubIdentity): string {
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`
  if (event === 'pull_request') return 'pull_request'
  return `ref:${ref.replaceAll(':', '%3A')}`
}
