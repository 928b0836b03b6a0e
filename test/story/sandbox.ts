// A sandbox and a host for stories: the real core, the real edge, real HTTP, in one process.
import { fileURLToPath } from 'node:url'
import { type RunContext, readContext } from '../../src/core/context.ts'
import { deploy } from '../../src/core/deploy.ts'
import type { PartialFacts } from '../../src/core/facts.ts'
import type { Unfinished } from '../../src/core/host.ts'
import { parseDeployInputs } from '../../src/core/inputs.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { Progress } from '../../src/core/progress.ts'
import { undeploy } from '../../src/core/undeploy.ts'
import { parseUndeployInputs } from '../../src/core/undeployinputs.ts'
import { describeProgress, explainProblem, explainRefusal } from '../../src/core/words.ts'
import { isolateSdk } from '../../src/edge/aws/clients.ts'
import { Concealer } from '../../src/edge/conceal.ts'
import { githubTokens } from '../../src/edge/github/token.ts'
import { createHost } from '../../src/edge/host.ts'
import { readBuildspec } from '../../src/edge/kit.ts'
import { network } from '../../src/edge/network.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const entry = fileURLToPath(new URL('../../src/sandbox/standins/entry.ts', import.meta.url))

export interface Run {
  readonly outcome: Outcome
  readonly facts: PartialFacts
  readonly told: readonly Progress[]
  /** Everything that a person would have read, in one text. */
  readonly text: string
  /** What was kept for the post step, in order; undefined clears it. */
  readonly kept: readonly (Unfinished | undefined)[]
}

export interface Stage extends AsyncDisposable {
  readonly sandbox: Sandbox
  deploy(texts?: Readonly<Record<string, string>>, options?: RunOptions): Promise<Run>
  undeploy(texts?: Readonly<Record<string, string>>, options?: RunOptions): Promise<Run>
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly payload?: unknown
  readonly signal?: AbortSignal
  /** The run's clock goes so many times as fast as the account's: patience of minutes is used up in seconds. */
  readonly haste?: number
}

export async function openStage(options: Partial<SandboxOptions> = {}): Promise<Stage> {
  const sandbox = await startSandbox({ standinEntry: [process.execPath, entry], ...options })
  isolateSdk(process.env)
  const account = {
    'role-to-assume': sandbox.names.roleArn,
    'aws-region': sandbox.names.region,
    'endpoint-url': sandbox.endpoint,
  }
  const resources = {
    'bucket-name': sandbox.names.bucket,
    'codebuild-project': sandbox.names.project,
    'ecr-repository-uri': sandbox.names.ecrRepositoryUri,
    'lambda-execution-role-arn': sandbox.names.executionRoleArn,
    'working-directory': 'examples/hello-dart',
  }
  return {
    sandbox,
    deploy: (texts = {}, run = {}) =>
      perform(sandbox, run, (context, host, finish) => {
        const inputs = parseDeployInputs({ ...account, ...resources, ...texts }, {})
        if (!inputs.ok) return finish({ kind: 'rejected', problems: inputs.problems })
        return deploy({ inputs: inputs.value, context, buildspec: readBuildspec() }, host)
      }),
    undeploy: (texts = {}, run = {}) =>
      perform(sandbox, run, (context, host, finish) => {
        const inputs = parseUndeployInputs({ ...account, 'function-name': 'hello_dart', ...texts }, {})
        if (!inputs.ok) return finish({ kind: 'rejected', problems: inputs.problems })
        return undeploy({ inputs: inputs.value, context }, host)
      }),
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}

type Host = ReturnType<typeof createHost>
type Story = (
  context: RunContext,
  host: Host,
  finish: (outcome: Outcome) => Promise<Outcome>,
) => Promise<Outcome>

async function perform(sandbox: Sandbox, options: RunOptions, story: Story): Promise<Run> {
  const environment = runnerEnvironment(sandbox, { ...options.environment })
  const context = readContext({ environment, payload: options.payload, random: '123' })
  const told: Progress[] = []
  const kept: (Unfinished | undefined)[] = []
  let facts: PartialFacts = {}
  const concealer = new Concealer()
  const host: Host = createHost({
    signal: options.signal ?? new AbortController().signal,
    workspace: root,
    network: async () => network,
    endpoints: Object.fromEntries(
      ['STS', 'S3', 'CODEBUILD', 'CLOUDWATCH_LOGS', 'LAMBDA'].map((service) => [service, sandbox.endpoint]),
    ),
    token: (audience) =>
      githubTokens({
        environment,
        audience,
        fromFork: false,
        concealer,
        sleep: (milliseconds) => host.sleep(milliseconds),
        now: () => host.now(),
      }),
    tell: (progress) => told.push(progress),
    conceal: (secret) => concealer.add(secret),
    publish: (more) => {
      facts = { ...facts, ...more }
    },
    remember: (unfinished) => kept.push(unfinished),
  })
  const outcome: Outcome = context.ok
    ? await settle(story, context.value, hasten(host, options.haste ?? 1))
    : { kind: 'rejected', problems: context.problems }
  const end =
    'refusal' in outcome
      ? explainRefusal(outcome.refusal)
      : outcome.kind === 'rejected'
        ? outcome.problems.flatMap(explainProblem)
        : []
  await host.dispose()
  return { outcome, facts, told, kept, text: [...told.flatMap(describeProgress), ...end].join('\n') }
}

function hasten(host: Host, haste: number): Host {
  const start = host.now()
  return {
    ...host,
    now: () => start + (host.now() - start) * haste,
    sleep: (milliseconds, signal) => host.sleep(milliseconds / haste, signal),
  }
}

/** As the doors do: a refusal that leaves a story is an outcome. */
async function settle(story: Story, context: RunContext, host: Host): Promise<Outcome> {
  return story(context, host, async (outcome) => outcome)
}

/** The code that a run ended with; undefined for a success. */
export function codeOf({ outcome }: Run): string | undefined {
  if (outcome.kind === 'rejected')
    return outcome.problems.find((problem) => problem.severity === 'error')?.code
  return 'refusal' in outcome ? outcome.refusal.code : undefined
}
