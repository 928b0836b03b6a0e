// The standard buildspec and a function that is already there: whose it is, what it may not become, and that it goes on serving.
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createForeignFunction, type LambdaFunction } from '../../src/sandbox/services/function.ts'
import { type Deployment, deploy, functionOf, HELLO, inAccount, type Result } from './account.ts'

const PATIENCE = 300_000
const CHANGED = { ...HELLO, 'bin/server.dart': 'void main() { print("changed"); }\n' }

function outcome(result: Result): string {
  return `${result.exitStatus ?? 0} ${result.exported['DCF_ERROR_CODE']}`
}

function addForeign(
  { world, names }: Sandbox,
  packageType: LambdaFunction['packageType'],
  description = '',
): void {
  const { account, region, partition, clock } = world
  world.functions.set(
    'hello',
    createForeignFunction({
      name: 'hello',
      account,
      region,
      partition,
      now: clock.now(),
      role: names.executionRoleArn,
      packageType,
      description,
    }),
  )
}

describe.concurrent('whose function it is', () => {
  it('refuses a Zip function and an unmarked one before anything is built', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      addForeign(sandbox, 'Zip')
      expect(outcome(await deploy(sandbox, { variables: { DCF_FORCE: 'true' } }))).toBe('43 DCF-FUNCTION-ZIP')
      addForeign(sandbox, 'Image', 'made by hand')
      const result = await deploy(sandbox)
      expect(outcome(result)).toBe('45 DCF-FUNCTION-FOREIGN')
      expect(result.lines.some((line) => line.startsWith('[dcf] downloading'))).toBe(false)
      expect(functionOf(sandbox).served.description).toBe('made by hand')
    }),
  )

  it(
    'takes an unmarked function over with force, and keeps pull requests to their own',
    { timeout: PATIENCE },
    () =>
      inAccount(async (sandbox) => {
        expect(outcome(await deploy(sandbox))).toBe('0 ')
        const other = { DCF_REPOSITORY_ID: '77' }
        expect(outcome(await deploy(sandbox, { variables: other }))).toBe('45 DCF-FUNCTION-FOREIGN')
        const request = { DCF_PULL_REQUEST: '5', DCF_FORCE: 'true' }
        expect(outcome(await deploy(sandbox, { variables: request }))).toBe('46 DCF-FUNCTION-PULL-REQUEST')
        expect(outcome(await deploy(sandbox, { variables: { ...other, DCF_FORCE: 'true' } }))).toBe('0 ')
        expect(functionOf(sandbox).served.description).toContain('repo=77 pr=-')
        const mine = { name: 'hello-pr-5', variables: { DCF_PULL_REQUEST: '5' } }
        expect(outcome(await deploy(sandbox, mine))).toBe('0 ')
        expect(outcome(await deploy(sandbox, mine))).toBe('0 ')
      }),
  )

  it(
    'refuses a URL with auth type AWS_IAM, and an environment that Lambda cannot show',
    { timeout: PATIENCE },
    () =>
      inAccount(async (sandbox) => {
        expect(
          outcome(await deploy(sandbox, { variables: { DCF_ENVIRONMENT_VARIABLES: '{"OLD":"value"}' } })),
        ).toBe('0 ')
        Object.assign(sandbox.world.switches.lambda, { hideEnvironment: true })
        const named = { DCF_ENVIRONMENT_VARIABLES: '{"NAME":"value"}' }
        expect(outcome(await deploy(sandbox, { variables: named }))).toBe('47 DCF-ENVIRONMENT-UNREADABLE')
        const fn = functionOf(sandbox)
        if (fn.url !== undefined) fn.url = { ...fn.url, authType: 'AWS_IAM' }
        expect(outcome(await deploy(sandbox))).toBe('44 DCF-FUNCTION-URL-IAM')
      }),
  )
})

describe.concurrent('what served before goes on serving', () => {
  const still = async (
    sandbox: Sandbox,
    prepare: () => void,
    deployment: Deployment = { files: CHANGED },
  ) => {
    const first = await deploy(sandbox)
    expect(outcome(first)).toBe('0 ')
    prepare()
    const result = await deploy(sandbox, deployment)
    const { served } = functionOf(sandbox)
    expect(served.image?.digest).toBe(first.exported['IMAGE_DIGEST'])
    expect(served.memorySize).toBe(512)
    return { result, served }
  }

  it('when the update fails at Lambda', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      const { result, served } = await still(sandbox, () => {
        Object.assign(sandbox.world.switches.lambda, {
          failUpdate: { code: 'ImageAccessDenied', reason: 'no' },
        })
      })
      expect(outcome(result)).toBe('54 DCF-ECR-PULL-DENIED')
      expect(served.description).toContain(' src=- ')
    }),
  )

  it('when the configuration is refused after the code', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      Object.assign(sandbox.world.switches.lambda, { maximumMemory: 3008 })
      const { result, served } = await still(sandbox, () => undefined, {
        files: CHANGED,
        variables: { LAMBDA_MEMORY_MB: '4096' },
      })
      expect(outcome(result)).toBe('55 DCF-MEMORY-LIMIT')
      expect(served.description).toContain(' src=- ')
      expect(result.lines).toContain('[dcf] the version before serves again')
    }),
  )

  it('when the new version answers 5xx: it goes back, and says so', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      const { result, served } = await still(
        sandbox,
        () => {
          const good = functionOf(sandbox).served.image?.digest
          sandbox.world.switches.lambda.program = (image) =>
            image.digest === good ? undefined : { kind: 'answers', status: 503 }
        },
        {
          files: CHANGED,
          variables: { LAMBDA_TIMEOUT_SECONDS: '7', DCF_ENVIRONMENT_VARIABLES: '{"NEW":"value"}' },
        },
      )
      expect(outcome(result)).toBe('62 DCF-HEALTH-CHECK-ROLLED-BACK')
      expect(result.lines).toContain('[dcf] the version before serves again')
      expect(served).toMatchObject({ timeout: 30, environment: {} })
      expect(served.description).toContain(' src=- ')
    }),
  )

  it('and a first deployment that crashes says what it leaves', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      sandbox.world.switches.lambda.program = () => ({ kind: 'crashes' })
      const result = await deploy(sandbox)
      expect(outcome(result)).toBe('63 DCF-HEALTH-CHECK-FIRST')
      expect(result.lines.join('\n')).toContain(
        `[dcf] left in the account: function hello, ${result.exported['IMAGE_URI']}`,
      )
      expect(functionOf(sandbox).served.description).toContain(' src=- ')
    }),
  )
})

describe.concurrent('an answer of the program', () => {
  it.each([403, 404, 429])('with status %i is an answer', { timeout: PATIENCE }, (status) =>
    inAccount(async (sandbox) => {
      sandbox.world.switches.lambda.program = () => ({ kind: 'answers', status })
      const result = await deploy(sandbox, { variables: { DCF_HEALTH_CHECK_PATH: '/ready?now=1' } })
      expect(outcome(result)).toBe('0 ')
      expect(result.lines).toContain(`[dcf] it answers with status ${status}`)
    }),
  )

  it('is not asked for where the check is off', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      sandbox.world.switches.lambda.program = () => ({ kind: 'crashes' })
      expect(outcome(await deploy(sandbox, { variables: { DCF_HEALTH_CHECK_PATH: 'none' } }))).toBe('0 ')
    }),
  )

  it('is none where Lambda itself says 429', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      Object.assign(sandbox.world.switches.lambda, { throttled: true })
      expect(outcome(await deploy(sandbox))).toBe('65 DCF-HEALTH-CHECK-THROTTLED')
    }),
  )
})

describe.concurrent('what passes by itself is waited for', () => {
  it(
    'a role that cannot be assumed yet, a policy that takes a moment, a push that is throttled',
    { timeout: PATIENCE },
    () =>
      inAccount(async (sandbox) => {
        Object.assign(sandbox.world.switches.lambda, { unassumable: 1, policyDelay: 2_000 })
        Object.assign(sandbox.world.switches.registry, { throttle: 1 })
        const result = await deploy(sandbox)
        expect(outcome(result)).toBe('0 ')
        expect(result.lines.filter((line) => line.startsWith('[dcf] waiting')).join()).toContain(
          'cannot be assumed by Lambda',
        )
        expect(result.lines).toContain('[dcf] the registry throttles')
      }),
  )
})
