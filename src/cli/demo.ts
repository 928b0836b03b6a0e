// `demo`: sandbox, deployment through the real bundle, one request to the Function URL, undeploy.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { HttpClient } from '@actions/http-client'
import { kitPath } from '../edge/kit.ts'
import { EVERY_OPTIONAL_POLICY } from '../sandbox/options.ts'
import { runnerEnvironment } from '../sandbox/runnerenv.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { runBundle, type StepResult } from './bundlestep.ts'
import { type Command, type Invocation, isSet } from './command.ts'
import { rejectAll } from './localrun.ts'
import { missingRealParts } from './realparts.ts'
import { standinEntry } from './standin.ts'

export const demo: Command = {
  name: 'demo',
  summary: 'Deploy a Dart repository to the sandbox, call its Function URL, and undeploy it.',
  positionals: ['[DIR]'],
  options: [
    { name: 'real', help: 'build with the real AWS CLI and Docker, and run the function as a container' },
  ],
  run: async (invocation) => {
    const directory = resolve(invocation.positionals[0] ?? kitPath('examples/hello-dart'))
    if (!existsSync(directory)) {
      const problem = {
        code: 'DCF-INPUT-INVALID',
        severity: 'error',
        message: `There is no folder \`${directory}\`.`,
        help: 'Name a folder that holds pubspec.yaml and Dockerfile.',
      } as const
      return rejectAll(invocation, [problem])
    }
    const real = isSet(invocation, 'real')
    const missing = real ? await missingRealParts() : undefined
    if (missing !== undefined) return rejectAll(invocation, [missing])
    const sandbox = await startSandbox({
      optionalPolicies: EVERY_OPTIONAL_POLICY,
      standinEntry: standinEntry(),
      real,
    })
    try {
      return await perform({ invocation, sandbox, directory, real })
    } finally {
      await sandbox.close()
    }
  },
}

interface Demo {
  readonly invocation: Invocation
  readonly sandbox: Sandbox
  readonly directory: string
  readonly real: boolean
}

async function perform(demo: Demo): Promise<number> {
  const { terminal } = demo.invocation
  const startedAt = Date.now()
  terminal.print([
    `Sandbox at ${demo.sandbox.endpoint}: a stand-in for AWS and GitHub on this machine.`,
    demo.real
      ? 'Builds use the real AWS CLI and Docker; the function runs as a container.'
      : '`aws`, `docker` and Lambda are stand-ins too: no image is built and no Dart runs. `--real` uses the real ones.',
    '',
    `1. Deploy ${demo.directory}`,
  ])
  const deployed = await step(demo, 'deploy')
  const url = deployed.outputs.get('function-url')
  const answer = url === undefined ? undefined : await call(url, terminal.print)
  const removed = await undeployIfThere(demo, deployed)
  const left = [...demo.sandbox.world.functions.keys()]
  const ok = deployed.exitCode === 0 && answer !== undefined && removed?.exitCode === 0 && left.length === 0
  const seconds = (Date.now() - startedAt) / 1000
  terminal.print([
    '',
    ok
      ? `Done in ${seconds.toFixed(1)} s: deployed, answered with HTTP ${answer.status}, and undeployed.`
      : 'The demo did not come to its end; the reason stands above.',
  ])
  terminal.document({
    ok,
    functionUrl: url,
    answer,
    deploy: Object.fromEntries(deployed.outputs),
    undeploy: Object.fromEntries(removed?.outputs ?? []),
    seconds,
  })
  return ok ? 0 : exitCodeOf(deployed)
}

function exitCodeOf(deployed: StepResult): number {
  const code = deployed.outputs.get('error-code') ?? ''
  const isOwnFault =
    deployed.outputs.get('status') === 'failed' &&
    deployed.outputs.get('build-id') === undefined &&
    !/^DCF-(?:TOKEN|ROLE|BUCKET|PROJECT|AWS)/.test(code)
  return isOwnFault ? 2 : 1
}

async function undeployIfThere(demo: Demo, deployed: StepResult): Promise<StepResult | undefined> {
  if (deployed.outputs.get('function-name') === undefined || demo.sandbox.world.functions.size === 0)
    return undefined
  demo.invocation.terminal.print(['', '3. Undeploy'])
  return step(demo, 'undeploy', { 'function-name': deployed.outputs.get('function-name') ?? '' })
}

async function step(
  { invocation, sandbox, directory }: Demo,
  bundle: 'deploy' | 'undeploy',
  more: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const { names } = sandbox
  const common = { 'role-to-assume': names.roleArn, 'aws-region': names.region }
  const resources = {
    'bucket-name': names.bucket,
    'codebuild-project': names.project,
    'ecr-repository-uri': names.ecrRepositoryUri,
    'lambda-execution-role-arn': names.executionRoleArn,
  }
  // The runner's PATH: the bundles start nothing, but a system without one is not a runner.
  const environment = runnerEnvironment(sandbox, {
    PATH: invocation.environment['PATH'] ?? dirname(process.execPath),
  })
  return runBundle({
    bundle,
    inputs: { ...common, ...(bundle === 'deploy' ? resources : {}), ...more },
    environment,
    workspace: directory,
    signal: invocation.signal,
    show: (line) => invocation.terminal.print(line.split('\n').map((part) => `   ${part}`)),
  })
}

interface Answer {
  readonly status: number
  readonly body: string
}

async function call(url: string, print: (lines: readonly string[]) => void): Promise<Answer | undefined> {
  print(['', `2. GET ${url}`])
  const client = new HttpClient('dcf-demo', [], { allowRetries: false, socketTimeout: 30_000 })
  try {
    const answer = await client.get(url)
    const body = await answer.readBody()
    const status = answer.message.statusCode ?? 0
    print([
      `   HTTP ${status}`,
      ...body
        .slice(0, 2000)
        .split('\n')
        .map((line) => `   ${line}`),
    ])
    return { status, body }
  } catch (error) {
    print([`   No answer: ${error instanceof Error ? error.message : String(error)}`])
    return undefined
  } finally {
    client.dispose()
  }
}
