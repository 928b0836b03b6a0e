// A proxy on 127.0.0.1 between the built bundle and the sandbox: it names every operation and spoils those it is told to.
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultKind, Spoiling } from './kinds.ts'
import { nameOperation, type WireRequest } from './operations.ts'

export interface Spoiled {
  readonly operation: string
  readonly fault: FaultKind
  /** Matching requests that pass unharmed first. */
  readonly after?: number
  /** In place of the fault's own number. */
  readonly times?: number
}

export interface FaultProxy {
  readonly port: number
  /** Every operation that arrived, in order. */
  readonly seen: string[]
  /** Bodies of answers that passed, by operation: where the secrets of a run come from. */
  readonly answers: (readonly [string, string])[]
  arm(spoiled: Spoiled): void
  close(): Promise<void>
}

interface Armed extends Spoiled {
  skip: number
  left: number
}

/** `target` gives the sandbox's port once it is known. */
export async function startProxy(target: () => number): Promise<FaultProxy> {
  const armed: Armed[] = []
  const seen: string[] = []
  const answers: (readonly [string, string])[] = []
  const sockets = new Set<Socket>()
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  })
  const port = await open(server, 0)

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    const operation = nameOperation(request) ?? 'other'
    seen.push(operation)
    const spoiling = take(operation)?.spoil(operation, request)
    if (spoiling === undefined) {
      const answer = await forward(request, target())
      answers.push([operation, answer.body.toString('utf8')])
      return finish(outgoing, answer, request.method)
    }
    await spoil(spoiling, { request, outgoing, socket: incoming.socket })
  }

  function take(operation: string): FaultKind | undefined {
    const found = armed.find((one) => one.operation === operation && (one.skip > 0 || one.left > 0))
    if (found === undefined) return undefined
    if (found.skip > 0) {
      found.skip -= 1
      return undefined
    }
    found.left -= 1
    return found.fault
  }

  async function spoil(spoiling: Spoiling, { request, outgoing, socket }: Exchange): Promise<void> {
    switch (spoiling.kind) {
      case 'answer': {
        const { status, headers, body } = spoiling.answer
        return finish(outgoing, { status, headers, body: Buffer.from(body) }, request.method)
      }
      case 'silence':
        return
      case 'cut': {
        if (spoiling.at === 'before') return void socket.resetAndDestroy()
        const answer = await forward(request, target())
        if (spoiling.at === 'after') return void socket.resetAndDestroy()
        outgoing.writeHead(answer.status, {
          ...answer.headers,
          'content-length': String(answer.body.length + 10),
        })
        outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => socket.destroy())
        return
      }
      case 'late': {
        const answer = await forward(request, target())
        await sleep(spoiling.milliseconds)
        return finish(outgoing, answer, request.method)
      }
      case 'drip':
        return drip(outgoing, await forward(request, target()))
      case 'change': {
        const answer = await forward(request, target())
        return finish(outgoing, { ...answer, body: spoiling.body(answer.body) }, request.method)
      }
      case 'refuse': {
        const gone = new Promise<void>((resolve) => server.close(() => resolve()))
        for (const one of sockets) one.destroy()
        await gone
        setTimeout(() => void open(server, port), spoiling.milliseconds).unref()
      }
    }
  }

  return {
    port,
    seen,
    answers,
    arm: (spoiled) => {
      armed.push({ ...spoiled, skip: spoiled.after ?? 0, left: spoiled.times ?? spoiled.fault.times })
    },
    close: async () => {
      for (const one of sockets) one.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

interface Exchange {
  readonly request: WireRequest
  readonly outgoing: ServerResponse
  readonly socket: Socket
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

function open(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = 'GET', url = '/', headers } = incoming
  return { method, url, headers, body: Buffer.concat(chunks) }
}

/** Passes a request on as it came: its Host header is signed. */
async function forward({ method, url, headers, body }: WireRequest, port: number): Promise<Answer> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const kept = Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) => name !== 'connection' && name !== 'expect' && name !== 'transfer-encoding',
      ),
    )
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {}
    send({ host: '127.0.0.1', port, method, path: url, headers: { ...kept, ...length } }, resolve)
      .on('error', reject)
      .end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  const passed = Object.entries(message.headers).filter(
    ([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'content-length'].includes(name),
  )
  return {
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(passed.map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  }
}

function finish(outgoing: ServerResponse, { status, headers, body }: Answer, method: string): void {
  const length = status === 204 ? {} : { 'content-length': String(body.length) }
  outgoing.writeHead(status, { ...headers, ...length })
  outgoing.end(method === 'HEAD' || status === 204 ? undefined : body)
}

/** One byte of the body every 300 ms, and of an answer without a body a header that never ends. */
async function drip(outgoing: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (body.length === 0) {
    outgoing.socket?.write('HTTP/1.1 200 OK\r\nx-drip: ')
    const timer = setInterval(() => outgoing.socket?.write('x'), 300)
    outgoing.on('close', () => clearInterval(timer))
    return
  }
  outgoing.writeHead(status, { ...headers, 'content-length': String(body.length) })
  let sent = 0
  const timer = setInterval(() => {
    outgoing.write(body.subarray(sent, sent + 1))
    sent += 1
    if (sent === body.length) outgoing.end()
  }, 300)
  outgoing.on('close', () => clearInterval(timer))
}
