// Runs a story from a terminal or another CI: the same core, shown as lines or as one JSON document.
import { randomInt } from 'node:crypto'
import type { Checked } from '../core/checked.ts'
import { type RunContext, readContext } from '../core/context.ts'
import type { Endpoints } from '../core/endpoints.ts'
import type { PartialFacts } from '../core/facts.ts'
import { commandExitCode, type Outcome } from '../core/outcome.ts'
import type { Outputs } from '../core/outputs.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'
import { describeEnd, explainProblem, explainRefusal } from '../core/words.ts'
import { Concealer } from '../edge/conceal.ts'
import { readPayload } from '../edge/github/runner.ts'
import { createHost, type OwnHost } from '../edge/host.ts'
import { type Invocation, optionOf } from './command.ts'
import type { Circumstances } from './identityrequest.ts'

export interface LocalRun {
  readonly endpoints: Endpoints
  story(context: RunContext, host: OwnHost): Promise<Outcome>
  outputs(facts: PartialFacts, outcome: Outcome, endedAt: string): Outputs
}

/** Prints how it ended and returns the exit code. */
export async function runLocally(invocation: Invocation, run: LocalRun): Promise<number> {
  const context = contextOf(invocation)
  return context.ok ? perform(invocation, run, context.value) : rejectAll(invocation, context.problems)
}

async function perform(invocation: Invocation, run: LocalRun, context: RunContext): Promise<number> {
  let facts: PartialFacts = {
    startedAt: new Date().toISOString(),
    ...(context.commit === undefined ? {} : { commit: context.commit }),
  }
  const host = localHost(invocation, context, run.endpoints, (more) => {
    facts = { ...facts, ...more }
  })
  try {
    const outcome = await settled(run.story(context, host))
    tell(invocation, outcome, facts)
    const problems = [
      ...(outcome.kind === 'rejected' ? outcome.problems : []),
      ...(outcome.kind === 'rejected' ? [] : (facts.remarks ?? [])),
    ]
    invocation.terminal.document({
      ...run.outputs(facts, outcome, new Date().toISOString()),
      ...describeRefusal(outcome),
      problems,
    })
    return commandExitCode(outcome)
  } finally {
    await host.dispose()
  }
}

/** Problems before anything was done. */
export function rejectAll({ terminal }: Invocation, problems: readonly Problem[]): number {
  terminal.complain(problems.flatMap(explainProblem))
  terminal.document({ status: 'failed', problems })
  return 2
}

export function contextOf({ environment }: Invocation): Checked<RunContext> {
  return readContext({
    environment,
    payload: readPayload(environment),
    random: String(randomInt(1e9, 1e10)),
  })
}

export function localHost(
  invocation: Invocation,
  context: RunContext,
  endpoints: Endpoints,
  publish: (facts: PartialFacts) => void,
): OwnHost {
  const { terminal, signal, borrow } = invocation
  const concealer = new Concealer()
  const circumstances: Circumstances = {
    environment: invocation.environment,
    inGitHub: context.inGitHub,
    tokenFile: optionOf(invocation, 'web-identity-token-file'),
    region: optionOf(invocation, 'aws-region') ?? invocation.environment['AWS_REGION'],
    print: terminal.print,
  }
  const host: OwnHost = createHost({
    signal,
    workspace: process.cwd(),
    endpoints,
    network: async () => (await borrow()).network,
    token: (audience) => {
      const chosen = once(async () => {
        const clock = { sleep: host.sleep, now: host.now }
        const facts = { audience, endpoints, concealer, fromFork: context.fromFork }
        return (await borrow()).chooseTokens({ ...circumstances, ...facts, ...clock })
      })
      return async () => (await chosen())()
    },
    own: once(async () => (await borrow()).chooseOwn(circumstances)),
    tell: (progress) => terminal.show(progress),
    conceal: (secret) => concealer.add(secret),
    publish,
    remember: () => undefined,
  })
  return host
}

/** Chosen, and said, once. */
function once<T>(choose: () => Promise<T>): () => Promise<T> {
  let chosen: Promise<T> | undefined
  return () => {
    chosen ??= choose()
    return chosen
  }
}

async function settled(story: Promise<Outcome>): Promise<Outcome> {
  try {
    return await story
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error, annotations: [] }
    throw error
  }
}

function tell({ terminal }: Invocation, outcome: Outcome, facts: PartialFacts): void {
  for (const problem of facts.remarks ?? []) terminal.show({ kind: 'problem', problem })
  if (outcome.kind === 'rejected')
    terminal.complain(
      outcome.problems.filter((problem) => problem.severity === 'error').flatMap(explainProblem),
    )
  if ('refusal' in outcome) terminal.complain(explainRefusal(outcome.refusal))
  terminal.print(describeEnd(outcome, facts))
}

function describeRefusal(outcome: Outcome): Readonly<Record<string, unknown>> {
  if (!('refusal' in outcome)) return {}
  const { refusal } = outcome
  return {
    error: {
      code: refusal.code,
      stage: refusal.entry.stage,
      message: refusal.detail,
      help: refusal.help ?? refusal.entry.remedy,
      requestId: refusal.requestId,
    },
  }
}
