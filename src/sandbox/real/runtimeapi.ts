// The HTTP server of the Lambda Runtime API and Extensions API for one instance of one function. Nobody but the instance's
// own container is answered.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isObject, parseJson } from '../json.ts'
import { PAYLOAD_LIMIT } from '../services/functionurl/payload.ts'
import type { Gateway } from './gateway.ts'
import { createRuntimeState, type Poll, type RuntimeResult, type RuntimeState } from './runtimestate.ts'

export interface RuntimeApi {
  readonly state: RuntimeState
  /** `HOST:PORT` as the container asks it. */
  readonly address: string
  /** From now on only this address is answered. */
  admit(containerAddress: string): void
  close(): Promise<void>
}

export interface Served {
  readonly functionName: string
  readonly accountId: string
}

/** Bytes that a streamed response may have (Lambda quotas). */
const STREAM_LIMIT = 200 * 1024 * 1024

/** What a request needs to be answered. */
interface Desk {
  readonly state: RuntimeState
  readonly served: Served
}

export async function openRuntimeApi(gateway: Gateway, served: Served): Promise<RuntimeApi> {
  const state = createRuntimeState()
  const desk: Desk = { state, served }
  let admitted: string | undefined
  const server = createServer((request, response) => {
    const from = request.socket.remoteAddress?.replace(/^::ffff:/, '')
    if (admitted !== undefined && from !== admitted) {
      response.writeHead(403).end()
      return
    }
    respond(request, response, desk).catch(() => response.destroy())
  })
  server.requestTimeout = 0
  server.headersTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, gateway.bind, resolve)
  })
  return {
    state,
    address: `${gateway.host}:${portOf(server)}`,
    admit: (address) => {
      if (gateway.host === gateway.bind) admitted = address
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const route = `${request.method} ${path.replace(/^(\/2018-06-01\/runtime\/invocation\/)[^/]+(\/)/, '$1ID$2')}`
  switch (route) {
    case 'GET /2018-06-01/runtime/invocation/next':
      desk.state.pollRuntime(createPoll(response))
      return
    case 'POST /2018-06-01/runtime/invocation/ID/response':
    case 'POST /2018-06-01/runtime/invocation/ID/error':
      return finishCall(request, response, desk)
    case 'POST /2018-06-01/runtime/init/error':
    case 'POST /2020-01-01/extension/init/error':
    case 'POST /2020-01-01/extension/exit/error':
      desk.state.failInit(describeError(await readBody(request, PAYLOAD_LIMIT)).message)
      return answer(response, 202, { status: 'OK' })
    case 'POST /2020-01-01/extension/register':
      return register(request, response, desk)
    case 'GET /2020-01-01/extension/event/next':
      return pollExtension(request, response, desk)
    default:
      answer(response, 404, { errorType: 'NotFound', errorMessage: `Not served by the sandbox: ${route}` })
  }
}

async function finishCall(
  request: IncomingMessage,
  response: ServerResponse,
  { state }: Desk,
): Promise<void> {
  const requestId = request.url?.split('/')[4] ?? ''
  const isError = request.url?.endsWith('/error') === true
  const streamed = request.headers['lambda-runtime-function-response-mode'] === 'streaming'
  const body = await readBody(request, streamed ? STREAM_LIMIT : PAYLOAD_LIMIT)
  const result: RuntimeResult =
    body === undefined
      ? { kind: 'error', type: 'Function.ResponseSizeTooLarge', message: 'Response payload size exceeded.' }
      : isError
        ? { kind: 'error', ...describeError(body) }
        : { kind: 'response', body, streamed }
  if (!state.settle(requestId, result)) {
    answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
  } else if (body === undefined) {
    answer(response, 413, {
      errorType: 'RequestEntityTooLarge',
      errorMessage: 'Exceeded maximum allowed payload size',
    })
  } else {
    answer(response, 202, { status: 'OK' })
  }
}

async function register(
  request: IncomingMessage,
  response: ServerResponse,
  { state, served }: Desk,
): Promise<void> {
  const name = request.headers['lambda-extension-name']
  const body = await readBody(request, PAYLOAD_LIMIT)
  const parsed = parseJson(body?.toString('utf8') ?? '')
  const events = isObject(parsed) && Array.isArray(parsed['events']) ? parsed['events'].map(String) : []
  if (typeof name !== 'string' || name === '') {
    answer(response, 400, {
      errorType: 'Extension.InvalidExtensionName',
      errorMessage: 'Missing Lambda-Extension-Name',
    })
    return
  }
  response.setHeader('lambda-extension-identifier', state.register(name, events))
  answer(response, 200, {
    functionName: served.functionName,
    functionVersion: '$LATEST',
    accountId: served.accountId,
  })
}

function pollExtension(request: IncomingMessage, response: ServerResponse, { state }: Desk): void {
  const identifier = request.headers['lambda-extension-identifier']
  const known = typeof identifier === 'string' && state.pollExtension(identifier, createPoll(response))
  if (!known) {
    answer(response, 403, {
      errorType: 'Extension.UnknownExtensionIdentifier',
      errorMessage: 'Unknown extension',
    })
  }
}

function createPoll(response: ServerResponse): Poll {
  const poll: Poll = {
    alive: true,
    answer: (headers, body) => {
      poll.alive = false
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    },
  }
  response.on('close', () => {
    poll.alive = false
  })
  return poll
}

function describeError(body: Buffer | undefined): { readonly type: string; readonly message: string } {
  const parsed = parseJson(body?.toString('utf8') ?? '')
  const members = isObject(parsed) ? parsed : {}
  return {
    type: String(members['errorType'] ?? 'Runtime.Unknown'),
    message: String(members['errorMessage'] ?? 'the runtime gave no message'),
  }
}

/** Undefined above the limit; what follows is read and dropped. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
  }
  return length > limit ? undefined : Buffer.concat(chunks)
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the Runtime API does not listen on a port')
  return address.port
}
