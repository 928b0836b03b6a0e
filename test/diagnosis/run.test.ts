// What STS, S3, CodeBuild and Lambda refuse to the action itself: each refusal in AWS's own words, each told by its code.
import { describe, expect, it } from 'vitest'
import { openStage } from '../story/sandbox.ts'
import { answer, expectEnd, expectTrouble, fault, occupy, refuse, type Trouble, whenBuild } from './story.ts'

const BROKEN = [500, 'InternalFailure', 'An internal error occurred'] as const
const READ_POLICY = ['deploy-role-verify-public-access'] as const

const identity: readonly Trouble[] = [
  {
    what: "an issuer whose keys do not fit the token's signature",
    code: 'DCF-TOKEN-INVALID',
    spoil: refuse('sts', 'AssumeRoleWithWebIdentity', [
      400,
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ]),
  },
  {
    what: 'a runner whose clock is wrong',
    code: 'DCF-TOKEN-EXPIRED',
    spoil: refuse('sts', 'AssumeRoleWithWebIdentity', [
      400,
      'ExpiredTokenException',
      'Token expired: current date/time 1700000600 must be before the expiration date/time 1700000300',
    ]),
  },
  {
    what: 'a region that the account has not activated',
    code: 'DCF-REGION-DISABLED',
    spoil: refuse('sts', 'AssumeRoleWithWebIdentity', [
      403,
      'RegionDisabledException',
      'STS is not activated in this region for account:123456789012.',
    ]),
  },
  {
    what: 'somebody who answers for AWS',
    code: 'DCF-ACCOUNT-MISMATCH',
    spoil: answer(
      'sts',
      'AssumeRoleWithWebIdentity',
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <AssumedRoleUser><Arn>arn:aws:sts::999999999999:assumed-role/dcf-gke-role/x</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIAXXXXXXXXXXXXXXXX</AccessKeyId><SecretAccessKey>c2VjcmV0</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
       </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    ),
  },
  {
    what: 'an STS that throttles',
    code: 'DCF-THROTTLED',
    spoil: fault('sts', 'AssumeRoleWithWebIdentity', { kind: 'throttle' }),
  },
  {
    what: 'an STS that fails',
    code: 'DCF-AWS-FAILED',
    spoil: refuse('sts', 'AssumeRoleWithWebIdentity', BROKEN),
  },
  {
    what: 'a network without a way to STS',
    code: 'DCF-AWS-UNREACHABLE',
    spoil: fault('sts', 'AssumeRoleWithWebIdentity', { kind: 'cut', at: 'request' }),
  },
  {
    what: 'a token endpoint that fails',
    code: 'DCF-TOKEN-UNREACHABLE',
    spoil: fault('github', '*', {
      kind: 'body',
      status: 503,
      contentType: 'text/html',
      body: '<html></html>',
    }),
  },
  {
    what: 'a token endpoint that refuses',
    code: 'DCF-TOKEN-REFUSED',
    spoil: fault('github', '*', { kind: 'body', status: 401, contentType: 'application/json', body: '{}' }),
  },
]

const calls: readonly Trouble[] = [
  {
    what: 'a Lambda that does not show the function',
    code: 'DCF-LOOK-FAILED',
    spoil: refuse('lambda', 'GetFunction', BROKEN),
  },
  {
    what: 'a wrong clock at S3',
    code: 'DCF-CLOCK-SKEW',
    spoil: refuse('s3', 'PutObject', [
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    ]),
  },
  { what: 'an S3 that fails', code: 'DCF-UPLOAD-FAILED', spoil: refuse('s3', 'PutObject', BROKEN) },
  {
    what: 'a project that does not take a parameter',
    code: 'DCF-BUILD-INVALID',
    spoil: refuse('codebuild', 'StartBuild', [
      400,
      'InvalidInputException',
      'Invalid cache: local cache modes are not supported for this compute type',
    ]),
  },
  {
    what: 'a service role that does not trust CodeBuild',
    code: 'DCF-SERVICE-ROLE-UNASSUMABLE',
    spoil: ({ world, names }) => {
      const trust = JSON.stringify(world.roles.get(names.serviceRole)?.trust)
      const other = trust.replace('codebuild.amazonaws.com', 'ec2.amazonaws.com')
      Object.assign(world.roles.get(names.serviceRole) ?? {}, { trust: JSON.parse(other) })
    },
    says: 'sts:AssumeRole on',
  },
  {
    what: 'a CodeBuild that fails',
    code: 'DCF-BUILD-START-FAILED',
    spoil: refuse('codebuild', 'StartBuild', BROKEN),
    says: 'withdrawn',
  },
  {
    what: 'a new account without a quota for builds',
    code: 'DCF-BUILD-QUOTA',
    spoil: refuse('codebuild', 'StartBuild', [
      400,
      'AccountLimitExceededException',
      'Cannot have more than 0 builds in queue for the account',
    ]),
    says: 'Cannot have more than 0 builds in queue for the account',
  },
  {
    what: 'a build that waits for ever, as with a quota of 1',
    code: 'DCF-FOLLOW-TIMED-OUT',
    spoil: ({ world }) => Object.assign(world.switches.codebuild, { queued: 600_000 }),
    inputs: { 'build-timeout-minutes': '5' },
    options: { haste: 300 },
  },
  {
    what: 'an update by somebody else that does not end',
    code: 'DCF-FUNCTION-BUSY',
    spoil: (sandbox) => {
      occupy(sandbox)
      Object.assign(sandbox.world.functions.get('hello_dart') ?? {}, { lastUpdate: 'InProgress' })
    },
    options: { haste: 300 },
  },
]

const results: readonly Trouble[] = [
  {
    what: 'a URL that somebody removed',
    code: 'DCF-URL-MISSING',
    spoil: refuse('lambda', 'GetFunctionUrlConfig', [
      404,
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    ]),
  },
  {
    what: 'a URL of somebody else',
    code: 'DCF-URL-INVALID',
    spoil: answer('lambda', 'GetFunctionUrlConfig', {
      FunctionUrl: 'https://evil.example/',
      AuthType: 'NONE',
    }),
  },
  {
    what: 'a URL without its second statement',
    code: 'DCF-URL-NOT-PUBLIC',
    optional: READ_POLICY,
    spoil: answer('lambda', 'GetPolicy', {
      Policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunctionUrl' }],
      }),
    }),
    says: 'lambda:InvokeFunction',
  },
]

const undeployments: readonly Trouble[] = [
  {
    what: 'a function that is being updated',
    code: 'DCF-UNDEPLOY-CONFLICT',
    undeploys: true,
    spoil: (sandbox) => {
      occupy(sandbox)
      refuse('lambda', 'DeleteFunction', [
        409,
        'ResourceConflictException',
        'The operation cannot be performed at this time. An update is in progress for resource: hello_dart',
      ])(sandbox)
    },
  },
  {
    what: 'a deletion that does not end',
    code: 'DCF-UNDEPLOY-INCOMPLETE',
    undeploys: true,
    spoil: (sandbox) => {
      occupy(sandbox)
      Object.assign(sandbox.world.switches.lambda, { deleting: 600_000 })
    },
    options: { haste: 60 },
  },
]

describe.concurrent('identity', () => {
  it.each(identity)('$what: $code', expectTrouble)
})

describe.concurrent('calls before and around the build', () => {
  it.each(calls)('$what: $code', expectTrouble)
})

describe.concurrent('the result', () => {
  it.each(results)('$what: $code', expectTrouble)

  it('a Lambda that fails once the build has succeeded: DCF-RESULT-UNSEEN', async () => {
    await using stage = await openStage()
    const running = stage.deploy()
    await whenBuild(stage, 'ended', () => refuse('lambda', 'GetFunction', BROKEN)(stage.sandbox))
    expectEnd(await running, { code: 'DCF-RESULT-UNSEEN' })
  })
})

describe.concurrent('undeploy', () => {
  it.each(undeployments)('$what: $code', expectTrouble)
})

describe.concurrent('a build under way', () => {
  it('that CodeBuild shows no more: DCF-BUILD-LOST', async () => {
    await using stage = await openStage()
    Object.assign(stage.sandbox.world.switches.codebuild, { queued: 600_000 })
    refuse('codebuild', 'BatchGetBuilds', BROKEN)(stage.sandbox)
    expectEnd(await stage.deploy({}, { haste: 200 }), { code: 'DCF-BUILD-LOST' })
  })

  it('that ends in a way that nobody knows: DCF-BUILD-STATUS-UNKNOWN', async () => {
    await using stage = await openStage()
    Object.assign(stage.sandbox.world.switches.codebuild, { queued: 600_000 })
    const running = stage.deploy()
    await whenBuild(stage, 'begun', () => {
      const id = [...stage.sandbox.world.builds.keys()][0]
      const build = { id, arn: `arn:aws:codebuild:us-east-1:123456789012:build/${id}`, buildComplete: true }
      answer('codebuild', 'BatchGetBuilds', { builds: [{ ...build, buildStatus: 'PAUSED', phases: [] }] })(
        stage.sandbox,
      )
    })
    expectEnd(await running, { code: 'DCF-BUILD-STATUS-UNKNOWN' })
  })

  it('that is cancelled: DCF-CANCELLED', async () => {
    await using stage = await openStage()
    const controller = new AbortController()
    const running = stage.deploy({}, { signal: controller.signal })
    await whenBuild(stage, 'begun', () => controller.abort(new Error('cancelled')))
    const run = await running
    expect(run.outcome.kind).toBe('cancelled')
    expectEnd(run, { code: 'DCF-CANCELLED' })
  })
})
