import { readFile } from 'node:fs/promises'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { assume, connectSts, fetchToken } from './signin.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

const MINUTE = 60_000

function deployRole() {
  const role = sandbox.world.roles.get(sandbox.names.role)
  if (role === undefined) throw new Error('the deploy role is not seeded')
  return role
}

function issuerHost(): string {
  return `${new URL(sandbox.endpoint).host}/_oidc`
}

function trustStatement(condition: unknown) {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuerHost()}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
    },
  }
}

test('a token of the seeded repository becomes a session of the deploy role', async () => {
  const answer = await assume(sandbox, await fetchToken(sandbox))
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:acme/hello-dart:ref:refs/heads/main',
    Audience: 'sts.amazonaws.com',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1' },
    Provider: `arn:aws:iam::123456789012:oidc-provider/${issuerHost()}`,
  })
  const identity = await connectSts(sandbox, answer.Credentials).send(new GetCallerIdentityCommand())
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1',
  })
  expect(sandbox.journal.operations()).toEqual([
    'github:GetIdToken',
    'oidc:GetDiscovery',
    'oidc:GetKeys',
    'sts:AssumeRoleWithWebIdentity',
    'sts:GetCallerIdentity',
  ])
})

describe("GitHub's tokens", () => {
  test('carry the documented claims and live five minutes', async () => {
    const claims = decodeJwt(await fetchToken(sandbox))
    expect(claims).toMatchObject({
      iss: `${sandbox.endpoint}/_oidc`,
      aud: 'sts.amazonaws.com',
      repository: 'acme/hello-dart',
      repository_id: '1296269',
      repository_owner: 'acme',
      repository_owner_id: '583231',
      event_name: 'push',
      ref: 'refs/heads/main',
      ref_type: 'branch',
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300)
  })

  test.each([
    [{}, 'repo:acme/hello-dart:ref:refs/heads/main'],
    [{ ref: 'refs/tags/v1' }, 'repo:acme/hello-dart:ref:refs/tags/v1'],
    [{ event: 'pull_request' }, 'repo:acme/hello-dart:pull_request'],
    [{ event: 'pull_request', environment: 'prod:eu' }, 'repo:acme/hello-dart:environment:prod%3Aeu'],
    [{ subjectForm: 'immutable' as const }, 'repo:acme@583231/hello-dart@1296269:ref:refs/heads/main'],
    [{ overrides: { sub: 'custom' } }, 'custom'],
  ])('speak of %j as %s', async (changes, subject) => {
    Object.assign(sandbox.github, changes)
    expect(decodeJwt(await fetchToken(sandbox)).sub).toBe(subject)
  })

  test.each([[undefined], ['Bearer wrong'], ['Basic abc']])('are refused to %j', async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization }
    const response = await fetch(`${sandbox.env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=x`, { headers })
    expect(response.status).toBe(401)
  })

  test('name the owner as audience when none is asked for', async () => {
    const response = await fetch(`${sandbox.env['ACTIONS_ID_TOKEN_REQUEST_URL']}`, {
      headers: { authorization: `Bearer ${sandbox.requestToken}` },
    })
    expect(decodeJwt(String(Object(await response.json()).value)).aud).toBe('https://github.com/acme')
  })
})

describe('a token that is not what it claims', () => {
  test('wrong audience', async () => {
    await expect(assume(sandbox, await fetchToken(sandbox, 'other'))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: 'Incorrect token audience',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('several audiences without a client', async () => {
    sandbox.github.overrides['aud'] = ['sts.amazonaws.com', 'other']
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toThrow('Incorrect token audience')
  })

  test.each(['sub', 'exp', 'iat', 'aud'])('no claim %s', async (claim) => {
    sandbox.github.overrides[claim] = undefined
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    })
  })

  test('unknown issuer', async () => {
    sandbox.github.overrides['iss'] = 'https://token.actions.githubusercontent.com'
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message:
        'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
    })
  })

  test.each([
    ['garbage', () => 'no.token.here'],
    ['a changed claim', (token: string) => changeClaim(token, 'sub', 'repo:acme/other')],
    ['no signature', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
    ['alg none', (token: string) => `${encode({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`],
  ])('%s', async (_name, spoil) => {
    await expect(assume(sandbox, spoil(await fetchToken(sandbox)))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('a signature by another key, under the name of the published one', async () => {
    const token = await fetchToken(sandbox)
    const { kid } = header(token)
    const { privateKey } = await generateKeyPair('RS256')
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'RS256', kid: String(kid) })
      .sign(privateKey)
    await expect(assume(sandbox, forged)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
  })

  test('a MAC made with the public key', async () => {
    const token = await fetchToken(sandbox)
    const jwks: unknown = await (await fetch(`${sandbox.endpoint}/_oidc/.well-known/jwks`)).json()
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'HS256', kid: String(header(token)['kid']) })
      .sign(new TextEncoder().encode(JSON.stringify(Object(jwks).keys[0])))
    await expect(assume(sandbox, forged)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
  })

  test('a key that travels in the token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const forged = await new SignJWT(decodeJwt(await fetchToken(sandbox)))
      .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
      .sign(privateKey)
    await expect(assume(sandbox, forged)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
  })

  test('an expired one is taken five minutes longer, and then no more', async () => {
    const token = await fetchToken(sandbox)
    sandbox.world.clock.shift(9 * MINUTE)
    await assume(sandbox, token)
    sandbox.world.clock.shift(2 * MINUTE)
    await expect(assume(sandbox, token)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('one of the future', async () => {
    sandbox.github.overrides['nbf'] = Math.floor(Date.now() / 1000) + 900
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    })
  })

  test('keys that cannot be read', async () => {
    sandbox.faults.add({ service: 'oidc', operation: '*', effect: { kind: 'cut', at: 'request' } })
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toThrow(
      "Couldn't retrieve verification key from your identity provider",
    )
  })
})

describe('the trust policy', () => {
  const refused = {
    name: 'AccessDenied',
    message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    $metadata: { httpStatusCode: 403 },
  }

  test('refuses another subject', async () => {
    sandbox.github.ref = 'refs/heads/other'
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toMatchObject(refused)
  })

  test('and a role that does not exist is refused in the same words', async () => {
    const RoleArn = 'arn:aws:iam::123456789012:role/missing'
    await expect(assume(sandbox, await fetchToken(sandbox), { RoleArn })).rejects.toMatchObject(refused)
  })

  test('refuses an audience that the provider takes and the role does not', async () => {
    sandbox.world.providers.get(`${sandbox.endpoint}/_oidc`)?.audiences.push('second')
    await expect(assume(sandbox, await fetchToken(sandbox, 'second'))).rejects.toMatchObject(refused)
  })

  test.each([
    [{ StringLike: { sub: 'repo:acme/*:ref:refs/heads/*' } }, true],
    // StringEquals takes a wildcard literally: the most frequent mistake.
    [{ StringEquals: { sub: 'repo:acme/*' } }, false],
    [{ StringEquals: { repository_id: '1296269' } }, true],
    [{ StringEquals: { repository_id: '7' } }, false],
    [{ StringEquals: { environment: 'production' } }, false],
  ])('judges %j: %j', async (condition, isTaken) => {
    const prefixed = Object.fromEntries(
      Object.entries(condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${issuerHost()}:${key}`, value])),
      ]),
    )
    deployRole().trust = trustStatement(prefixed)
    const attempt = assume(sandbox, await fetchToken(sandbox))
    if (isTaken) await attempt
    else await expect(attempt).rejects.toMatchObject(refused)
  })

  test('that cannot be judged is an error that says why', async () => {
    deployRole().trust = trustStatement({ StringIs: { 'a:b': 'c' } })
    await expect(assume(sandbox, await fetchToken(sandbox))).rejects.toThrow(
      '`StringIs` is no condition operator',
    )
  })
})

describe('the input', () => {
  test.each([
    [{ RoleSessionName: 'a' }, 'greater than or equal to 2'],
    [{ RoleSessionName: 'a b' }, 'regular expression pattern'],
    [{ RoleSessionName: 'x'.repeat(65) }, 'less than or equal to 64'],
    [{ DurationSeconds: 60 }, 'greater than or equal to 900'],
    [{ DurationSeconds: 50_000 }, 'less than or equal to 43200'],
    [{ DurationSeconds: 7200 }, 'exceeds the MaxSessionDuration'],
    [{ RoleArn: 'arn:aws:s3:::dcf-customer-artifacts' }, 'Request ARN is invalid'],
    [{ Policy: 'x'.repeat(2049) }, 'less than or equal to 2048'],
  ])('%j is refused: %s', async (overrides, message) => {
    await expect(assume(sandbox, await fetchToken(sandbox), overrides)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('all violations are named at once', async () => {
    const overrides = { RoleSessionName: 'a', DurationSeconds: 60 }
    await expect(assume(sandbox, await fetchToken(sandbox), overrides)).rejects.toThrow(
      '2 validation errors detected',
    )
  })

  test('a role may allow longer sessions', async () => {
    deployRole().maxSessionDuration = 7200
    const answer = await assume(sandbox, await fetchToken(sandbox), { DurationSeconds: 7200 })
    const minutes = ((answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / MINUTE
    expect(Math.round(minutes)).toBe(120)
  })

  test.each(['{', '[]', '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}'])(
    'the session policy %s is malformed',
    async (Policy) => {
      await expect(assume(sandbox, await fetchToken(sandbox), { Policy })).rejects.toMatchObject({
        name: 'MalformedPolicyDocumentException',
      })
    },
  )

  test('a session policy may be too large once packed', async () => {
    sandbox.world.packedPolicyLimit = 50
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    })
    await expect(assume(sandbox, await fetchToken(sandbox), { Policy })).rejects.toMatchObject({
      name: 'PackedPolicyTooLargeException',
    })
  })
})

test('an identity provider that AWS cannot reach', async () => {
  const effect = { kind: 'error', status: 400, code: 'IDPCommunicationError', message: 'try again' } as const
  sandbox.faults.add({ service: 'sts', operation: 'AssumeRoleWithWebIdentity', effect, times: 1 })
  const token = await fetchToken(sandbox)
  await expect(assume(sandbox, token)).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' })
  await assume(sandbox, token)
})

test('the seeded policies are the files that customers get', async () => {
  const file = new URL('../../policies/deploy-role-policy.json', import.meta.url)
  const text = (await readFile(file, 'utf8'))
    .replaceAll('<DCF_ARTIFACT_BUCKET>', 'dcf-customer-artifacts')
    .replaceAll('<AWS_REGION>', 'us-east-1')
    .replaceAll('<ACCOUNT_ID>', '123456789012')
    .replaceAll('<CODEBUILD_PROJECT_NAME>', 'dcf-lambda-build')
  expect([...deployRole().policies.values()]).toEqual([JSON.parse(text)])
})

test('optional permissions are held only when asked for', async () => {
  const other = await startSandbox({
    optionalPolicies: ['deploy-role-stop-build', 'codebuild-service-role-layer-cache'],
  })
  const names = (role: string) => [...(other.world.roles.get(role)?.policies.keys() ?? [])]
  expect(names(other.names.role)).toEqual(['DcfRuntimeAccess', 'deploy-role-stop-build'])
  expect(names(other.names.serviceRole)).toEqual([
    'CodeBuildServiceRole',
    'codebuild-service-role-layer-cache',
  ])
  await other.close()
})

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function header(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))
}

function changeClaim(token: string, name: string, value: unknown): string {
  const [head, , signature] = token.split('.')
  const claims: JWTPayload = { ...decodeJwt(token), [name]: value }
  return `${head}.${encode(claims)}.${signature}`
}
