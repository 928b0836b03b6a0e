// Checks a web identity token as STS does: a registered issuer, its published keys, the audience and the times.
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { AwsError } from '../awserror.ts'
import { isObject } from '../json.ts'
import type { World } from '../world.ts'
import type { Provider } from './role.ts'

export interface WebIdentity {
  readonly provider: Provider
  readonly subject: string
  readonly audience: string
  readonly claims: JWTPayload
}

/** IAM takes a token until five minutes after its `exp`, for clocks that disagree; the same goes for `nbf`. */
const LEEWAY_SECONDS = 300

/** The signature algorithms that IAM takes from an OIDC provider. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

/** Throws InvalidIdentityToken or ExpiredTokenException. */
export async function verifyWebIdentity(token: string, world: World): Promise<WebIdentity> {
  const provider = findProvider(token, world)
  const claims = await verify(token, provider, world)
  const { sub, iat } = claims
  if (typeof sub !== 'string' || sub === '') throw invalid('Missing a required claim: sub')
  if (iat === undefined) throw invalid('Missing a required claim: iat')
  return { provider, subject: sub, audience: checkAudience(claims, provider), claims }
}

function findProvider(token: string, world: World): Provider {
  const issuer = readIssuer(token)
  const provider = world.providers.get(issuer)
  if (provider === undefined) throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  return provider
}

function readIssuer(token: string): string {
  try {
    const { iss } = decodeJwt(token)
    if (typeof iss === 'string') return iss
  } catch {
    // Said below.
  }
  throw invalid(
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  )
}

async function verify(token: string, provider: Provider, world: World): Promise<JWTPayload> {
  const keys = createLocalJWKSet(await fetchKeys(provider))
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(world.clock.now()),
      requiredClaims: ['exp'],
    })
    return payload
  } catch (error) {
    throw explain(error, world.clock.now())
  }
}

function explain(error: unknown, now: number): AwsError {
  if (error instanceof errors.JWTExpired) {
    const end = new Date((error.payload.exp ?? 0) * 1000).toISOString()
    const message = `Token expired: current date/time ${new Date(now).toISOString()} must be before the expiration date/time ${end}`
    return new AwsError('ExpiredTokenException', message)
  }
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`The claim ${error.claim} is not acceptable: ${error.reason}`)
  if (error instanceof errors.JOSEError)
    return invalid(`The token's signature cannot be verified: ${error.code}`)
  throw error
}

/** Reads the provider's keys over HTTP, as AWS does. */
async function fetchKeys(provider: Provider): Promise<Parameters<typeof createLocalJWKSet>[0]> {
  try {
    const discovery = await fetchJson(`${provider.discovery}/.well-known/openid-configuration`)
    const uri = isObject(discovery) ? discovery['jwks_uri'] : undefined
    if (typeof uri === 'string') {
      const keys = await fetchJson(uri)
      if (isObject(keys) && Array.isArray(keys['keys'])) return { keys: keys['keys'] }
    }
  } catch {
    // Said below.
  }
  throw invalid(
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
  )
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  return response.json()
}

/** With `azp` that is the client; several audiences without it name none. */
function checkAudience(claims: JWTPayload, provider: Provider): string {
  const { aud, azp } = claims
  const list = aud === undefined ? [] : typeof aud === 'string' ? [aud] : aud
  const audience = typeof azp === 'string' ? azp : list.length === 1 ? list[0] : undefined
  if (audience === undefined || !provider.audiences.includes(audience))
    throw invalid('Incorrect token audience')
  return audience
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message)
}
