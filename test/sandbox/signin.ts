// How the tests of the sandbox get a token, a session and clients: over HTTP with the real SDK, as the action does.
import { S3Client } from '@aws-sdk/client-s3'
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  type AssumeRoleWithWebIdentityCommandOutput,
  type Credentials,
  STSClient,
} from '@aws-sdk/client-sts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/** Asks the runner's token endpoint. */
export async function fetchToken(sandbox: Sandbox, audience = 'sts.amazonaws.com'): Promise<string> {
  const url = `${sandbox.env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${encodeURIComponent(audience)}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${sandbox.requestToken}` } })
  const body: unknown = await response.json()
  if (typeof body === 'object' && body !== null && 'value' in body && typeof body.value === 'string')
    return body.value
  throw new Error(`the token endpoint answered ${response.status}`)
}

export function connectSts(sandbox: Sandbox, credentials?: Credentials): STSClient {
  return new STSClient(settings(sandbox, credentials))
}

export function connectS3(sandbox: Sandbox, credentials: Credentials | undefined): S3Client {
  return new S3Client(settings(sandbox, credentials))
}

/** Assumes the seeded deploy role. */
export function assume(
  sandbox: Sandbox,
  token: string,
  overrides: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
): Promise<AssumeRoleWithWebIdentityCommandOutput> {
  return connectSts(sandbox).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: sandbox.names.roleArn,
      RoleSessionName: 'run-1',
      WebIdentityToken: token,
      ...overrides,
    }),
  )
}

/** Credentials of the deploy role, cut down by a session policy if one is given. */
export async function signIn(sandbox: Sandbox, policy?: unknown): Promise<Credentials | undefined> {
  const overrides = policy === undefined ? {} : { Policy: JSON.stringify(policy) }
  return (await assume(sandbox, await fetchToken(sandbox), overrides)).Credentials
}

function settings(sandbox: Sandbox, credentials: Credentials | undefined) {
  return {
    endpoint: sandbox.endpoint,
    region: sandbox.names.region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: credentials?.AccessKeyId ?? 'none',
      secretAccessKey: credentials?.SecretAccessKey ?? 'none',
      sessionToken: credentials?.SessionToken ?? 'none',
    },
  }
}
