// The caller's own identity: the SDK's default credentials of a person at a terminal, and a role assumed from them.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import type { Identity } from '../../core/host.ts'
import { Refusal } from '../../core/refusal.ts'
import { sessionPolicyLimit } from '../../core/sessionpolicy.ts'
import { type Credentials, makeSts, type Place } from './clients.ts'
import { readFailure } from './failure.ts'
import { refuse } from './refuse.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Finds credentials each time it is asked; they may be renewed behind it. Throws Refusal where there are none. */
export type OwnCredentials = () => Promise<Credentials>

/**
 * The SDK's default chain, as the environment has it that is given here: the process's own is cut off from shared
 * configuration files as soon as a run begins.
 */
export function findOwnCredentials(environment: Environment, region: string | undefined): OwnCredentials {
  const { AWS_PROFILE: profile } = environment
  const provide = defaultProvider({
    filepath: environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
    configFilepath: environment['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { clientConfig: { region } }),
  })
  return async () => {
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide()
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        expiresAt: expiration?.getTime() ?? 0,
      }
    } catch (error) {
      throw new Refusal('DCF-IDENTITY-MISSING', {
        detail: `Neither ACTIONS_ID_TOKEN_REQUEST_URL nor a token file is there, and the SDK finds no credentials: ${readFailure(error).message}`,
        cause: error,
      })
    }
  }
}

export interface OwnAssumption {
  readonly identity: Identity
  readonly place: Place
  readonly signal: AbortSignal
  /** Told every secret, so that it is never shown. */
  conceal(secret: string): void
}

/** Assumes the role from the caller's own credentials. Throws Refusal. */
export async function assumeFromOwn(own: OwnCredentials, assumption: OwnAssumption): Promise<Credentials> {
  const { identity, place, signal, conceal } = assumption
  const credentials = await own()
  conceal(credentials.secretAccessKey)
  if (credentials.sessionToken !== undefined) conceal(credentials.sessionToken)
  const sts = makeSts(place, credentials)
  const command = new AssumeRoleCommand({
    RoleArn: identity.roleArn,
    RoleSessionName: identity.sessionName,
    DurationSeconds: 3600,
    ...(identity.sessionPolicy.length <= sessionPolicyLimit ? { Policy: identity.sessionPolicy } : {}),
  })
  try {
    const answer = await sts.send(command, { abortSignal: signal })
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
    if (!AccessKeyId || !SecretAccessKey || !SessionToken)
      throw new SyntaxError('STS answered without credentials')
    conceal(SecretAccessKey)
    conceal(SessionToken)
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAt: Expiration?.getTime() ?? 0,
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw explain(error, identity)
  } finally {
    sts.destroy()
  }
}

function explain(error: unknown, identity: Identity): Refusal {
  const base = refuse(error, {
    operation: 'AssumeRole',
    denied: 'DCF-ROLE-REFUSED',
    failed: 'DCF-AWS-FAILED',
  })
  if (base.code !== 'DCF-ROLE-REFUSED') return base
  const caller = /User: (arn:\S+) /.exec(base.detail)?.[1] ?? 'your own ARN'
  return new Refusal('DCF-ROLE-REFUSED', {
    detail: base.detail,
    help: `The trust policy of ${identity.roleArn} trusts tokens of GitHub. To assume it as yourself, let it also allow \`sts:AssumeRole\` to ${caller}.`,
    ...(base.awsCode === undefined ? {} : { awsCode: base.awsCode }),
    ...(base.requestId === undefined ? {} : { requestId: base.requestId }),
    cause: error,
  })
}
