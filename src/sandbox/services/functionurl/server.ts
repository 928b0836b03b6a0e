// A Function URL: an HTTP server of its own on 127.0.0.1 that asks the policy, calls the function and writes its response.
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Answer } from '../../exchange.ts'
import type { FunctionUrl, LambdaFunction } from '../function.ts'
import type { LambdaOffice, UrlRequest } from '../lambda/office.ts'
import { policyDocument } from '../lambda/resourcepolicy.ts'
import { settleAll } from '../lambda/settle.ts'
import { describeCall } from './event.ts'
import type { Invoker } from './invoker.ts'
import { PAYLOAD_LIMIT, readPayload, type UrlResponse } from './payload.ts'
import { refuseBroken, refuseForbidden, refuseThrottled, refuseTooLarge } from './refusal.ts'

export interface UrlOffice extends Omit<LambdaOffice, 'openUrl'> {
  readonly invoker: Invoker
}

/** What one URL's server needs to know of itself. */
interface Place {
  readonly fn: LambdaFunction
  readonly office: UrlOffice
  readonly apiId: string
  /** Calls under way. */
  busy: number
}

/** Listens on a free port; the URL stays until it is closed. */
export async function openFunctionUrl(request: UrlRequest, office: UrlOffice): Promise<FunctionUrl> {
  const { fn, authType, invokeMode, cors } = request
  const place: Place = { fn, office, apiId: randomBytes(16).toString('hex'), busy: 0 }
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, place).catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      process.stderr.write(`sandbox: Function URL of ${fn.name}: ${text}\n`)
      if (outgoing.headersSent) outgoing.destroy()
      else writeAnswer(outgoing, refuseBroken(), randomUUID())
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const now = office.world.clock.now()
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    authType,
    invokeMode,
    ...(cors === undefined ? {} : { cors }),
    created: now,
    modified: now,
    close: async () => {
      await closeServer(server)
      await office.invoker.forget(fn)
    },
  }
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, place: Place): Promise<void> {
  const requestId = randomUUID()
  settleAll(place.office.world)
  if (!isPublic(place.fn, place.office)) return writeAnswer(outgoing, refuseForbidden(), requestId)
  const body = await readBody(incoming)
  if (body === undefined) return writeAnswer(outgoing, refuseTooLarge(PAYLOAD_LIMIT), requestId)
  if (isThrottled(place)) return writeAnswer(outgoing, refuseThrottled(), requestId)
  place.busy += 1
  try {
    const { response, refusal } = await call(incoming, body, place, requestId)
    if (response !== undefined) writeResponse(outgoing, response, requestId)
    else writeAnswer(outgoing, refusal, requestId)
  } finally {
    place.busy -= 1
  }
}

/** Both statements are asked, each under the action and the conditions of its own; an absent policy lets nobody in. */
function isPublic(fn: LambdaFunction, { permitsPrincipal, world, switches }: UrlOffice): boolean {
  if (world.clock.now() < (fn.policyChanged ?? 0) + switches.lambda.policyDelay) return false
  if (fn.url?.authType !== 'NONE' || fn.policy.length === 0) return false
  const policy = policyDocument(fn)
  const context = { 'lambda:FunctionUrlAuthType': ['NONE'], 'lambda:InvokedViaFunctionUrl': ['true'] }
  return ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].every((action) =>
    permitsPrincipal({ policy, principal: '*', access: { action, resource: fn.arn, context } }),
  )
}

function isThrottled({ fn, busy, office }: Place): boolean {
  return (
    office.switches.lambda.throttled ||
    (fn.reservedConcurrency !== undefined && busy >= fn.reservedConcurrency)
  )
}

/** The function's own response, or what Lambda answers in its place. */
type Reply =
  | { readonly response: UrlResponse; readonly refusal?: undefined }
  | { readonly response?: undefined; readonly refusal: Answer }

async function call(
  incoming: IncomingMessage,
  body: Buffer,
  place: Place,
  requestId: string,
): Promise<Reply> {
  const { fn, office, apiId } = place
  if (fn.state !== 'Active') return { refusal: refuseBroken() }
  const event = describeCall({
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    rawHeaders: incoming.rawHeaders,
    body,
    protocol: `HTTP/${incoming.httpVersion}`,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    time: office.world.clock.now(),
    requestId,
    domainName: incoming.headers.host ?? '',
    apiId,
    traceId: `Root=1-${Math.floor(office.world.clock.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  })
  if (Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT)
    return { refusal: refuseTooLarge(PAYLOAD_LIMIT) }
  const outcome = await office.invoker.invoke({ fn, version: fn.served, event, requestId })
  switch (outcome.kind) {
    case 'payload': {
      const response = readPayload(outcome.text)
      return response === undefined ? { refusal: refuseBroken() } : { response }
    }
    case 'error':
      return { refusal: refuseBroken() }
    case 'throttled':
      return { refusal: refuseThrottled() }
  }
}

/** Undefined for a body above the limit; what follows of it is read and dropped. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    length += chunk.length
    if (length <= PAYLOAD_LIMIT) chunks.push(chunk)
  }
  return length > PAYLOAD_LIMIT ? undefined : Buffer.concat(chunks)
}

function writeAnswer(outgoing: ServerResponse, answer: Answer, requestId: string): void {
  outgoing.writeHead(answer.status, { ...answer.headers, 'x-amzn-requestid': requestId })
  outgoing.end(answer.body)
}

function writeResponse(outgoing: ServerResponse, response: UrlResponse, requestId: string): void {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (!OWN_HEADERS.has(name)) outgoing.appendHeader(name, value)
  }
  outgoing.setHeader('x-amzn-requestid', requestId)
  outgoing.end(response.body)
}

/** Headers that the connection decides; Lambda does not take them from a function. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'])

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the Function URL does not listen on a port')
  return address.port
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
