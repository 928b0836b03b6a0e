// The environment that a step of a workflow sees: what the sandbox adds, and a whole runner's for tests and the demo.
import type { GithubIdentity } from './identity/claims.ts'
import { TOKEN_PATH } from './identity/github.ts'

interface StepFacts {
  readonly endpoint: string
  readonly requestToken: string
  readonly github: GithubIdentity
}

type Environment = Record<string, string>

/** What act does not set: the token endpoint, the endpoint of AWS, and the ids of the repository. */
export function stepEnvironment({ endpoint, requestToken, github }: StepFacts): Environment {
  return {
    // GitHub's own URL holds a query already, so that clients append `&audience=`.
    ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint}${TOKEN_PATH}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    AWS_ENDPOINT_URL: endpoint,
    GITHUB_REPOSITORY_ID: github.repositoryId,
    GITHUB_REPOSITORY_OWNER_ID: github.ownerId,
  }
}

/** A step's whole environment on a hosted runner, as the sandbox's repository and event make it; overrides win. */
export function runnerEnvironment(
  sandbox: { readonly env: Readonly<Environment>; readonly github: GithubIdentity },
  overrides: Readonly<Environment> = {},
): Environment {
  const { github } = sandbox
  const [owner = ''] = github.repository.split('/')
  return {
    ...sandbox.env,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: github.actor,
    GITHUB_ACTOR_ID: github.actorId,
    GITHUB_BASE_REF: github.baseRef,
    GITHUB_HEAD_REF: github.headRef,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: github.event,
    GITHUB_JOB: 'deploy',
    GITHUB_REF: github.ref,
    GITHUB_REF_NAME: github.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: github.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: github.repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_ID: github.repositoryId,
    GITHUB_REPOSITORY_OWNER_ID: github.ownerId,
    GITHUB_RUN_ATTEMPT: github.runAttempt,
    GITHUB_RUN_ID: github.runId,
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: github.sha,
    GITHUB_WORKFLOW: github.workflow,
    GITHUB_WORKFLOW_REF: `${github.repository}/.github/workflows/deploy.yml@${github.ref}`,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_OS: 'Linux',
    ...overrides,
  }
}
