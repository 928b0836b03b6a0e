// A story: calls in order, asked of every target alike. What AWS answers stands at each call with the document that says so;
// where an emulator answers otherwise, that is written down in divergences.ts, and it must still be so.
import { beforeAll, describe, expect, test } from 'vitest'
import { type Divergence, divergences } from './divergences.ts'
import type { Outcome } from './outcome.ts'
import type { Stage, Target } from './target.ts'

/** `200`, or `404 ResourceNotFoundException`. */
export type Verdict = string

export interface Step {
  readonly title: string
  words(target: Target, past: Past): readonly string[]
  /** Variables of the CLI beyond the target's own. */
  env?(target: Target): Readonly<Record<string, string>>
  /** AWS's answer. */
  readonly aws: Verdict
  /** Page of AWS's documents that says so. */
  readonly document: string
  /** Key paths of the output that AWS documents and every target has to have; checked on success. */
  readonly shape?: readonly string[]
  /** More to say about the sandbox's answer. */
  check?(outcome: Outcome): void
  /** Asks again until this holds, ten times at most, half a second apart. */
  until?(outcome: Outcome): boolean
}

/** Outcomes of the steps before, by title. */
export type Past = (title: string) => unknown

export interface Story {
  readonly service: string
  write(stage: Stage): readonly Step[] | Promise<readonly Step[]>
}

/** Three tests of one story: AWS's documents, the second opinions, and what nobody else confirms. */
export function tellStory({ service, write }: Story, stage: () => Stage): void {
  describe(service, () => {
    const listed = divergences[service] ?? {}
    let told: readonly { readonly step: Step; readonly outcomes: readonly Told[] }[] = []
    beforeAll(async () => {
      const opened = stage()
      const { targets } = opened
      const steps = await write(opened)
      const columns = await Promise.all(targets.map((target) => run(steps, target)))
      told = steps.map((step, index) => ({
        step,
        outcomes: targets.map((target, column) => ({
          target: target.name,
          outcome: columns[column]?.[index] ?? { status: 0, code: 'NotRun' },
        })),
      }))
    })

    test('the sandbox answers as AWS documents, and botocore reads every answer', () => {
      expect(told.length).toBeGreaterThan(0)
      expect(told.flatMap(({ step, outcomes }) => judgeSandbox(step, outcomes))).toEqual([])
    })

    test('two emulators agree, except where it is written down', () => {
      expect(
        told.flatMap(({ step, outcomes }) => judgeEmulators(step, outcomes, listed[step.title] ?? {})),
      ).toEqual([])
      expect(Object.keys(listed).filter((title) => told.every(({ step }) => step.title !== title))).toEqual(
        [],
      )
    })

    test('an answer that only the sandbox gives is explained', () => {
      const lonely = Object.entries(listed).filter(
        ([, one]) => one.moto !== undefined && one.ministack !== undefined,
      )
      expect(lonely.filter(([, one]) => one.alone === undefined).map(([title]) => title)).toEqual([])
      const agreed = told.length - lonely.length
      console.log(
        `conformance: ${service}: ${told.length} calls to three targets, ${agreed} confirmed by another`,
      )
    })
  })
}

interface Told {
  readonly target: Target['name']
  readonly outcome: Outcome
}

async function run(steps: readonly Step[], target: Target): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const past: Past = (title) => outcomes[steps.findIndex((step) => step.title === title)]?.output
  for (const step of steps) {
    const ask = (): Promise<Outcome> => target.call(step.words(target, past), step.env?.(target))
    let outcome = await ask()
    for (let tries = 0; tries < 10 && step.until?.(outcome) === false; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      outcome = await ask()
    }
    outcomes.push(outcome)
  }
  return outcomes
}

function verdictOf({ status, code }: Outcome): Verdict {
  return code === undefined ? String(status) : `${status} ${code}`
}

function judgeSandbox(step: Step, outcomes: readonly Told[]): readonly string[] {
  const outcome = outcomes.find(({ target }) => target === 'sandbox')?.outcome
  if (outcome === undefined) return [`${step.title}: was not asked`]
  const verdict = verdictOf(outcome)
  if (verdict !== step.aws) {
    return [
      `${step.title}: AWS answers ${step.aws} (${step.document}), the sandbox ${verdict}: ${outcome.message ?? ''}`,
    ]
  }
  step.check?.(outcome)
  return lackingKeys(step, outcome).map((key) => `${step.title}: the sandbox's answer lacks ${key}`)
}

function judgeEmulators(step: Step, outcomes: readonly Told[], listed: Divergence): readonly string[] {
  return outcomes.flatMap(({ target, outcome }) => {
    if (target === 'sandbox') return []
    const expected = listed[target] ?? step.aws
    const verdict = verdictOf(outcome)
    if (verdict !== expected) {
      return [
        `${step.title}: ${target} should answer ${expected} by this list, it answers ${verdict}: ${outcome.message ?? ''}`,
      ]
    }
    if (expected !== step.aws) return []
    const lacking = lackingKeys(step, outcome)
    const known = listed.lacks?.[target] ?? []
    return JSON.stringify(lacking) === JSON.stringify(known)
      ? []
      : [
          `${step.title}: ${target} lacks ${JSON.stringify(lacking)} by now, the list says ${JSON.stringify(known)}`,
        ]
  })
}

/** Paths like `builds.0.phases.0.phaseType`. */
function lackingKeys({ shape = [] }: Step, { output }: Outcome): readonly string[] {
  return shape.filter((path) => {
    let value: unknown = output
    for (const key of path.split('.')) value = Object(value)[key]
    return value === undefined || value === null
  })
}
