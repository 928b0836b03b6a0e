// Runs a workflow of the consumer through the real act, with nothing of this machine's environment, and reads what
// became of it from act's JSON lines.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { makeNodeFolder, type Workspace } from './workspace.ts'

export interface ActRequest {
  readonly workspace: Workspace
  readonly act: string
  readonly event: 'push' | 'pull_request' | 'workflow_dispatch'
  /** File in test/act/events, without `.json`. */
  readonly payload: string
  /** File in the consumer's `.github/workflows`. */
  readonly workflow: string
  readonly place: Place
  /** Environment of every step, as `--env-file` takes it. */
  readonly envFile: string
  readonly vars: Readonly<Record<string, string>>
  /** Where `dcf/aws-lambda-deploy` comes from; by default `v1` is the staged working copy. */
  readonly source?: readonly string[]
  /** When this resolves, act is interrupted as by Ctrl+C. */
  readonly interruptWhen?: Promise<void>
  /** Variables of the machine that act is started on, such as a person's AWS profile. */
  readonly machine?: Readonly<Record<string, string>>
}

/** Where jobs run: on this machine with that `node`, or in that image. */
export type Place =
  | { readonly kind: 'host'; readonly node: string }
  | { readonly kind: 'docker'; readonly image: string; readonly docker: string }

export interface ActRun {
  readonly status: number | null
  /** Result by job id: `success` or `failure`; a job that `if` skipped is not there. */
  readonly jobs: Readonly<Record<string, string>>
  /** Value by step id and output, for example `deploy.function-url`. */
  readonly outputs: Readonly<Record<string, string>>
  /** What act printed for people. */
  readonly log: string
}

export async function runAct(request: ActRequest): Promise<ActRun> {
  const child = spawn(request.act, listArguments(request), {
    cwd: request.workspace.consumer,
    env: listEnvironment(request),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  void request.interruptWhen?.then(() => child.kill('SIGINT'))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { status, ...readLines(Buffer.concat(chunks).toString('utf8')) }
}

/** The arguments that a person would type, and those that keep this machine out of it. */
export function listArguments(request: ActRequest): string[] {
  const { workspace, place } = request
  const platform = place.kind === 'host' ? '-self-hosted' : place.image
  const vars = Object.entries(request.vars).flatMap(([name, value]) => ['--var', `${name}=${value}`])
  const docker = ['--pull=false', '--container-daemon-socket', '-', '--network', 'host']
  return [
    request.event,
    ...['-W', `.github/workflows/${request.workflow}`],
    ...['-e', new URL(`events/${request.payload}.json`, import.meta.url).pathname],
    ...['-P', `ubuntu-latest=${platform}`],
    ...(place.kind === 'docker' ? docker : []),
    ...['--no-cache-server', '--rm', '--json', '--concurrent-jobs', '1'],
    ...['--env-file', request.envFile, '--env', 'GITHUB_RUN_ID=9001'],
    ...['--secret-file', '/dev/null', '--var-file', '/dev/null', '--input-file', '/dev/null'],
    ...['-s', 'GITHUB_TOKEN=ghs_local_not_a_token_0001'],
    ...vars,
    ...(request.source ?? ['--local-repository', `dcf/aws-lambda-deploy@v1=${workspace.action}`]),
  ]
}

function listEnvironment({ workspace, place, machine }: ActRequest): Record<string, string> {
  const node = place.kind === 'host' ? `${makeNodeFolder(workspace, place.node)}:` : ''
  return {
    ...machine,
    PATH: `${node}/usr/local/bin:/usr/bin:/bin`,
    HOME: join(workspace.root, 'home'),
    XDG_CONFIG_HOME: join(workspace.root, 'config'),
    XDG_CACHE_HOME: join(workspace.root, 'cache'),
    TMPDIR: join(workspace.root, 'tmp'),
    NO_PROXY: '127.0.0.1',
    ACT_DISABLE_VERSION_CHECK: '1',
    ...(place.kind === 'docker' ? { DOCKER_HOST: place.docker } : {}),
  }
}

function readLines(log: string): Omit<ActRun, 'status'> {
  const jobs: Record<string, string> = {}
  const outputs: Record<string, string> = {}
  for (const line of log.split('\n')) {
    const entry = parseLine(line)
    if (entry?.jobID !== undefined && entry.jobResult !== undefined) jobs[entry.jobID] = entry.jobResult
    if (entry?.command === 'set-output') outputs[`${entry.stepID?.at(-1)}.${entry.name}`] = entry.arg ?? ''
  }
  return {
    jobs,
    outputs,
    log: log
      .split('\n')
      .map((line) => parseLine(line)?.msg ?? line)
      .join('\n'),
  }
}

interface Line {
  readonly jobID?: string
  readonly jobResult?: string
  readonly command?: string
  readonly stepID?: readonly string[]
  readonly name?: string
  readonly arg?: string
  readonly msg?: string
}

/** act's own format is trusted to be what it is; a line that is not JSON is a line for people. */
function parseLine(line: string): Line | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
