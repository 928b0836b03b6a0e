// The sandbox's one HTTP server on 127.0.0.1: reads requests, checks the Host header, writes answers or cuts them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Reply } from './dispatch.ts'
import type { Answer, Exchange } from './exchange.ts'
import { isOwnHost } from './route.ts'
import type { StreamDoor } from './service.ts'

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Who takes the requests: streams first, by their paths; `handle` all others, read whole. */
export interface Reception {
  readonly streams: readonly StreamDoor[]
  /** Host headers that are taken besides the server's own. */
  readonly hosts: readonly string[]
  handle(exchange: Exchange): Promise<Reply>
}

/** Listens on 127.0.0.1 at this port (0: any free one) and hands on every request with a proper Host. */
export async function listen(port: number, reception: Reception): Promise<Listening> {
  let own = port
  const server = createServer((request, response) => {
    respond(request, response, own, reception).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return // The client went away in the middle of its request.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      process.stderr.write(`sandbox: ${request.method} ${request.url}: ${text}\n`)
      if (!response.headersSent) write(response, { status: 500, body: 'internal error of the sandbox\n' })
      else response.destroy()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  own = portOf(server)
  return { port: own, close: () => close(server) }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  reception: Reception,
): Promise<void> {
  const { host } = request.headers
  if (!isOwnHost(host, port) && !reception.hosts.includes(host ?? '')) {
    write(response, { status: 421, body: 'This server answers to its own address only.\n' })
    return
  }
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const stream = reception.streams.find((one) => one.matches(path))
  if (stream !== undefined) return stream.handle(request, response)
  const reply = await reception.handle(await readExchange(request))
  if (reply.answer === undefined) {
    request.socket.destroy()
  } else if (reply.cut === true) {
    cutInside(response, reply.answer)
  } else {
    write(response, reply.answer, request.method)
  }
}

async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  // Without a prototype, so that a header named in a request finds nothing of JavaScript's own.
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    body: Buffer.concat(chunks),
  }
}

function write(response: ServerResponse, answer: Answer, method = 'GET'): void {
  const body = Buffer.from(answer.body ?? '')
  const hasNone = answer.status === 204 || answer.status === 304
  const length =
    hasNone || answer.headers?.['content-length'] !== undefined
      ? {}
      : { 'content-length': String(body.length) }
  response.writeHead(answer.status, { ...length, ...answer.headers })
  response.end(method === 'HEAD' || hasNone ? undefined : body)
}

/** Promises the whole answer, sends half of it and ends the connection. */
function cutInside(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body ?? '')
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length + 1) })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
