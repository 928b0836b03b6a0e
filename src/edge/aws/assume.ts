// sts:AssumeRoleWithWebIdentity with a fresh token for every attempt, and refusals that explain themselves.
import { AssumeRoleWithWebIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { parseRoleArn } from '../../core/arn.ts'
import type { Code } from '../../core/catalogue.ts'
import type { Identity } from '../../core/host.ts'
import { Refusal } from '../../core/refusal.ts'
import { sessionPolicyLimit } from '../../core/sessionpolicy.ts'
import { within } from '../within.ts'
import type { Credentials } from './clients.ts'
import { type Failure, isTransient, readFailure } from './failure.ts'
import { refuse } from './refuse.ts'
import { type Claims, decodeClaims, type TokenSource } from './token.ts'
import { describeClaims, trustCondition } from './trust.ts'

export interface Assumption {
  readonly identity: Identity
  readonly sts: STSClient
  readonly token: TokenSource
  readonly signal: AbortSignal
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
  /** Told every secret of the session, so that it is never shown. */
  conceal(secret: string): void
  /** Told once if the session policy had to be left out. */
  note(text: string): void
}

/** One hour, which every role allows; a longer run refreshes. */
const durationSeconds = 3600
/** IAM takes a moment to see a new trust policy; more patience would only hide a wrong one. */
const deniedRetries = 2
/** Milliseconds for all attempts together at faults that may pass. */
const budget = 30_000
/** Milliseconds for one attempt. */
const limit = 10_000

/** Throws Refusal; a refused trust policy after about three seconds. */
export async function assumeRole(assumption: Assumption): Promise<Credentials> {
  const { now, sleep, signal } = assumption
  const deadline = now() + budget
  let denials = 0
  let stale = 0
  let withPolicy = assumption.identity.sessionPolicy.length <= sessionPolicyLimit
  for (let attempt = 0; ; attempt += 1) {
    const token = await assumption.token(signal)
    try {
      const left = Math.min(limit, Math.max(deadline - now(), 1000))
      return await within(left, signal, (either) =>
        assumeOnce({ ...assumption, signal: either }, token, withPolicy),
      )
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof Refusal) throw error
      const failure = readFailure(error)
      if (failure.name === 'PackedPolicyTooLarge' || failure.name === 'PackedPolicyTooLargeException') {
        if (!withPolicy) throw explain(error, failure, token, assumption)
        withPolicy = false
        assumption.note(
          "The session policy of this run is too large for STS together with the role's tags; the run goes on with the role's own permissions.",
        )
        continue
      }
      if (failure.kind === 'denied') denials += 1
      const isStale = failure.kind === 'expired' || failure.kind === 'clock'
      if (isStale) stale += 1
      const mayPass =
        failure.kind === 'denied'
          ? denials <= deniedRetries
          : isTransient(failure) || isProviderFault(failure) || (isStale && stale === 1)
      const pause = Math.min(500 * 2 ** attempt, 5000)
      if (!mayPass || now() + pause > deadline) throw explain(error, failure, token, assumption)
      await sleep(pause, signal)
    }
  }
}

async function assumeOnce(
  { identity, sts, signal, conceal }: Assumption,
  token: string,
  withPolicy: boolean,
): Promise<Credentials> {
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: identity.roleArn,
    RoleSessionName: identity.sessionName,
    WebIdentityToken: token,
    DurationSeconds: durationSeconds,
    ...(withPolicy ? { Policy: identity.sessionPolicy } : {}),
  })
  const answer = await sts.send(command, { abortSignal: signal })
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken)
    throw new SyntaxError('STS answered without credentials')
  conceal(SecretAccessKey)
  conceal(SessionToken)
  const role = parseRoleArn(identity.roleArn)
  const account = /^arn:[^:]+:sts::(\d{12}):assumed-role\//.exec(answer.AssumedRoleUser?.Arn ?? '')?.[1]
  if (role !== undefined && account !== undefined && account !== role.account) {
    throw new Refusal('DCF-ACCOUNT-MISMATCH', {
      detail: `The role is in account ${role.account}, STS answered for account ${account}.`,
    })
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration?.getTime() ?? 0,
  }
}

/** Faults between STS and the token's issuer that pass by themselves. */
function isProviderFault(failure: Failure): boolean {
  return (
    failure.name === 'IDPCommunicationError' ||
    failure.name === 'IDPCommunicationErrorException' ||
    failure.message.includes("Couldn't retrieve verification key")
  )
}

function explain(error: unknown, failure: Failure, token: string, { identity }: Assumption): Refusal {
  const claims = decodeClaims(token)
  const code = codeFor(failure)
  const base = refuse(error, {
    operation: 'AssumeRoleWithWebIdentity',
    denied: 'DCF-ROLE-REFUSED',
    failed: code,
    known: { [failure.name]: code },
  })
  if (claims === undefined) return base
  const help = helpFor(code, claims, identity)
  return new Refusal(code, {
    detail: `${base.detail} ${describeClaims(claims)}`,
    ...(help === undefined ? {} : { help }),
    ...(base.awsCode === undefined ? {} : { awsCode: base.awsCode }),
    ...(base.requestId === undefined ? {} : { requestId: base.requestId }),
    isTransient: base.isTransient,
    stage: 'identity',
    cause: error,
  })
}

function codeFor(failure: Failure): Code {
  if (failure.kind === 'denied' || failure.name === 'IDPRejectedClaim') return 'DCF-ROLE-REFUSED'
  if (/No OpenIDConnect provider/i.test(failure.message)) return 'DCF-PROVIDER-MISSING'
  if (/Incorrect token audience/i.test(failure.message)) return 'DCF-AUDIENCE-REFUSED'
  if (failure.kind === 'clock') return 'DCF-CLOCK-SKEW'
  if (failure.kind === 'expired') return 'DCF-TOKEN-EXPIRED'
  if (failure.name.startsWith('InvalidIdentityToken')) return 'DCF-TOKEN-INVALID'
  if (failure.name.startsWith('RegionDisabled')) return 'DCF-REGION-DISABLED'
  if (failure.kind === 'unreachable') return 'DCF-AWS-UNREACHABLE'
  return failure.kind === 'throttled' ? 'DCF-THROTTLED' : 'DCF-AWS-FAILED'
}

function helpFor(code: Code, claims: Claims, identity: Identity): string | undefined {
  const role = parseRoleArn(identity.roleArn)
  switch (code) {
    case 'DCF-ROLE-REFUSED':
      return `The trust policy of ${identity.roleArn} needs this condition: ${trustCondition(claims)} - if it has it, check that the role exists.`
    case 'DCF-PROVIDER-MISSING':
      return `Create the provider in account ${role?.account ?? ''}: aws iam create-open-id-connect-provider --url ${claims.iss} --client-id-list ${claims.aud[0] ?? ''}`
    case 'DCF-AUDIENCE-REFUSED':
      return `Add the audience: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn arn:${role?.partition ?? 'aws'}:iam::${role?.account ?? ''}:oidc-provider/${claims.iss.replace(/^https?:\/\//, '')} --client-id ${claims.aud[0] ?? ''}`
    default:
      return undefined
  }
}
