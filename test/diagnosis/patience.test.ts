// Mistakes that the build waits for first, in the hope that they pass: they are slow, so all of them wait side by side.
import { describe, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { HELLO } from '../buildspec/account.ts'
import { expectMistake, LATER, type Mistake } from './build.ts'

const mistakes: readonly Mistake[] = [
  {
    what: 'an execution role that does not trust Lambda',
    code: 'DCF-EXECUTION-ROLE-UNASSUMABLE',
    spoil: ({ world, names }) =>
      Object.assign(world.roles.get(names.executionRole) ?? {}, {
        trust: trustOf('ec2.amazonaws.com'),
      }),
    says: 'cannot be assumed by Lambda',
  },
  {
    what: 'a function for which neither version answers',
    code: 'DCF-ROLLBACK-UNHEALTHY',
    redeploys: true,
    spoil: answer(503),
    deployment: { files: { ...HELLO, ...LATER } },
    says: 'the version before does not answer either: 503',
  },
  {
    what: 'public statements that do not count',
    code: 'DCF-HEALTH-CHECK-FORBIDDEN',
    spoil: ({ world }) => Object.assign(world.switches.lambda, { policyDelay: 3_600_000 }),
  },
  {
    what: 'an ECR that throttles on and on',
    code: 'DCF-ECR-THROTTLED',
    spoil: ({ world }) => Object.assign(world.switches.registry, { throttle: 1000 }),
    says: 'the registry throttles',
  },
]

function trustOf(service: string) {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }
  return { Version: '2012-10-17', Statement: [statement] }
}

/** Every version of the program answers so. */
function answer(status: number) {
  return ({ world }: Sandbox): void => {
    world.switches.lambda.program = () => ({ kind: 'answers', status })
  }
}

describe.concurrent('after its patience is used up, the build names', () => {
  it.each(mistakes)('$what: $code', expectMistake)
})
