// Who signed a request: signature, payload hash, session token, expiry and clock, refused in the terms of each protocol.
import { createHash, timingSafeEqual } from 'node:crypto'
import { AwsError } from '../awserror.ts'
import type { Exchange } from '../exchange.ts'
import type { Caller, Service } from '../service.ts'
import type { World } from '../world.ts'
import type { Session } from './sessions.ts'
import { type Authorization, computeSignature, readAmzDate, readAuthorization } from './signature.ts'
import { refuseSignature } from './signaturerefusal.ts'

/** AWS takes a signature within 15 minutes of its own time, S3 and the other services alike. */
const LEEWAY = 15 * 60 * 1000

/** Throws AwsError when the request is not signed by a live session of this account. */
export async function authenticate(exchange: Exchange, service: Service, world: World): Promise<Caller> {
  const { protocol } = service
  const authorization = readAuthorization(exchange.headers['authorization'])
  if (authorization === undefined) throw refuseSignature('missing', protocol)
  const session = world.sessions.find(authorization.accessKeyId)
  if (session === undefined) throw refuseSignature('unknown key', protocol)
  if (exchange.headers['x-amz-security-token'] !== session.credentials.sessionToken)
    throw refuseSignature('wrong token', protocol)
  const signedAt = readAmzDate(exchange.headers['x-amz-date'])
  if (signedAt === undefined || !(await isSignedBy(session, { exchange, authorization, signedAt })))
    throw refuseSignature('wrong signature', protocol)
  if (Math.abs(world.clock.now() - signedAt) > LEEWAY) throw refuseSignature('skewed', protocol)
  if (session.credentials.expiration <= world.clock.now()) throw refuseSignature('expired', protocol)
  checkScope(authorization, service, world)
  checkPayload(exchange, service)
  return session.caller
}

interface Signed {
  readonly exchange: Exchange
  readonly authorization: Authorization
  readonly signedAt: number
}

async function isSignedBy(session: Session, { exchange, authorization, signedAt }: Signed): Promise<boolean> {
  if (!coversWhatMatters(exchange, authorization.signedHeaders)) return false
  const key = { credentials: session.credentials, signedAt }
  const expected = Buffer.from((await computeSignature(exchange, authorization, key)) ?? '')
  const given = Buffer.from(authorization.signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** AWS wants `host` and every `x-amz-` header signed (docs: "Create a signed AWS API request"). */
function coversWhatMatters(exchange: Exchange, signedHeaders: readonly string[]): boolean {
  if (!signedHeaders.includes('host')) return false
  return Object.keys(exchange.headers).every(
    (name) => !name.startsWith('x-amz-') || signedHeaders.includes(name),
  )
}

/** The scope's region and service must be those that were called. */
function checkScope(authorization: Authorization, service: Service, world: World): void {
  if (authorization.service !== service.name) throw refuseSignature('wrong scope', service.protocol)
  if (authorization.region === world.region) return
  if (service.protocol === 'rest-xml') {
    throw new AwsError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${authorization.region}' is wrong; expecting '${world.region}'`,
      400,
      { Region: world.region },
    )
  }
  throw refuseSignature('wrong scope', service.protocol)
}

function checkPayload(exchange: Exchange, service: Service): void {
  const declared = exchange.headers['x-amz-content-sha256']
  if (declared === undefined) {
    if (service.name !== 's3') return
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  if (declared === 'UNSIGNED-PAYLOAD' || declared === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return
  const actual = createHash('sha256').update(exchange.body).digest('hex')
  if (declared === actual) return
  if (service.name === 's3') {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: actual },
    )
  }
  throw refuseSignature('wrong signature', service.protocol)
}
