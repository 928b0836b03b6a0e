// GitHub's two doors: the runner's token endpoint, and the issuer's discovery document and keys.
import { isSecret } from '../admin.ts'
import type { Answer, Exchange } from '../exchange.ts'
import type { Door } from '../service.ts'
import type { World } from '../world.ts'
import type { GithubIdentity } from './claims.ts'
import { createIssuer, type Issuer, OIDC_PATH } from './issuer.ts'

/** Path of the token endpoint; its URL carries a query already, as GitHub's does. */
export const TOKEN_PATH = '/_github/token'

export interface GithubAccess {
  readonly identity: GithubIdentity
  readonly requestToken: string
}

export function createGithubDoors(world: World, access: GithubAccess): readonly Door[] {
  const issuer = createIssuer()
  return [createTokenDoor(world, access, issuer), createIssuerDoor(world, issuer)]
}

function createTokenDoor(world: World, access: GithubAccess, issuer: Issuer): Door {
  return {
    name: 'github',
    matches: ({ path }) => path === TOKEN_PATH,
    enter: (exchange) => ({
      operation: 'GetIdToken',
      parameters: { audience: exchange.query.get('audience') },
      run: () => mintToken(exchange, world, { ...access, issuer }),
    }),
  }
}

async function mintToken(
  exchange: Exchange,
  world: World,
  { identity, requestToken, issuer }: GithubAccess & { readonly issuer: Issuer },
): Promise<Answer> {
  if (exchange.method !== 'GET') return json(405, { message: 'Method Not Allowed' })
  const bearer = /^Bearer (.+)$/i.exec(exchange.headers['authorization'] ?? '')?.[1]
  if (bearer === undefined || !isSecret(bearer, requestToken)) return json(401, { message: 'Unauthorized' })
  const [owner = ''] = identity.repository.split('/')
  const value = await issuer.sign(identity, {
    issuer: `${world.endpoint}${OIDC_PATH}`,
    // Without the query GitHub's audience is the owner's URL.
    audience: exchange.query.get('audience') ?? `https://github.com/${owner}`,
    now: world.clock.now(),
  })
  return json(200, { count: value.length, value })
}

function createIssuerDoor(world: World, issuer: Issuer): Door {
  const base = `${OIDC_PATH}/.well-known`
  return {
    name: 'oidc',
    matches: ({ path }) => path.startsWith(`${OIDC_PATH}/`),
    enter: ({ path }) => ({
      operation: path === `${base}/jwks` ? 'GetKeys' : 'GetDiscovery',
      run: async () => {
        if (path === `${base}/openid-configuration`)
          return json(200, issuer.discovery(`${world.endpoint}${OIDC_PATH}`))
        if (path === `${base}/jwks`) return json(200, await issuer.jwks())
        return json(404, { message: 'Not Found' })
      },
    }),
  }
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  }
}
