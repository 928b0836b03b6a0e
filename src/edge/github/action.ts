// Runs a story as an action: inputs and context in, outputs, annotations, summary and exit code out.
import { randomInt } from 'node:crypto'
import { relative, resolve, sep } from 'node:path'
import type { Checked } from '../../core/checked.ts'
import { type RunContext, readContext } from '../../core/context.ts'
import type { Endpoints } from '../../core/endpoints.ts'
import type { PartialFacts } from '../../core/facts.ts'
import type { Unfinished } from '../../core/host.ts'
import type { Texts } from '../../core/inputs.ts'
import { actionExitCode, type Outcome } from '../../core/outcome.ts'
import type { Outputs } from '../../core/outputs.ts'
import { Refusal } from '../../core/refusal.ts'
import { describeEnd, describeProgress } from '../../core/words.ts'
import { isolateSdk } from '../aws/clients.ts'
import { Concealer } from '../conceal.ts'
import { createHost, type OwnHost } from '../host.ts'
import { catchInterrupts, type Interrupt } from '../interrupt.ts'
import { network } from '../network.ts'
import { annotateProblems, annotateRefusal } from './annotate.ts'
import { Ledger } from './ledger.ts'
import { createPrinter, type Printer, randomHex, writeOut } from './printer.ts'
import { type Environment, readInputs, readPayload, writeState } from './runner.ts'
import { githubTokens } from './token.ts'

export interface Action {
  readonly inputNames: readonly string[]
  parse(texts: Texts, environment: Environment): Checked<Story>
  /** Outputs that are set before the end. */
  early(facts: PartialFacts): Outputs
  final(facts: PartialFacts, outcome: Outcome, endedAt: string): Outputs
}

/** What parsed inputs have to offer. */
export interface Story {
  readonly endpoints: Endpoints
  readonly workingDirectory: string
  run(context: RunContext, host: OwnHost): Promise<Outcome>
}

/** The name under which the post step finds what a killed step could not finish. */
export const unfinishedState = 'unfinished'

/** Sets `process.exitCode` and lets the process end by itself: process.exit would lose the last lines. */
export async function runAction(action: Action): Promise<void> {
  const concealer = new Concealer()
  const printer = createPrinter({ write: writeOut, random: randomHex, concealer })
  const interrupt = catchInterrupts()
  isolateSdk(process.env)
  try {
    process.exitCode = await perform(action, { environment: process.env, concealer, printer, interrupt })
  } catch (error) {
    process.exitCode = 1
    annotateRefusal(asRefusal(error), { directory: '.', concealer })
  } finally {
    interrupt.release()
  }
}

export interface Surroundings {
  readonly environment: Environment
  readonly concealer: Concealer
  readonly printer: Printer
  readonly interrupt: Interrupt
}

async function perform(action: Action, surroundings: Surroundings): Promise<number> {
  const { environment, concealer, printer } = surroundings
  const parsed = action.parse(readInputs(action.inputNames, environment), environment)
  const context = readContext({
    environment,
    payload: readPayload(environment),
    random: String(randomInt(1e9, 1e10)),
  })
  const ledger = new Ledger(startFacts(context), {
    environment,
    concealer,
    early: action.early,
    final: action.final,
  })
  const place = {
    directory: pathInRepository(parsed.ok ? parsed.value.workingDirectory : '.', environment),
    concealer,
  }
  const outcome =
    parsed.ok && context.ok
      ? await runStory(parsed.value, context.value, ledger, surroundings)
      : ({ kind: 'rejected', problems: [...parsed.problems, ...context.problems] } as const)
  printer.print('-', describeEnd(outcome, ledger.facts))
  annotateProblems(ledger.facts.remarks ?? [], place)
  if (outcome.kind === 'rejected')
    annotateProblems(
      outcome.problems.filter((problem) => problem.severity === 'error'),
      place,
    )
  if ('refusal' in outcome) annotateRefusal(outcome.refusal, place)
  // With the refusal's own annotation that makes ten at most.
  if (outcome.kind === 'refused') annotateProblems(outcome.annotations.slice(0, 9), place)
  ledger.end(outcome)
  return actionExitCode(outcome)
}

async function runStory(
  story: Story,
  context: RunContext,
  ledger: Ledger,
  surroundings: Surroundings,
): Promise<Outcome> {
  const host = actionHost(story.endpoints, context, ledger, surroundings)
  try {
    return await story.run(context, host)
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error, annotations: [] }
    return { kind: 'refused', refusal: asRefusal(error), annotations: [] }
  } finally {
    await host.dispose()
  }
}

function actionHost(
  endpoints: Endpoints,
  context: RunContext,
  ledger: Ledger,
  { environment, concealer, printer, interrupt }: Surroundings,
): OwnHost {
  const host: OwnHost = createHost({
    signal: interrupt.signal,
    workspace: environment['GITHUB_WORKSPACE'] ?? process.cwd(),
    endpoints,
    network: async () => network,
    temporary: environment['RUNNER_TEMP'],
    token: (audience) =>
      githubTokens({
        environment,
        audience,
        fromFork: context.fromFork,
        concealer,
        sleep: (milliseconds, signal) => host.sleep(milliseconds, signal),
        now: () => host.now(),
      }),
    tell: (progress) => printer.print(progress.kind === 'log' ? '|' : '-', describeProgress(progress)),
    conceal: (secret) => concealer.add(secret),
    publish: (facts) => ledger.add(facts),
    remember: (unfinished) => keep(unfinished, environment),
  })
  return host
}

/** The runner keeps the last value; an empty one says that nothing is unfinished. */
function keep(unfinished: Unfinished | undefined, environment: Environment): void {
  writeState(unfinishedState, unfinished === undefined ? '' : JSON.stringify(unfinished), environment)
}

function startFacts(context: Checked<RunContext>): PartialFacts {
  const startedAt = new Date().toISOString()
  if (!context.ok) return { startedAt }
  const { commit, runUrl } = context.value
  return {
    startedAt,
    ...(commit === undefined ? {} : { commit }),
    ...(runUrl === undefined ? {} : { runUrl }),
  }
}

function pathInRepository(directory: string, environment: Environment): string {
  const workspace = environment['GITHUB_WORKSPACE'] ?? process.cwd()
  return relative(workspace, resolve(workspace, directory)).split(sep).join('/') || '.'
}

/** Our bug: the stack belongs to the message, so that it can be mended. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Refusal('DCF-INTERNAL', { detail: detail.slice(0, 3000), cause: error })
}
