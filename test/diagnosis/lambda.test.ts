// From the image to the function that answers: each mistake made on purpose, each told by its code.
import { describe, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'
import { functionOf, HELLO } from '../buildspec/account.ts'
import { deny, drop, expectMistake, LATER, type Mistake } from './build.ts'

const SCP =
  'User: arn:aws:sts::123456789012:assumed-role/dcf-codebuild-role/AWSCodeBuild-1 is not authorized to perform: lambda:CreateFunctionUrlConfig on resource: arn:aws:lambda:us-east-1:123456789012:function:hello with an explicit deny in a service control policy'

const rights: readonly Mistake[] = [
  {
    what: 'a Lambda action that the service role lacks',
    code: 'DCF-LAMBDA-ACCESS-DENIED',
    spoil: drop('lambda:CreateFunction'),
    says: 'because no identity-based policy allows the lambda:CreateFunction action',
  },
  {
    what: "the waiters' lambda:GetFunctionConfiguration at a redeploy",
    code: 'DCF-LAMBDA-ACCESS-DENIED',
    spoil: (sandbox) => {
      drop('lambda:GetFunctionConfiguration')(sandbox)
      occupy(sandbox, {})
    },
    says: 'lambda:GetFunctionConfiguration',
  },
  {
    what: 'an explicit deny',
    code: 'DCF-LAMBDA-EXPLICIT-DENY',
    spoil: deny('lambda:CreateFunction'),
    says: 'with an explicit deny',
  },
  {
    what: 'an organization that forbids public URLs',
    code: 'DCF-FUNCTION-URL-DENIED',
    spoil: refuseAt('CreateFunctionUrlConfig', { status: 403, code: 'AccessDeniedException', message: SCP }),
  },
  {
    what: 'a repository policy without AllowLambdaPull',
    code: 'DCF-ECR-PULL-DENIED',
    spoil: ({ world, names }) =>
      Object.assign(world.repositories.get(names.repository) ?? {}, { policy: undefined }),
  },
  {
    what: 'a role that may not be passed',
    code: 'DCF-PASS-ROLE-DENIED',
    spoil: drop('iam:PassRole'),
    says: 'iam:PassRole',
  },
]

const settings: readonly Mistake[] = [
  {
    what: 'a setting that Lambda does not take',
    code: 'DCF-LAMBDA-REFUSED',
    deployment: { variables: { LAMBDA_TIMEOUT_SECONDS: '901' } },
    says: 'ValidationException',
  },
  {
    what: 'a reserved name',
    code: 'DCF-ENVIRONMENT-RESERVED',
    deployment: { variables: { DCF_ENVIRONMENT_VARIABLES: '{"AWS_REGION":"eu-west-1"}' } },
    says: 'reserved keys',
  },
  {
    what: 'variables that are too large together with those of before',
    code: 'DCF-ENVIRONMENT-TOO-LARGE',
    redeploys: true,
    spoil: (sandbox) => {
      const fn = functionOf(sandbox)
      fn.served = { ...fn.served, environment: { BEFORE: 'x'.repeat(3000) } }
    },
    deployment: { variables: { DCF_ENVIRONMENT_VARIABLES: JSON.stringify({ NOW: 'y'.repeat(1500) }) } },
    says: '4KB limit',
  },
  {
    what: 'the memory of a new account',
    code: 'DCF-MEMORY-LIMIT',
    deployment: { variables: { LAMBDA_MEMORY_MB: '3009' } },
    spoil: ({ world }) => Object.assign(world.switches.lambda, { maximumMemory: 3008 }),
    says: 'less than or equal to 3008',
  },
]

const others: readonly Mistake[] = [
  {
    what: 'somebody who makes the function at the same time',
    code: 'DCF-FUNCTION-BUSY',
    spoil: refuseAt('CreateFunction', {
      status: 409,
      code: 'ResourceConflictException',
      message: 'Function already exist: hello',
    }),
  },
  {
    what: 'a Lambda that throttles',
    code: 'DCF-LAMBDA-THROTTLED',
    spoil: ({ faults }) =>
      faults.add({ service: 'lambda', operation: 'CreateFunction', effect: { kind: 'throttle' } }),
    says: 'TooManyRequestsException',
  },
  {
    what: 'an earlier image that somebody deleted',
    code: 'DCF-ROLLBACK-FAILED',
    redeploys: true,
    spoil: ({ world, names }) => {
      world.repositories.get(names.repository)?.manifests.clear()
      Object.assign(world.switches.lambda, { failUpdate: { code: 'InvalidImage', reason: 'no' } })
    },
    deployment: { files: { ...HELLO, ...LATER } },
    says: 'does not exist',
  },
]

/** Lambda refuses an operation of the build in the words given. */
function refuseAt(operation: string, error: { status: number; code: string; message: string }) {
  return ({ faults }: Sandbox): void =>
    faults.add({ service: 'lambda', operation, effect: { kind: 'error', ...error } })
}

/** A function with this repository's mark. */
function occupy({ world, names }: Sandbox, environment: Readonly<Record<string, string>>): void {
  const { account, region, partition, clock } = world
  const fn = createForeignFunction({
    name: 'hello',
    account,
    region,
    partition,
    now: clock.now(),
    role: names.executionRoleArn,
    packageType: 'Image',
    description: `dcf/aws-lambda-deploy repo=1296269 pr=- src=${'a'.repeat(16)} cfg=${'b'.repeat(16)} img=${'c'.repeat(16)}`,
  })
  fn.served = { ...fn.served, environment }
  world.functions.set('hello', fn)
}

describe.concurrent('the rights of the build', () => {
  it.each(rights)('$what: $code', expectMistake)
})

describe.concurrent('the settings of the function', () => {
  it.each(settings)('$what: $code', expectMistake)
})

describe.concurrent('what others do', () => {
  it.each(others)('$what: $code', expectMistake)
})
