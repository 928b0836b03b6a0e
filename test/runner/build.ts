// Runs one buildspec in the runner and gathers what CodeBuild would have been told.
import type { BuildJob, PhaseContext } from '../../src/sandbox/runner/job.ts'
import { createRunBuild } from '../../src/sandbox/runner/run.ts'

export interface Told {
  readonly status: string
  readonly exported: Readonly<Record<string, string>>
  /** `PHASE STATUS`, in their order. */
  readonly phases: readonly string[]
  readonly contexts: readonly PhaseContext[]
  /** Output of the commands, without the runner's own lines. */
  readonly output: readonly string[]
  readonly lines: readonly string[]
}

export interface Settings {
  readonly job?: Partial<BuildJob>
  readonly variables?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly entry?: readonly string[]
  readonly onLine?: (line: string) => void
}

export async function runBuildspec(buildspec: string, settings: Settings = {}): Promise<Told> {
  const phases: string[] = []
  const contexts: PhaseContext[] = []
  const lines: string[] = []
  const listener = {
    phaseStarted: () => undefined,
    phaseEnded: (phase: string, status: string, more: readonly PhaseContext[]) => {
      phases.push(`${phase} ${status}`)
      contexts.push(...more)
    },
    line: (text: string) => {
      lines.push(text)
      settings.onLine?.(text)
    },
  }
  const run = createRunBuild(settings.entry ?? ['false'])
  const end = await run(
    createJob(buildspec, settings),
    listener,
    settings.signal ?? new AbortController().signal,
  )
  return {
    status: end.status,
    exported: Object.fromEntries(end.exported.map(({ name, value }) => [name, value])),
    phases,
    contexts,
    lines,
    output: lines.filter((line) => !line.startsWith('[Container]') && !line.startsWith('The sandbox runs')),
  }
}

function createJob(buildspec: string, { job, variables }: Settings): BuildJob {
  return {
    id: 'dcf-lambda-build:11111111-2222-3333-4444-555555555555',
    arn: 'arn:aws:codebuild:us-east-1:123456789012:build/dcf-lambda-build:11111111-2222-3333-4444-555555555555',
    number: 7,
    project: 'dcf-lambda-build',
    buildspec,
    variables: Object.entries(variables ?? {}).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
    credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    account: '123456789012',
    image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
    environmentType: 'LINUX_CONTAINER',
    privileged: true,
    initiator: 'dcf-gke-role/session',
    logPath: '11111111-2222-3333-4444-555555555555',
    timeout: 60_000,
    real: false,
    ...job,
  }
}
