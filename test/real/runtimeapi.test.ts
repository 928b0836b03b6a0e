import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRuntimeApi, type RuntimeApi } from '../../src/sandbox/real/runtimeapi.ts'
import type { RuntimeCall } from '../../src/sandbox/real/runtimestate.ts'
import { assembleStream } from '../../src/sandbox/real/streamed.ts'

let api: RuntimeApi
beforeEach(async () => {
  const gateway = { bind: '127.0.0.1', host: '127.0.0.1', options: [] }
  api = await openRuntimeApi(gateway, { functionName: 'hello', accountId: '123456789012' })
})
afterEach(() => api.close())

const call: RuntimeCall = {
  requestId: 'request-1',
  event: '{"rawPath":"/"}',
  deadline: 1_800_000_000_000,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:hello',
  traceId: 'Root=1-0-0',
}

const runtime = (path: string, init: RequestInit = {}) =>
  fetch(`http://${api.address}/2018-06-01/runtime${path}`, init)
const extension = (path: string, init: RequestInit = {}) =>
  fetch(`http://${api.address}/2020-01-01/extension${path}`, init)

async function register(events: readonly string[]): Promise<Record<string, string>> {
  const answer = await extension('/register', {
    method: 'POST',
    headers: { 'lambda-extension-name': 'adapter' },
    body: JSON.stringify({ events }),
  })
  expect(await answer.json()).toMatchObject({ functionName: 'hello', functionVersion: '$LATEST' })
  return { 'lambda-extension-identifier': answer.headers.get('lambda-extension-identifier') ?? '' }
}

describe('the runtime', () => {
  test('gets the event with its headers, and its response is the result', async () => {
    const next = runtime('/invocation/next')
    const result = api.state.invoke(call)
    const answer = await next
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'lambda-runtime-aws-request-id': 'request-1',
      'lambda-runtime-deadline-ms': '1800000000000',
      'lambda-runtime-invoked-function-arn': call.functionArn,
      'lambda-runtime-trace-id': 'Root=1-0-0',
    })
    expect(await answer.json()).toEqual({ rawPath: '/' })
    const done = await runtime('/invocation/request-1/response', {
      method: 'POST',
      body: '{"statusCode":200}',
    })
    expect(done.status).toBe(202)
    expect(await result).toEqual({
      kind: 'response',
      body: Buffer.from('{"statusCode":200}'),
      streamed: false,
    })
  })

  test('that asks late gets the call that waits for it', async () => {
    const result = api.state.invoke(call)
    await runtime('/invocation/next')
    await runtime('/invocation/request-1/error', {
      method: 'POST',
      body: '{"errorType":"Program.Error","errorMessage":"no"}',
    })
    expect(await result).toEqual({ kind: 'error', type: 'Program.Error', message: 'no' })
  })

  test('cannot answer a call that is not under way', async () => {
    const late = await runtime('/invocation/request-1/response', { method: 'POST', body: '{}' })
    expect([late.status, await late.json()]).toMatchObject([400, { errorType: 'InvalidRequestID' }])
  })

  test('cannot answer with more than six megabytes', async () => {
    const next = runtime('/invocation/next')
    const result = api.state.invoke(call)
    await next
    const body = 'x'.repeat(6 * 1024 * 1024 + 1)
    expect((await runtime('/invocation/request-1/response', { method: 'POST', body })).status).toBe(413)
    expect(await result).toMatchObject({ kind: 'error', type: 'Function.ResponseSizeTooLarge' })
  })

  test('that fails in its initialisation is heard', async () => {
    await runtime('/init/error', { method: 'POST', body: '{"errorMessage":"no handler"}' })
    await expect(api.state.initialised).rejects.toThrow('no handler')
  })

  test('and nobody else is answered once its address is known', async () => {
    api.admit('192.0.2.1')
    expect((await runtime('/invocation/next')).status).toBe(403)
  })

  test('that asks for something else is told so', async () => {
    expect((await fetch(`http://${api.address}/2022-07-01/telemetry`, { method: 'PUT' })).status).toBe(404)
  })
})

describe('an extension', () => {
  test('holds the initialisation until it asks for its first event', async () => {
    const identifier = await register(['INVOKE', 'SHUTDOWN'])
    const next = runtime('/invocation/next')
    const early = await Promise.race([
      api.state.initialised.then(() => 'initialised'),
      new Promise((resolve) => setTimeout(resolve, 100, 'waiting')),
    ])
    expect(early).toBe('waiting')
    const event = extension('/event/next', { headers: identifier })
    await api.state.initialised
    const result = api.state.invoke(call)
    expect(await (await event).json()).toMatchObject({ eventType: 'INVOKE', requestId: 'request-1' })
    await next
    await runtime('/invocation/request-1/response', { method: 'POST', body: '{}' })
    expect((await result).kind).toBe('response')
    const last = extension('/event/next', { headers: identifier })
    await new Promise((resolve) => setTimeout(resolve, 50))
    api.state.announceShutdown('spindown', 1_800_000_000_000)
    expect(await (await last).json()).toEqual({
      eventType: 'SHUTDOWN',
      shutdownReason: 'spindown',
      deadlineMs: 1_800_000_000_000,
    })
  })

  test('without a name or with an identifier that is none is refused', async () => {
    expect((await extension('/register', { method: 'POST', body: '{"events":[]}' })).status).toBe(400)
    expect((await extension('/event/next', { headers: { 'lambda-extension-identifier': 'x' } })).status).toBe(
      403,
    )
  })
})

test('a streamed response becomes one payload, and bytes without a prelude none', () => {
  const stream = Buffer.concat([Buffer.from('{"statusCode":201}'), Buffer.alloc(8), Buffer.from('body')])
  expect(JSON.parse(assembleStream(stream) ?? '')).toEqual({
    statusCode: 201,
    body: Buffer.from('body').toString('base64'),
    isBase64Encoded: true,
  })
  expect(assembleStream(Buffer.from('plain'))).toBeUndefined()
})
