import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeCall, type UrlCall } from '../../src/sandbox/services/functionurl/event.ts'
import { PAYLOAD_LIMIT, readPayload } from '../../src/sandbox/services/functionurl/payload.ts'

function call(change: Partial<UrlCall> = {}): UrlCall {
  return {
    method: 'GET',
    target: '/',
    rawHeaders: [],
    body: Buffer.alloc(0),
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    time: Date.UTC(2026, 10, 28, 11, 0, 5),
    requestId: 'request',
    domainName: '127.0.0.1:1234',
    apiId: 'url-id',
    traceId: 'Root=1-0-0',
    ...change,
  }
}

describe('the event of a call', () => {
  test('has the shape of payload format 2.0', () => {
    const rawHeaders = [
      'Host',
      '127.0.0.1:1234',
      'User-Agent',
      'curl',
      'X-Two',
      'a',
      'X-Two',
      'b',
      'Connection',
      'close',
    ]
    expect(describeCall(call({ target: '/a%20b/?x=1&y=&x=2', rawHeaders }))).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/',
      rawQueryString: 'x=1&y=&x=2',
      headers: {
        host: '127.0.0.1:1234',
        'user-agent': 'curl',
        'x-two': 'a,b',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
        'x-amzn-trace-id': 'Root=1-0-0',
      },
      queryStringParameters: { x: '1,2', y: '' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'url-id',
        domainName: '127.0.0.1:1234',
        domainPrefix: 'url-id',
        http: {
          method: 'GET',
          path: '/a b/',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'curl',
        },
        requestId: 'request',
        routeKey: '$default',
        stage: '$default',
        time: '28/Nov/2026:11:00:05 +0000',
        timeEpoch: Date.UTC(2026, 10, 28, 11, 0, 5),
      },
      isBase64Encoded: false,
    })
  })

  test('gives cookies in a list of their own', () => {
    const event = describeCall(call({ rawHeaders: ['Cookie', 'a=1; b=2', 'cookie', 'c=3'] }))
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3'])
    expect(event.headers).not.toHaveProperty('cookie')
  })

  test.each([
    ['text/plain; charset=utf-8', 'grüße', false],
    ['application/json', '{"a":1}', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'plain', true],
    ['', 'plain', true],
  ])('a body of type `%s` %s', (type, text, isBase64Encoded) => {
    const event = describeCall(call({ rawHeaders: ['Content-Type', type], body: Buffer.from(text) }))
    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    expect(event.body).toBe(isBase64Encoded ? Buffer.from(text).toString('base64') : text)
  })

  test('a text that is no UTF-8, or compressed, is base64', () => {
    const body = Buffer.from([0xff, 0xfe])
    expect(describeCall(call({ rawHeaders: ['Content-Type', 'text/plain'], body })).isBase64Encoded).toBe(
      true,
    )
    const rawHeaders = ['Content-Type', 'text/plain', 'Content-Encoding', 'gzip']
    expect(describeCall(call({ rawHeaders, body: Buffer.from('x') })).isBase64Encoded).toBe(true)
  })

  test('never loses a byte of a body, whatever its type', () => {
    const types = fc.constantFrom('text/plain', 'application/json', 'image/png', '')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), types, (bytes, type) => {
        const body = Buffer.from(bytes)
        const event = describeCall(call({ rawHeaders: ['content-type', type], body }))
        const back = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
        expect(back.equals(body)).toBe(true)
      }),
    )
  })

  test('a path that cannot be decoded stays as it came', () => {
    expect(describeCall(call({ target: '/%zz' })).requestContext.http.path).toBe('/%zz')
  })
})

describe('the response of a payload', () => {
  const read = (value: unknown) => readPayload(JSON.stringify(value))

  test('of format 2.0 has status, headers, cookies and a body from base64', () => {
    const response = read({
      statusCode: 302,
      headers: { Location: '/there', 'X-Count': 2 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([0, 255, 1]).toString('base64'),
      isBase64Encoded: true,
    })
    expect(response).toEqual({
      status: 302,
      headers: [
        ['content-type', 'application/json'],
        ['location', '/there'],
        ['x-count', '2'],
        ['set-cookie', 'a=1; Path=/'],
        ['set-cookie', 'b=2'],
      ],
      body: Buffer.from([0, 255, 1]),
    })
  })

  test.each<[unknown, string]>([
    [{ message: 'hi' }, '{"message":"hi"}'],
    ['hi', 'hi'],
    [[1], '[1]'],
    [null, 'null'],
  ])('without a status %j is the body itself', (value, body) => {
    const response = read(value)
    expect(response?.status).toBe(200)
    expect(response?.headers).toEqual([['content-type', 'application/json']])
    expect(response?.body.toString()).toBe(body)
  })

  test('may have the status as text and no body', () => {
    expect(read({ statusCode: '204' })).toMatchObject({ status: 204, body: Buffer.alloc(0) })
  })

  test.each<[string, unknown]>([
    ['a status that is none', { statusCode: 'ok' }],
    ['a status out of range', { statusCode: 99 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a body that is no base64', { statusCode: 200, body: '***', isBase64Encoded: true }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
    ['cookies that are a text', { statusCode: 200, cookies: 'a=1' }],
  ])('with %s is no response', (_name, value) => {
    expect(read(value)).toBeUndefined()
  })

  test('that is no JSON, or over 6 MB, is no response', () => {
    expect(readPayload('<html>')).toBeUndefined()
    expect(read({ statusCode: 200, body: 'x'.repeat(PAYLOAD_LIMIT) })).toBeUndefined()
  })
})
