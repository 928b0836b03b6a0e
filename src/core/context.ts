// Which run this is: repository, commit, event, run id. Also decides whether the event may touch a function at all.
import { accept, type Checked, reject } from './checked.ts'
import type { Problem } from './problem.ts'

export interface RunContext {
  /** True inside GitHub Actions (and act). */
  readonly inGitHub: boolean
  /** `owner/name`. */
  readonly repository: string | undefined
  /** Digits, or `-` outside GitHub. */
  readonly repositoryId: string
  /** Digits on `pull_request`, else `-`. */
  readonly pullRequest: string
  readonly event: string
  readonly runId: string
  readonly attempt: string
  readonly commit: string | undefined
  readonly ref: string | undefined
  /** Link to the run. */
  readonly runUrl: string | undefined
  /** True if the code comes from a fork, which GitHub gives no OIDC token. */
  readonly fromFork: boolean
}

export interface ContextSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The event's payload (GITHUB_EVENT_PATH), parsed from JSON; undefined where there is none. */
  readonly payload: unknown
  /** Random digits that stand in for the run id outside GitHub. */
  readonly random: string
}

/** Reads the context; refuses events that would run a stranger's code with this repository's rights. */
export function readContext(source: ContextSource): Checked<RunContext> {
  const env = source.environment
  if (env['GITHUB_ACTIONS'] !== 'true') return accept(outside(source))
  const problems: Problem[] = []
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const refusal = refuseEvent(event, source.payload)
  if (refusal) problems.push(refusal)
  const repositoryId = env['GITHUB_REPOSITORY_ID'] ?? ''
  if (!/^\d{1,20}$/.test(repositoryId)) problems.push(noRepositoryId())
  const pullRequest = event === 'pull_request' ? pullRequestNumber(source.payload) : '-'
  if (pullRequest === undefined) problems.push(noPullRequest())
  if (problems.length > 0 || pullRequest === undefined) return reject(problems)
  const repository = env['GITHUB_REPOSITORY']
  const runId = digits(env['GITHUB_RUN_ID']) ?? source.random
  return accept({
    inGitHub: true,
    repository,
    repositoryId,
    pullRequest,
    event,
    runId,
    attempt: digits(env['GITHUB_RUN_ATTEMPT']) ?? '1',
    commit: commitOf(env['GITHUB_SHA']),
    ref: env['GITHUB_REF'],
    runUrl:
      repository && `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${repository}/actions/runs/${runId}`,
    fromFork: isFork(source.payload, 'pull_request'),
  })
}

function outside(source: ContextSource): RunContext {
  return {
    inGitHub: false,
    repository: undefined,
    repositoryId: '-',
    pullRequest: '-',
    event: 'local',
    runId: source.random,
    attempt: '1',
    commit: commitOf(source.environment['GITHUB_SHA']),
    ref: undefined,
    runUrl: undefined,
    fromFork: false,
  }
}

function refuseEvent(event: string, payload: unknown): Problem | undefined {
  const help =
    'Deploy on `push` or `workflow_dispatch`; for previews use `pull_request`, which never has more rights than its author.'
  if (event === 'pull_request_target') {
    const message =
      "The event is `pull_request_target`: it runs with this repository's rights for anybody's pull request."
    return { code: 'DCF-EVENT-REFUSED', severity: 'error', message, help }
  }
  if (event === 'workflow_run' && isFork(payload, 'workflow_run')) {
    const message = 'The event is `workflow_run`, and the run before it came from a fork.'
    return { code: 'DCF-EVENT-REFUSED', severity: 'error', message, help }
  }
  return undefined
}

/** A run whose head repository is not this one, or is not known, counts as a fork's. */
function isFork(payload: unknown, kind: 'pull_request' | 'workflow_run'): boolean {
  if (kind === 'workflow_run') {
    const head = at(payload, 'workflow_run', 'head_repository', 'id')
    return head === undefined || head !== at(payload, 'repository', 'id')
  }
  const head = at(payload, 'pull_request', 'head', 'repo', 'id')
  return head !== undefined && head !== at(payload, 'pull_request', 'base', 'repo', 'id')
}

function pullRequestNumber(payload: unknown): string | undefined {
  const number = at(payload, 'pull_request', 'number') ?? at(payload, 'number')
  return digits(typeof number === 'number' ? String(number) : undefined)
}

/** Follows a path of own properties; undefined wherever it breaks off. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = Reflect.get(current, key)
  }
  return current
}

function digits(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? text : undefined
}

function commitOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{40,64}$/.test(text) ? text : undefined
}

function noRepositoryId(): Problem {
  return {
    code: 'DCF-REPOSITORY-ID-MISSING',
    severity: 'error',
    message:
      "GITHUB_REPOSITORY_ID is not set, so a function could not be told apart from another repository's.",
    help: 'GitHub sets it in every job. With act run `dcf-lambda sandbox -- act ...`, or add `--env GITHUB_REPOSITORY_ID=1`.',
  }
}

function noPullRequest(): Problem {
  return {
    code: 'DCF-EVENT-PULL-REQUEST',
    severity: 'error',
    message: 'The event is `pull_request`, but the number of the pull request is not in its payload.',
    help: 'Start it from a pull request; with act give an event file (`-e`) that has a top-level `number`.',
  }
}
