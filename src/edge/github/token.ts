// GitHub's token endpoint: a fresh OIDC token for every attempt to assume the role.
import { HttpClient, HttpClientError } from '@actions/http-client'
import { BearerCredentialHandler } from '@actions/http-client/lib/auth'
import { Refusal } from '../../core/refusal.ts'
import type { TokenSource } from '../aws/token.ts'
import type { Concealer } from '../conceal.ts'

export interface TokenRequest {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly audience: string
  /** GitHub gives forks no token, and only this tells that case from a forgotten permission. */
  readonly fromFork: boolean
  readonly concealer: Concealer
  sleep(milliseconds: number): Promise<void>
  now(): number
}

/** Milliseconds for one request, and for all tries of one token. */
const requestLimit = 10_000
const budget = 30_000

/** The source asks again for each token; it throws Refusal. 5xx, 429 and network faults are retried within 30 s. */
export function githubTokens(request: TokenRequest): TokenSource {
  return async () => {
    const { url, bearer } = readEndpoint(request)
    const deadline = request.now() + budget
    for (let attempt = 0; ; attempt += 1) {
      const found = await tryOnce(url, bearer)
      if (typeof found === 'string') {
        request.concealer.add(found)
        return found
      }
      const pause = Math.min(500 * 2 ** attempt, 5000)
      if (!found.isTransient || request.now() + pause > deadline) throw found
      await request.sleep(pause)
    }
  }
}

function readEndpoint({ environment, audience, fromFork, concealer }: TokenRequest): {
  readonly url: string
  readonly bearer: string
} {
  const base = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const bearer = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  if (base === '' || bearer === '' || !URL.canParse(base)) {
    const code = fromFork ? 'DCF-TOKEN-FORK' : 'DCF-TOKEN-PERMISSION'
    throw new Refusal(code, {
      detail: 'ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not set for this step.',
    })
  }
  concealer.add(bearer)
  const url = new URL(base)
  url.searchParams.set('audience', audience)
  return { url: url.href, bearer }
}

async function tryOnce(url: string, bearer: string): Promise<string | Refusal> {
  const client = new HttpClient('dcf-aws-lambda-deploy', [new BearerCredentialHandler(bearer)], {
    allowRetries: false,
    allowRedirects: false,
    socketTimeout: requestLimit,
  })
  try {
    const answer = await client.getJson<unknown>(url)
    const token: unknown = Reflect.get(Object(answer.result), 'value')
    if (typeof token === 'string' && token !== '') return token
    return new Refusal('DCF-TOKEN-UNREACHABLE', {
      detail: `The token endpoint answered HTTP ${answer.statusCode} without a token.`,
      isTransient: true,
    })
  } catch (error) {
    return explain(error)
  } finally {
    client.dispose()
  }
}

function explain(error: unknown): Refusal {
  if (error instanceof HttpClientError) {
    const isTransient = error.statusCode >= 500 || error.statusCode === 429 || /Pending/.test(error.message)
    const code = isTransient ? 'DCF-TOKEN-UNREACHABLE' : 'DCF-TOKEN-REFUSED'
    return new Refusal(code, {
      detail: `The token endpoint answered HTTP ${error.statusCode}: ${error.message.slice(0, 300)}`,
      isTransient,
    })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new Refusal('DCF-TOKEN-UNREACHABLE', {
    detail: `The token endpoint did not answer: ${message.slice(0, 300)}`,
    isTransient: true,
  })
}
