// One cell of the table: the built bundle as a process of its own, against the sandbox, through the fault proxy.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readOutputs } from '../../src/cli/bundlestep.ts'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type FaultProxy, type Spoiled, startProxy } from './proxy.ts'
import { type BuildRecord, type BuildScript, placeFunction, scriptBuilds } from './scriptedbuild.ts'

export interface CellPlan {
  readonly scenario: 'deploy' | 'cancel' | 'undeploy'
  readonly spoiled: readonly Spoiled[]
  /** Milliseconds that the build works before its fence. */
  readonly work?: number
  /** Other times of the build. */
  readonly script?: Partial<BuildScript>
  /** Optional permissions of the role; the scenario's own where absent. */
  readonly policies?: readonly OptionalPolicy[]
  /** Inputs besides the account's. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Sent once this output is there (`build-id`), or when the proxy has seen this operation. */
  readonly interrupt?: { readonly when: 'build-id' | { readonly seen: string }; readonly by: NodeJS.Signals }
  /** Milliseconds by which the account's clock is ahead. */
  readonly shift?: number
}

export interface CellRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: ReadonlyMap<string, string>
  readonly summary: string
  /** The runner's files as they are at the end: outputs, state, summary. */
  readonly files: string
  /** Last value of the state `unfinished`. */
  readonly unfinished: string
  /** Milliseconds from the start, and from the signal, to the end of the process. */
  readonly took: number
  readonly tookFromSignal: number | undefined
  readonly exitedAt: number
  readonly builds: readonly BuildRecord[]
  readonly seen: readonly string[]
  readonly secrets: readonly string[]
  readonly script: BuildScript
}

/** What a build says: lines that are counted, and lines that would like to speak to the runner. */
export const buildLines = [
  'line 1 of the build',
  '::set-output name=function-url::https://evil.example/',
  'line 2 of the build',
  'ok ##[add-mask]e',
  'line 3 of the build',
  'ok\r::stop-commands::x',
  'line 4 of the build',
  '\u3000::set-env name=PATH::/evil',
  'line 5 of the build',
]

/** The bundles under test; another folder of bundles can be named by DCF_DIST. */
export const bundles = process.env['DCF_DIST'] ?? new URL('../../dist', import.meta.url).pathname

const canaries = {
  GITHUB_TOKEN: 'ghs_canaryCanaryCanaryCanaryCanaryCanary',
  file: 'canary-of-a-file-that-is-never-packed',
}

export interface Bed {
  readonly sandbox: Sandbox
  readonly proxy: FaultProxy
  readonly folder: string
  readonly builds: BuildRecord[]
  readonly script: BuildScript
  close(): Promise<void>
}

export async function openBed(plan: CellPlan): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-cell-'))
  const source = join(folder, 'source')
  cpSync(new URL('../../examples/hello-dart', import.meta.url).pathname, source, { recursive: true })
  writeFileSync(join(source, '.env'), `SECRET=${canaries.file}\n`)
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(folder, name), '')
  const builds: BuildRecord[] = []
  const script = { lines: buildLines, download: 200, work: plan.work ?? 1500, finish: 200, ...plan.script }
  let sandbox: Sandbox | undefined
  const started = () => {
    if (sandbox === undefined) throw new Error('the sandbox has not started')
    return sandbox
  }
  const proxy = await startProxy(() => Number(new URL(started().endpoint).port))
  sandbox = await startSandbox({
    hosts: [`127.0.0.1:${proxy.port}`],
    optionalPolicies: plan.policies ?? [
      'deploy-role-read-build-log',
      ...(plan.scenario === 'cancel' ? (['deploy-role-stop-build'] as const) : []),
    ],
    runBuild: scriptBuilds(started, script, builds),
  })
  sandbox.world.clock.shift(plan.shift ?? 0)
  for (const spoiled of plan.spoiled) proxy.arm(spoiled)
  if (plan.scenario === 'undeploy')
    placeFunction(
      sandbox.world,
      'hello_dart',
      `dcf/aws-lambda-deploy repo=${sandbox.github.repositoryId} pr=- src=- cfg=- img=-`,
    )
  return {
    sandbox,
    proxy,
    folder,
    builds,
    script,
    close: async () => {
      await proxy.close()
      await started().close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Environment of the step; `extra` wins. */
export function stepEnvironment(
  bed: Bed,
  plan: CellPlan,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { sandbox, proxy, folder } = bed
  const { names } = sandbox
  const endpoint = `http://127.0.0.1:${proxy.port}`
  const inputs: Record<string, string> = {
    'role-to-assume': names.roleArn,
    'aws-region': names.region,
    ...(plan.scenario === 'undeploy'
      ? { 'function-name': 'hello_dart' }
      : {
          'bucket-name': names.bucket,
          'codebuild-project': names.project,
          'ecr-repository-uri': names.ecrRepositoryUri,
          'lambda-execution-role-arn': names.executionRoleArn,
        }),
    ...plan.inputs,
  }
  return {
    ...runnerEnvironment(sandbox, {
      AWS_ENDPOINT_URL: endpoint,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint}/_github/token?api-version=2.0`,
      GITHUB_TOKEN: canaries.GITHUB_TOKEN,
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_WORKSPACE: join(folder, 'source'),
      RUNNER_TEMP: folder,
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
    }),
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    ...extra,
  }
}

/** Runs the plan to its end, its builds included. `entry` is a script in place of the bundle. */
export async function runCell(plan: CellPlan, entry?: string): Promise<CellRun> {
  const bed = await openBed(plan)
  try {
    return await runIn(bed, plan, entry)
  } finally {
    await bed.close()
  }
}

export async function runIn(bed: Bed, plan: CellPlan, entry?: string): Promise<CellRun> {
  const script = entry ?? join(bundles, plan.scenario === 'undeploy' ? 'undeploy' : 'deploy', 'index.js')
  const begun = Date.now()
  const child = spawn(process.execPath, [script], {
    env: stepEnvironment(bed, plan),
    cwd: join(bed.folder, 'source'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text
  })
  const closed = once(child, 'close')
  const over = new AbortController()
  const signalled = interruptOnTime(bed, plan, (by) => child.kill(by), over.signal)
  const guard = setTimeout(() => child.kill('SIGKILL'), 120_000)
  const [exitCode]: unknown[] = await closed
  const exitedAt = Date.now()
  clearTimeout(guard)
  over.abort()
  const signalledAt = await signalled
  await ended(bed)
  const read = (name: string) => readFileSync(join(bed.folder, name), 'utf8')
  return {
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    ...texts,
    outputs: readOutputs(read('output')),
    summary: read('summary'),
    files: ['output', 'state', 'summary'].map(read).join('\n'),
    unfinished: readOutputs(read('state')).get('unfinished') ?? '',
    took: exitedAt - begun,
    tookFromSignal: signalledAt === undefined ? undefined : exitedAt - signalledAt,
    exitedAt,
    builds: bed.builds,
    seen: bed.proxy.seen,
    secrets: secretsOf(bed),
    script: bed.script,
  }
}

async function interruptOnTime(
  bed: Bed,
  { interrupt }: CellPlan,
  kill: (by: NodeJS.Signals) => void,
  over: AbortSignal,
): Promise<number | undefined> {
  if (interrupt === undefined) return undefined
  const { when, by } = interrupt
  const isTime = () =>
    when === 'build-id'
      ? readFileSync(join(bed.folder, 'output'), 'utf8').includes('build-id<<')
      : bed.proxy.seen.includes(when.seen)
  while (!over.aborted) {
    if (isTime()) {
      await sleep(100)
      kill(by)
      return Date.now()
    }
    await sleep(20)
  }
  return undefined
}

/** Waits until no build runs any more: each ends by itself or at its fence. */
async function ended({ builds, sandbox }: Bed): Promise<void> {
  await Promise.all([...sandbox.world.builds.values()].map((build) => build.ended))
  if (builds.some((build) => build.ended === undefined)) throw new Error('a build has not ended')
}

/** Everything that must be seen nowhere: planted, and as the run itself was given it. */
function secretsOf({ proxy, sandbox }: Bed): readonly string[] {
  const given = proxy.answers.flatMap(([operation, body]) => {
    if (operation === 'GetIdToken') return [/"value":"([^"]+)"/.exec(body)?.[1]]
    if (operation === 'AssumeRoleWithWebIdentity')
      return ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(
        (name) => new RegExp(`<${name}>([^<]+)<`).exec(body)?.[1],
      )
    return []
  })
  return [...Object.values(canaries), sandbox.requestToken, ...given].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  )
}
