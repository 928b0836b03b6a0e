// The OIDC issuer: an RS256 key, its discovery document and JWKS, and tokens signed with it.
import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { type GithubIdentity, subjectOf } from './claims.ts'

/** Path of the issuer under the endpoint. No bucket's name starts with `_`, so it hides none. */
export const OIDC_PATH = '/_oidc'

export interface Issuer {
  /** Issuer URL, given the endpoint. */
  discovery(issuer: string): unknown
  jwks(): Promise<unknown>
  /** A signed token. `now` is in milliseconds. */
  sign(identity: GithubIdentity, request: TokenRequest): Promise<string>
}

export interface TokenRequest {
  readonly issuer: string
  readonly audience: string
  readonly now: number
}

/** GitHub's tokens live five minutes. */
const LIFETIME = 300

export function createIssuer(): Issuer {
  const keys = shareKeys()
  return {
    discovery: (issuer) => ({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
      claims_supported: [
        'sub',
        'aud',
        'exp',
        'iat',
        'iss',
        'jti',
        'nbf',
        'ref',
        'repository',
        'repository_id',
      ],
    }),
    jwks: async () => ({ keys: [(await keys).publicKey] }),
    sign: async (identity, request) => {
      const { privateKey, publicKey } = await keys
      return new SignJWT(makeClaims(identity, request))
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: publicKey.kid ?? '' })
        .sign(privateKey)
    },
  }
}

interface Keys {
  readonly privateKey: CryptoKey
  readonly publicKey: JWK
}

let shared: Promise<Keys> | undefined

/** One pair a process: making it takes longer than everything else of a start, and every sandbox is an issuer of its own anyway. */
function shareKeys(): Promise<Keys> {
  shared ??= createKeys()
  return shared
}

async function createKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = await exportJWK(publicKey)
  return { privateKey, publicKey: { ...jwk, kid: randomUUID(), alg: 'RS256', use: 'sig' } }
}

/** The claims that GitHub documents ("OpenID Connect reference"), all texts but the times; overrides win. */
function makeClaims(
  identity: GithubIdentity,
  { issuer, audience, now }: TokenRequest,
): Record<string, unknown> {
  const seconds = Math.floor(now / 1000)
  const [owner = ''] = identity.repository.split('/')
  const workflow = `${identity.repository}/.github/workflows/deploy.yml@${identity.ref}`
  return {
    jti: randomUUID(),
    sub: subjectOf(identity),
    aud: audience,
    ref: identity.ref,
    sha: identity.sha,
    repository: identity.repository,
    repository_owner: owner,
    repository_owner_id: identity.ownerId,
    repository_id: identity.repositoryId,
    repository_visibility: 'private',
    run_id: identity.runId,
    run_number: '1',
    run_attempt: identity.runAttempt,
    runner_environment: 'github-hosted',
    actor: identity.actor,
    actor_id: identity.actorId,
    workflow: identity.workflow,
    workflow_ref: workflow,
    workflow_sha: identity.sha,
    job_workflow_ref: workflow,
    job_workflow_sha: identity.sha,
    head_ref: identity.headRef,
    base_ref: identity.baseRef,
    event_name: identity.event,
    ref_type: identity.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    ...(identity.environment === undefined ? {} : { environment: identity.environment }),
    iss: issuer,
    nbf: seconds - 300,
    exp: seconds + LIFETIME,
    iat: seconds,
    ...identity.overrides,
  }
}
