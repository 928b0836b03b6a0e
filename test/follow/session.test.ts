// The session against the sandbox: renewed in mid-wait with a new token, patient with what passes, quick with what does not.
import { afterEach, describe, expect, test } from 'vitest'
import type { Host } from '../../src/core/host.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { sessionPolicyOf } from '../../src/core/sessionpolicy.ts'
import { type Connection, connect } from '../../src/edge/aws/connect.ts'
import { Concealer } from '../../src/edge/conceal.ts'
import { githubTokens } from '../../src/edge/github/token.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'

const sandboxes: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of sandboxes.splice(0)) await sandbox.close()
})

interface Bench {
  readonly sandbox: Sandbox
  readonly connection: Connection
  /** Milliseconds by which the client's clock is ahead of the machine's. */
  ahead: number
  readonly slept: number[]
}

/** A connection whose waits take no time, and move its clock instead. */
async function open(signal = new AbortController().signal): Promise<Bench> {
  const sandbox = await startSandbox({
    optionalPolicies: ['deploy-role-read-build-log', 'deploy-role-stop-build'],
  })
  sandboxes.push(sandbox)
  const { names, endpoint } = sandbox
  const slept: number[] = []
  const bench = { ahead: 0 }
  const now = () => Date.now() + bench.ahead
  const sleep: Host['sleep'] = async (milliseconds, either = signal) => {
    either.throwIfAborted()
    slept.push(milliseconds)
    bench.ahead += milliseconds
  }
  const connection: Connection = {
    identity: {
      roleArn: names.roleArn,
      region: names.region,
      audience: 'sts.amazonaws.com',
      sessionName: 'test',
      sessionPolicy: sessionPolicyOf({
        partition: 'aws',
        account: names.account,
        region: names.region,
        functionName: 'hello',
        bucket: names.bucket,
        key: 'builds/app.zip',
        project: names.project,
      }),
    },
    endpoints: {
      STS: endpoint,
      S3: endpoint,
      CODEBUILD: endpoint,
      CLOUDWATCH_LOGS: endpoint,
      LAMBDA: endpoint,
    },
    token: githubTokens({
      environment: sandbox.env,
      audience: 'sts.amazonaws.com',
      fromFork: false,
      concealer: new Concealer(),
      sleep,
      now,
    }),
    signal,
    sleep,
    now,
    random: () => 0.5,
    note: () => undefined,
    conceal: () => undefined,
    atEnd: () => undefined,
    openArchive: () => {
      throw new Error('nothing is uploaded here')
    },
  }
  return Object.assign(bench, { sandbox, connection, slept })
}

function operations({ sandbox }: Bench): readonly string[] {
  return sandbox.journal.operations().filter((name) => !name.startsWith('oidc'))
}

async function failure(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Refusal) return error
  throw new Error(`no refusal: ${String(error)}`)
}

describe('renewal', () => {
  test('before the session ends, with a token of its own', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    await cloud.look('hello')
    bench.ahead += 56 * 60_000
    bench.sandbox.world.clock.shift(56 * 60_000)
    await cloud.look('hello')
    await cloud.look('hello')
    const names = operations(bench)
    expect(names.filter((name) => name === 'github:GetIdToken')).toHaveLength(2)
    expect(names.filter((name) => name === 'sts:AssumeRoleWithWebIdentity')).toHaveLength(2)
  })

  test('when AWS says that it has expired', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    bench.sandbox.faults.add({
      service: 'codebuild',
      operation: 'BatchGetBuilds',
      effect: {
        kind: 'error',
        status: 400,
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
      },
      times: 1,
    })
    await failure(cloud.readBuild('dcf-lambda-build:none'))
    expect(operations(bench).slice(-4)).toEqual([
      'codebuild:BatchGetBuilds',
      'github:GetIdToken',
      'sts:AssumeRoleWithWebIdentity',
      'codebuild:BatchGetBuilds',
    ])
  })

  test('one that fails leaves the session in use as long as it lasts, and is not tried with every call', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    bench.sandbox.faults.add({
      service: 'sts',
      operation: '*',
      effect: { kind: 'error', status: 500, code: 'InternalFailure', message: 'x' },
    })
    bench.ahead += 56 * 60_000
    expect((await cloud.look('hello')).kind).toBe('absent')
    const tries = operations(bench).filter((name) => name.startsWith('sts')).length
    await cloud.look('hello')
    expect(operations(bench).filter((name) => name.startsWith('sts'))).toHaveLength(tries)
  })
})

test('a clock that is two hours ahead does not renew with every call', async () => {
  const bench = await open()
  bench.ahead += 2 * 3_600_000
  const cloud = await connect(bench.connection)
  await cloud.look('hello')
  await cloud.look('hello')
  expect(operations(bench).filter((name) => name.startsWith('sts'))).toHaveLength(1)
})

describe('STS and the token endpoint', () => {
  test('AccessDenied is retried twice, each time with a new token', async () => {
    const bench = await open()
    bench.sandbox.faults.add({
      service: 'sts',
      operation: '*',
      effect: {
        kind: 'error',
        status: 403,
        code: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      },
    })
    expect((await failure(connect(bench.connection))).code).toBe('DCF-ROLE-REFUSED')
    expect(operations(bench)).toEqual([
      'github:GetIdToken',
      'sts:AssumeRoleWithWebIdentity',
      'github:GetIdToken',
      'sts:AssumeRoleWithWebIdentity',
      'github:GetIdToken',
      'sts:AssumeRoleWithWebIdentity',
    ])
  })

  test.each([
    ['sts', 500, 'InternalFailure', 'DCF-AWS-FAILED'],
    ['sts', 400, 'Throttling', 'DCF-THROTTLED'],
    ['sts', 400, 'IDPCommunicationError', 'DCF-AWS-FAILED'],
    ['github', 503, 'x', 'DCF-TOKEN-UNREACHABLE'],
  ] as const)('%s answering %i %s for ever is given 30 seconds', async (service, status, code, expected) => {
    const bench = await open()
    bench.sandbox.faults.add({
      service,
      operation: '*',
      effect: { kind: 'error', status, code, message: code },
    })
    const refusal = await failure(connect(bench.connection))
    expect(refusal.code).toBe(expected)
    expect(refusal.stage).toBe('identity')
    const waited = bench.slept.reduce((sum, one) => sum + one, 0)
    expect(waited).toBeGreaterThan(15_000)
    expect(waited).toBeLessThanOrEqual(30_000)
  })

  test.each([401, 403])('the token endpoint answering %i is asked once', async (status) => {
    const bench = await open()
    bench.sandbox.faults.add({
      service: 'github',
      operation: '*',
      effect: { kind: 'error', status, code: 'x', message: 'no' },
    })
    expect((await failure(connect(bench.connection))).code).toBe('DCF-TOKEN-REFUSED')
    expect(operations(bench)).toEqual(['github:GetIdToken'])
  })

  test('a clock that is 20 minutes behind is corrected', async () => {
    const bench = await open()
    bench.sandbox.world.clock.shift(20 * 60_000)
    const cloud = await connect(bench.connection)
    expect((await cloud.look('hello')).kind).toBe('absent')
  })
})

describe('one call', () => {
  test('is made at most five times, within 30 seconds', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    bench.slept.length = 0
    bench.sandbox.faults.add({
      service: 'lambda',
      operation: '*',
      effect: { kind: 'error', status: 503, code: 'ServiceException', message: 'x' },
    })
    expect((await failure(cloud.look('hello'))).code).toBe('DCF-LOOK-FAILED')
    expect(operations(bench).filter((name) => name.startsWith('lambda'))).toHaveLength(5)
    expect(bench.slept.reduce((sum, one) => sum + one, 0)).toBeLessThan(30_000)
  })

  test('that is polled is made once', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    bench.sandbox.faults.add({ service: 'codebuild', operation: '*', effect: { kind: 'throttle' } })
    bench.sandbox.faults.add({ service: 'logs', operation: '*', effect: { kind: 'throttle' } })
    expect((await failure(cloud.readBuild('dcf-lambda-build:1'))).code).toBe('DCF-THROTTLED')
    expect((await failure(cloud.readLog({ group: 'g', stream: 's' }, {}))).code).toBe('DCF-THROTTLED')
    expect(operations(bench).filter((name) => /^(?:codebuild|logs)/.test(name))).toHaveLength(2)
  })

  test('StartBuild keeps its token, and is not sent again after 30 seconds', async () => {
    const bench = await open()
    const cloud = await connect(bench.connection)
    bench.sandbox.faults.add({
      service: 'codebuild',
      operation: 'StartBuild',
      effect: { kind: 'cut', at: 'answer' },
    })
    const begun = bench.connection.now()
    const order = {
      project: bench.sandbox.names.project,
      buildspec: 'version: 0.2',
      variables: {},
      timeoutMinutes: 5,
      idempotencyToken: 'a'.repeat(64),
    }
    expect((await failure(cloud.startBuild(order))).isTransient).toBe(true)
    expect(bench.connection.now() - begun).toBeLessThan(30_000)
    expect(operations(bench).filter((name) => name === 'codebuild:StartBuild')).toHaveLength(5)
    expect(bench.sandbox.world.builds.size).toBe(1)
  })

  test('a cancel ends it with the reason of the signal', async () => {
    const controller = new AbortController()
    const bench = await open(controller.signal)
    const cloud = await connect(bench.connection)
    bench.sandbox.faults.add({
      service: 'lambda',
      operation: '*',
      effect: { kind: 'delay', milliseconds: 5000 },
    })
    const reason = new Error('cancelled')
    setTimeout(() => controller.abort(reason), 100)
    const begun = Date.now()
    await expect(cloud.look('hello')).rejects.toBe(reason)
    expect(Date.now() - begun).toBeLessThan(2000)
  })
})
