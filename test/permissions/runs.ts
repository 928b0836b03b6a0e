// Runs the actions from their sources against a sandbox, as a step on a runner would.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'

const node = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
const standin = fileURLToPath(new URL('../../src/sandbox/standins/entry.ts', import.meta.url))

/** The source of a function that deploys. */
export const functionFiles: Readonly<Record<string, string>> = {
  'pubspec.yaml': "name: hello\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n",
  'bin/server.dart': "import 'dart:io';\nvoid main() { print(Platform.environment['PORT']); }\n",
  Dockerfile: [
    'FROM dart:3.11 AS build',
    'WORKDIR /app',
    'COPY pubspec.* ./',
    'RUN dart pub get',
    'COPY . .',
    'RUN dart compile exe bin/server.dart -o bin/server',
    'FROM scratch',
    'COPY --from=build /runtime/ /',
    'COPY --from=build /app/bin/server /app/bin/server',
    'CMD ["/app/bin/server"]',
    '',
  ].join('\n'),
}

export function openSandbox(optionalPolicies: readonly OptionalPolicy[] = []): Promise<Sandbox> {
  return startSandbox({ standinEntry: [node, standin], optionalPolicies })
}

export interface Ended {
  readonly exitCode: number | null
  readonly outputs: Readonly<Record<string, string>>
  /** Standard output and error together. */
  readonly log: string
}

/** One run of an action in a workspace of its own; `files` are its repository. */
export async function runAction(
  sandbox: Sandbox,
  action: 'deploy' | 'undeploy',
  inputs: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = functionFiles,
): Promise<Ended> {
  const root = mkdtempSync(join(tmpdir(), 'dcf-permissions-'))
  const workspace = join(root, 'workspace')
  try {
    writeFiles(workspace, files)
    const places = {
      GITHUB_OUTPUT: 'output',
      GITHUB_STATE: 'state',
      GITHUB_STEP_SUMMARY: 'summary',
      GITHUB_EVENT_PATH: 'event',
    }
    for (const name of Object.values(places)) writeFileSync(join(root, name), name === 'event' ? '{}' : '')
    const env = {
      PATH: process.env['PATH'],
      HOME: root,
      ...runnerEnvironment(sandbox),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: root,
      ...Object.fromEntries(Object.entries(places).map(([name, file]) => [name, join(root, file)])),
      ...inputEnvironment({ ...customerInputs(sandbox, action), ...inputs }),
    }
    const script = fileURLToPath(new URL(`../../src/actions/${action}.ts`, import.meta.url))
    const child = spawn(node, [script], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    child.stdout.on('data', (data: Buffer) => (log += data.toString()))
    child.stderr.on('data', (data: Buffer) => (log += data.toString()))
    await once(child, 'close')
    return { exitCode: child.exitCode, outputs: readOutputs(readFileSync(join(root, 'output'), 'utf8')), log }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function customerInputs({ names }: Sandbox, action: 'deploy' | 'undeploy'): Readonly<Record<string, string>> {
  const identity = { 'role-to-assume': names.roleArn, 'aws-region': names.region }
  if (action === 'undeploy')
    return { ...identity, 'bucket-name': names.bucket, 'artifact-key': 'builds/app.zip' }
  return {
    ...identity,
    'bucket-name': names.bucket,
    'codebuild-project': names.project,
    'ecr-repository-uri': names.ecrRepositoryUri,
    'lambda-execution-role-arn': names.executionRoleArn,
  }
}

function inputEnvironment(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** The runner's file: `NAME<<MARK`, lines, `MARK`. */
function readOutputs(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]))
}
