// One GET with every limit that a dead server calls for, through the proxy that the environment names.
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { agentsFor } from './proxy.ts'
import { within } from './within.ts'

export interface GetRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Milliseconds for the whole answer. */
  readonly limit: number
}

export interface GetAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 64 KiB. */
  readonly text: string
}

const longest = 64 * 1024

/** Redirects are an answer and not followed. Rejects with Node's network error, a TimeoutError, or the signal's reason. */
export function get(request: GetRequest): Promise<GetAnswer> {
  return exchange(request, readText)
}

/** The same without waiting for the body. */
export function getHead(request: GetRequest): Promise<GetAnswer> {
  return exchange(request, async () => '')
}

async function exchange(
  { url, headers = {}, signal, limit }: GetRequest,
  read: (message: IncomingMessage) => Promise<string>,
): Promise<GetAnswer> {
  const { httpAgent, httpsAgent } = agentsFor(url)
  try {
    return await within(limit, signal, async (either) => {
      const isSecure = url.startsWith('https:')
      const options = {
        headers: { 'user-agent': 'dcf-aws-lambda-deploy', ...headers },
        agent: isSecure ? httpsAgent : httpAgent,
        signal: either,
      }
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = isSecure ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve)
        outgoing.on('error', reject).end()
      })
      const text = await read(message)
      const named = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const)
      return { status: message.statusCode ?? 0, headers: Object.fromEntries(named), text }
    })
  } finally {
    httpAgent.destroy()
    httpsAgent.destroy()
  }
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message) {
    const piece = Buffer.from(chunk)
    bytes += piece.length
    if (bytes > longest) break
    chunks.push(piece)
  }
  return Buffer.concat(chunks).toString('utf8')
}
