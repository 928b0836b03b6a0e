// Runs a committed bundle as the runner would, on a chosen Node, and hands back everything that came out of it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readOutputs } from '../../src/cli/bundlestep.ts'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Transcript {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: ReadonlyMap<string, string>
  readonly state: ReadonlyMap<string, string>
  readonly summary: string
}

export interface StepOptions {
  readonly node: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly script?: string
  readonly workspace?: string
  /** Called with the process id once it runs. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
}

export async function runStep(
  sandbox: Sandbox,
  bundle: 'deploy' | 'undeploy',
  options: StepOptions,
): Promise<Transcript> {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-transcript-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const inputs = Object.entries({ ...accountInputs(sandbox, bundle), ...options.inputs }).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  )
  const workspace = options.workspace ?? join(root, 'examples/hello-dart')
  const env = {
    ...runnerEnvironment(sandbox),
    PATH: '/usr/bin:/bin',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: folder,
    ...files,
    ...Object.fromEntries(inputs),
    ...options.environment,
  }
  const child = spawn(options.node, [resolve(root, 'dist', bundle, options.script ?? 'index.js')], {
    env,
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  options.started?.((signal) => child.kill(signal))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  await once(child, 'close')
  const read = (file: string) => readFileSync(file, 'utf8')
  const transcript = {
    exitCode: child.exitCode,
    stdout,
    stderr,
    outputs: readOutputs(read(files.GITHUB_OUTPUT)),
    state: readOutputs(read(files.GITHUB_STATE)),
    summary: read(files.GITHUB_STEP_SUMMARY),
  }
  rmSync(folder, { recursive: true, force: true })
  return transcript
}

function accountInputs({ names }: Sandbox, bundle: 'deploy' | 'undeploy'): Readonly<Record<string, string>> {
  const common = { 'role-to-assume': names.roleArn, 'aws-region': names.region }
  if (bundle === 'undeploy') return { ...common, 'function-name': 'hello_dart' }
  return {
    ...common,
    'bucket-name': names.bucket,
    'codebuild-project': names.project,
    'ecr-repository-uri': names.ecrRepositoryUri,
    'lambda-execution-role-arn': names.executionRoleArn,
  }
}

/** The Node that runs the tests, and the oldest that a bundle must run on where one can be found. */
export function findNodes(): readonly (readonly [string, string])[] {
  const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache/dcf-aws-lambda-deploy')
  const candidates = ['/usr/bin/node', '/usr/local/bin/node', join(cache, 'tools/node20-20.20.2/node')]
  const oldest = candidates.find((node) => existsSync(node) && versionOf(node).startsWith('v20.'))
  if (oldest === undefined && process.env['CI_STRICT'] === '1')
    throw new Error('There is no Node 20 to run the bundles on: sh .ci/install-tools.sh node20')
  if (oldest === undefined)
    process.stderr.write(
      'SKIPPED: the bundles on Node 20, of which there is none here (sh .ci/install-tools.sh node20 brings one)\n',
    )
  const own = [versionOf(process.execPath), process.execPath] as const
  return oldest === undefined ? [own] : [own, [versionOf(oldest), oldest]]
}

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
}
