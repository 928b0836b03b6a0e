import { request as httpRequest } from 'node:http'
import { BatchGetBuildsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild'
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type Credentials, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { connectS3, connectSts, signIn } from './signin.ts'

const MINUTE = 60_000

let sandbox: Sandbox
let credentials: Credentials
beforeEach(async () => {
  sandbox = await startSandbox()
  credentials = (await signIn(sandbox)) ?? {
    AccessKeyId: '',
    SecretAccessKey: '',
    SessionToken: '',
    Expiration: undefined,
  }
  sandbox.journal.clear()
})
afterEach(() => sandbox.close())

function list(with_: Partial<Credentials> = {}) {
  const { bucket } = sandbox.names
  return connectS3(sandbox, { ...credentials, ...with_ }).send(new ListObjectsV2Command({ Bucket: bucket }))
}

function whoAmI(with_: Partial<Credentials> = {}) {
  return connectSts(sandbox, { ...credentials, ...with_ }).send(new GetCallerIdentityCommand())
}

/** A request whose Host header the caller chooses, which fetch forbids. */
function ask(host: string, path = '/'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(sandbox.endpoint)
    httpRequest({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the Host header', () => {
  test('must be the own address', async () => {
    const { port } = new URL(sandbox.endpoint)
    expect(await ask(`127.0.0.1:${port}`, '/_oidc/.well-known/jwks')).toBe(200)
    expect(await ask(`localhost:${port}`, '/_oidc/.well-known/jwks')).toBe(200)
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil:${port}`])
      expect(await ask(host, '/_oidc/.well-known/jwks')).toBe(421)
  })
})

describe('the counter', () => {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${sandbox.endpoint}${path}`, { ...init, headers: { 'x-sandbox-secret': sandbox.secret } })

  test('wants the secret', async () => {
    for (const path of ['/_sandbox/journal', '/_sandbox/faults', '/_sandbox/x']) {
      expect((await fetch(`${sandbox.endpoint}${path}`)).status).toBe(403)
      const headers = { 'x-sandbox-secret': `${sandbox.secret}x` }
      expect((await fetch(`${sandbox.endpoint}${path}`, { headers })).status).toBe(403)
    }
  })

  test('shows the journal', async () => {
    await list()
    const entries: unknown = await (await call('/_sandbox/journal')).json()
    expect(entries).toMatchObject([
      {
        service: 's3',
        operation: 'ListObjectsV2',
        principal: 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1',
        access: [{ action: 's3:ListBucket', resource: 'arn:aws:s3:::dcf-customer-artifacts' }],
        method: 'GET',
        status: 200,
      },
    ])
    await call('/_sandbox/journal', { method: 'DELETE' })
    expect(sandbox.journal.operations('s3')).toEqual([])
  })

  test('takes faults, and refuses what is none', async () => {
    const order = (fault: unknown) =>
      call('/_sandbox/faults', { method: 'POST', body: JSON.stringify(fault) })
    const fault = { service: 's3', operation: '*', effect: { kind: 'throttle' }, times: 1 }
    expect((await order([fault])).status).toBe(204)
    await expect(list()).rejects.toMatchObject({ name: 'SlowDown' })
    await list()
    for (const wrong of [null, 'x', {}, { ...fault, effect: { kind: 'burn' } }, { ...fault, times: -1 }])
      expect((await order(wrong)).status).toBe(400)
    await order(fault)
    await call('/_sandbox/faults', { method: 'DELETE' })
    await list()
  })
})

describe('a signature', () => {
  const s3 = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } })

  test('with another secret', async () => {
    await expect(list({ SecretAccessKey: 'x' })).rejects.toMatchObject(s3('SignatureDoesNotMatch', 403))
    await expect(whoAmI({ SecretAccessKey: 'x' })).rejects.toMatchObject(s3('SignatureDoesNotMatch', 403))
  })

  test('with an unknown key', async () => {
    await expect(list({ AccessKeyId: 'AKIAX' })).rejects.toMatchObject(s3('InvalidAccessKeyId', 403))
    await expect(whoAmI({ AccessKeyId: 'AKIAX' })).rejects.toMatchObject(s3('InvalidClientTokenId', 403))
  })

  test('with another session token', async () => {
    await expect(list({ SessionToken: 'x' })).rejects.toMatchObject(s3('InvalidToken', 400))
    await expect(whoAmI({ SessionToken: 'x' })).rejects.toMatchObject(s3('InvalidClientTokenId', 403))
  })

  test('with a clock that is wrong', async () => {
    sandbox.world.clock.shift(14 * MINUTE)
    await list()
    sandbox.world.clock.shift(2 * MINUTE)
    await expect(list()).rejects.toMatchObject(s3('RequestTimeTooSkewed', 403))
    await expect(whoAmI()).rejects.toMatchObject(s3('SignatureDoesNotMatch', 403))
  })

  test('of a session that is over', async () => {
    const role = sandbox.world.roles.get(sandbox.names.role)
    if (role === undefined) throw new Error('no role')
    const over = sandbox.world.sessions.create({ role, sessionName: 'over', durationSeconds: -1 })
    const { accessKeyId, secretAccessKey, sessionToken } = over.credentials
    const used = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken }
    await expect(list(used)).rejects.toMatchObject(s3('ExpiredToken', 400))
    await expect(whoAmI(used)).rejects.toMatchObject(s3('ExpiredToken', 403))
  })

  test('for another region', async () => {
    const client = new S3Client({
      endpoint: sandbox.endpoint,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: {
        accessKeyId: credentials.AccessKeyId ?? '',
        secretAccessKey: credentials.SecretAccessKey ?? '',
        sessionToken: credentials.SessionToken ?? '',
      },
    })
    const request = new ListObjectsV2Command({ Bucket: sandbox.names.bucket })
    await expect(client.send(request)).rejects.toMatchObject(s3('AuthorizationHeaderMalformed', 400))
  })

  test('none at all', async () => {
    const response = await fetch(`${sandbox.endpoint}/${sandbox.names.bucket}?list-type=2`)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('<Code>AccessDenied</Code>')
    const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' })
    const sts = await fetch(sandbox.endpoint, { method: 'POST', body })
    expect([sts.status, await sts.text()]).toEqual([
      403,
      expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    ])
  })

  test.each([
    // As long as the body that was signed.
    ['the body', { body: 'other' }],
    ['the path', { path: '/dcf-customer-artifacts/other' }],
    ['a header', { metadata: 'other' }],
    ['an additional header', { extra: 'x' }],
  ])('does not cover a change of %s on the way', async (_name, change) => {
    const client = connectS3(sandbox, credentials)
    client.middlewareStack.add(
      (next) => (args) => {
        const { request } = args
        if (isRequest(request)) {
          if ('body' in change) request.body = change.body
          if ('path' in change && change.path !== undefined) request.path = change.path
          if ('metadata' in change) request.headers['x-amz-meta-run'] = change.metadata
          if ('extra' in change) request.headers['x-amz-tagging'] = change.extra
        }
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
    )
    const input = { Bucket: sandbox.names.bucket, Key: 'k', Body: 'hello', Metadata: { run: '1' } }
    await expect(client.send(new PutObjectCommand(input))).rejects.toMatchObject({
      $metadata: { httpStatusCode: expect.toSatisfy((status: number) => status === 400 || status === 403) },
    })
    expect(sandbox.world.buckets.get(sandbox.names.bucket)?.objects.size).toBe(0)
  })
})

describe('a bad signature in the JSON protocols', () => {
  const connect = (with_: Partial<Credentials>) => {
    const { AccessKeyId, SecretAccessKey, SessionToken } = { ...credentials, ...with_ }
    const settings = {
      endpoint: sandbox.endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: {
        accessKeyId: AccessKeyId ?? '',
        secretAccessKey: SecretAccessKey ?? '',
        sessionToken: SessionToken ?? '',
      },
    }
    return { codebuild: new CodeBuildClient(settings), lambda: new LambdaClient(settings) }
  }
  const builds = new BatchGetBuildsCommand({ ids: ['dcf-lambda-build:1'] })
  const look = new GetFunctionCommand({ FunctionName: 'hello' })

  test.each([
    [{ SecretAccessKey: 'x' }, 'InvalidSignatureException'],
    [{ AccessKeyId: 'AKIAX' }, 'UnrecognizedClientException'],
    [{ SessionToken: 'x' }, 'UnrecognizedClientException'],
  ])('%j: %s', async (with_, name) => {
    const { codebuild, lambda } = connect(with_)
    await expect(codebuild.send(builds)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
    await expect(lambda.send(look)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } })
  })

  test('a session that is over', async () => {
    const { codebuild, lambda } = connect({})
    await codebuild.send(builds)
    sandbox.world.clock.shift(60 * MINUTE)
    // The SDK learns the account's time from the first refusal, and signs by it from then on.
    await codebuild.send(builds).catch(() => undefined)
    await lambda.send(look).catch(() => undefined)
    const name = 'ExpiredTokenException'
    await expect(codebuild.send(builds)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
    await expect(lambda.send(look)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } })
  })

  test('a clock that is wrong', async () => {
    sandbox.world.clock.shift(16 * MINUTE)
    const { codebuild } = connect({})
    await expect(codebuild.send(builds)).rejects.toMatchObject({ name: 'InvalidSignatureException' })
    await codebuild.send(builds)
  })

  test('a permission that is missing is named under the code of each protocol', async () => {
    sandbox.world.roles.get(sandbox.names.role)?.policies.clear()
    const { codebuild, lambda } = connect({})
    const name = 'AccessDeniedException'
    const who =
      'User: arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1 is not authorized to perform: '
    await expect(codebuild.send(builds)).rejects.toMatchObject({
      name,
      message: `${who}codebuild:BatchGetBuilds on resource: arn:aws:codebuild:us-east-1:123456789012:project/dcf-lambda-build because no identity-based policy allows the codebuild:BatchGetBuilds action`,
      $metadata: { httpStatusCode: 400 },
    })
    await expect(lambda.send(look)).rejects.toMatchObject({
      name,
      message: `${who}lambda:GetFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:hello because no identity-based policy allows the lambda:GetFunction action`,
      $metadata: { httpStatusCode: 403 },
    })
  })
})

describe('faults', () => {
  const put = () =>
    connectS3(sandbox, credentials).send(
      new PutObjectCommand({ Bucket: sandbox.names.bucket, Key: 'k', Body: 'hello' }),
    )
  const objects = () => sandbox.world.buckets.get(sandbox.names.bucket)?.objects.size

  test('an error of the service', async () => {
    const effect = { kind: 'error', status: 500, code: 'InternalError', message: 'We encountered an error.' }
    sandbox.faults.add({
      service: 's3',
      operation: 'PutObject',
      effect: { ...effect, kind: 'error' },
      times: 1,
    })
    await expect(put()).rejects.toMatchObject({ name: 'InternalError', message: effect.message })
    await list()
    await put()
    expect(sandbox.journal.entries.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      [500, 'InternalError'],
      [200, undefined],
      [200, undefined],
    ])
  })

  test('the first requests may pass', async () => {
    sandbox.faults.add({ service: '*', operation: '*', effect: { kind: 'throttle' }, after: 2 })
    await put()
    await put()
    for (let time = 0; time < 3; time += 1) await expect(put()).rejects.toMatchObject({ name: 'SlowDown' })
    await expect(whoAmI()).rejects.toMatchObject({ name: 'Throttling' })
  })

  test.each([
    ['request', 0],
    ['answer', 1],
    ['inside', 1],
  ] as const)('a connection cut at the %s', async (at, stored) => {
    sandbox.faults.add({ service: 's3', operation: 'PutObject', effect: { kind: 'cut', at }, times: 1 })
    if (at === 'inside') await put().catch(() => undefined)
    else await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(objects()).toBe(stored)
  })

  test('an answer cut in its middle', async () => {
    await put()
    sandbox.faults.add({ service: 's3', operation: 'GetObject', effect: { kind: 'cut', at: 'inside' } })
    const request = new GetObjectCommand({ Bucket: sandbox.names.bucket, Key: 'k' })
    const got = await connectS3(sandbox, credentials).send(request)
    await expect(got.Body?.transformToString()).rejects.toThrow()
  })

  test('a proxy page in place of an answer', async () => {
    const effect = { kind: 'body', status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' }
    sandbox.faults.add({ service: 'sts', operation: '*', effect: { ...effect, kind: 'body' } })
    await expect(whoAmI()).rejects.toMatchObject({ $metadata: { httpStatusCode: 502 } })
  })

  test('a late answer', async () => {
    sandbox.faults.add({
      service: 's3',
      operation: '*',
      effect: { kind: 'delay', milliseconds: 60_000 },
      times: 1,
    })
    const abortSignal = AbortSignal.timeout(100)
    const request = new ListObjectsV2Command({ Bucket: sandbox.names.bucket })
    await expect(connectS3(sandbox, credentials).send(request, { abortSignal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

test('a policy that cannot be judged is an error that is not tried again', async () => {
  const role = sandbox.world.roles.get(sandbox.names.role)
  role?.policies.set('broken', { Version: '2012-10-17', Statement: { Effect: 'Allow', Actions: 's3:*' } })
  await expect(list()).rejects.toMatchObject({
    name: 'SandboxPolicyError',
    message: '`Actions` is no element of a Statement.',
    $metadata: { httpStatusCode: 501 },
  })
})

test('two sandboxes share nothing', async () => {
  const other = await startSandbox()
  expect(other.endpoint).not.toBe(sandbox.endpoint)
  expect(other.secret).not.toBe(sandbox.secret)
  await expect(
    connectS3(other, credentials).send(new ListObjectsV2Command({ Bucket: other.names.bucket })),
  ).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  await other.close()
})

test('a closed sandbox answers no more', async () => {
  const other = await startSandbox()
  await other.close()
  await expect(fetch(other.endpoint)).rejects.toThrow()
})

test("the runner's environment speaks of the event that is set", () => {
  Object.assign(sandbox.github, { event: 'pull_request', ref: 'refs/pull/7/merge' })
  expect(runnerEnvironment(sandbox, { GITHUB_RUN_ID: '5' })).toMatchObject({
    AWS_ENDPOINT_URL: sandbox.endpoint,
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_REF_NAME: '7/merge',
    GITHUB_REPOSITORY: 'acme/hello-dart',
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_RUN_ID: '5',
  })
  expect(sandbox.env['ACTIONS_ID_TOKEN_REQUEST_URL']).toContain('?')
})

interface SentRequest {
  path: string
  body: unknown
  headers: Record<string, string>
}

function isRequest(value: unknown): value is SentRequest {
  return typeof value === 'object' && value !== null && 'headers' in value && 'path' in value
}
