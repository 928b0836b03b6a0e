// GitHub's token endpoint: a fresh OIDC token for every attempt to assume the role.
import { Refusal } from '../../core/refusal.ts'
import type { TokenSource } from '../aws/token.ts'
import type { Concealer } from '../conceal.ts'
import { type GetAnswer, type GetRequest, get } from '../get.ts'

export interface TokenRequest {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly audience: string
  /** GitHub gives forks no token, and only this tells that case from a forgotten permission. */
  readonly fromFork: boolean
  readonly concealer: Concealer
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
}

/** Milliseconds for one request, and for all tries of one token. */
const requestLimit = 10_000
const budget = 30_000

/** The source asks again for each token; it throws Refusal. 5xx, 429 and network faults are retried within 30 s. */
export function githubTokens(request: TokenRequest): TokenSource {
  return async (signal = new AbortController().signal) => {
    const { url, bearer } = readEndpoint(request)
    const deadline = request.now() + budget
    for (let attempt = 0; ; attempt += 1) {
      const left = Math.min(requestLimit, deadline - request.now())
      const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' }
      const found = await tryOnce({ url, headers, signal, limit: left })
      if (typeof found === 'string') {
        request.concealer.add(found)
        return found
      }
      const pause = Math.min(500 * 2 ** attempt, 5000)
      if (!found.isTransient || request.now() + pause > deadline) throw found
      await request.sleep(pause, signal)
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

async function tryOnce(request: GetRequest): Promise<string | Refusal> {
  try {
    const answer = await get(request)
    return (answer.status === 200 ? readValue(answer.text) : undefined) ?? explain(answer)
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason
    const message = error instanceof Error ? error.message : String(error)
    return new Refusal('DCF-TOKEN-UNREACHABLE', {
      detail: `The token endpoint did not answer: ${message.slice(0, 300)}`,
      isTransient: true,
    })
  }
}

/** GitHub's answer is `{"count": ..., "value": "..."}`. */
function readValue(text: string): string | undefined {
  const value: unknown = Reflect.get(Object(parse(text)), 'value')
  return typeof value === 'string' && value !== '' ? value : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function explain({ status, text }: GetAnswer): Refusal {
  if (status === 200)
    return new Refusal('DCF-TOKEN-UNREACHABLE', {
      detail: 'The token endpoint answered HTTP 200 without a token.',
      isTransient: true,
    })
  const said: unknown = Reflect.get(Object(parse(text)), 'message')
  const message = typeof said === 'string' ? `: ${said.slice(0, 300)}` : ''
  const isTransient = status >= 500 || status === 429 || message.includes('Pending')
  return new Refusal(isTransient ? 'DCF-TOKEN-UNREACHABLE' : 'DCF-TOKEN-REFUSED', {
    detail: `The token endpoint answered HTTP ${status}${message}`,
    isTransient,
  })
}
