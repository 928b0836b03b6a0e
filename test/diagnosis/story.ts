// Whole deployments and undeployments in an account that was spoilt on purpose.
import { expect } from 'vitest'
import type { Code } from '../../src/core/catalogue.ts'
import type { Effect } from '../../src/sandbox/faults.ts'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'
import { codeOf, openStage, type Run, type RunOptions, type Stage } from '../story/sandbox.ts'

export interface Trouble {
  readonly what: string
  readonly code: Code
  readonly spoil?: (sandbox: Sandbox) => void
  readonly optional?: readonly OptionalPolicy[]
  readonly inputs?: Readonly<Record<string, string>>
  readonly options?: RunOptions
  readonly undeploys?: true
  /** What a person has to read besides the code. */
  readonly says?: string
}

/** The run ends with the code, and a person reads the code, the cause's words, the remedy and where more is written. */
export async function expectTrouble(trouble: Trouble): Promise<void> {
  await using stage = await openStage({ optionalPolicies: trouble.optional ?? [] })
  trouble.spoil?.(stage.sandbox)
  expectEnd(await runOn(stage, trouble), trouble)
}

export function runOn(stage: Stage, { undeploys, inputs, options }: Trouble): Promise<Run> {
  return undeploys ? stage.undeploy(inputs, options) : stage.deploy(inputs, options)
}

export function expectEnd(run: Run, { code, says = '' }: Pick<Trouble, 'code' | 'says'>): void {
  expect(codeOf(run), run.text).toBe(code)
  expect(run.text).toContain(code)
  expect(run.text).toContain(says)
  expect(run.text).not.toContain('undefined')
  expect(run.facts.functionUrl).toBeUndefined()
}

/** Every request of an operation gets this answer in place of its own. */
export function fault(service: string, operation: string, effect: Effect, after = 0) {
  return ({ faults }: Sandbox): void => faults.add({ service, operation, effect, after })
}

/** Every request of an operation is refused in these words. */
export function refuse(
  service: string,
  operation: string,
  [status, code, message]: readonly [number, string, string],
) {
  return fault(service, operation, { kind: 'error', status, code, message })
}

export function answer(service: string, operation: string, body: unknown) {
  return fault(service, operation, {
    kind: 'body',
    status: 200,
    contentType: typeof body === 'string' ? 'text/xml' : 'application/json',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** A function with this repository's mark. */
export function occupy({ world, names }: Sandbox): void {
  const { account, region, partition, clock } = world
  world.functions.set(
    'hello_dart',
    createForeignFunction({
      name: 'hello_dart',
      account,
      region,
      partition,
      now: clock.now(),
      role: names.executionRoleArn,
      packageType: 'Image',
      description: `dcf/aws-lambda-deploy repo=1296269 pr=- src=${'a'.repeat(16)} cfg=${'b'.repeat(16)} img=${'c'.repeat(16)}`,
    }),
  )
}

/** Once a build has begun, or has ended. */
export async function whenBuild(stage: Stage, moment: 'begun' | 'ended', work: () => void): Promise<void> {
  for (;;) {
    const [build] = stage.sandbox.world.builds.values()
    if (build !== undefined && (moment === 'begun' || build.status !== 'IN_PROGRESS')) return work()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
