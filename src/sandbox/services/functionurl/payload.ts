// What a function returned, read as a Function URL reads it: a response of format 2.0, or any JSON as the body itself.
import { isObject, type JsonObject } from '../../json.ts'

export interface UrlResponse {
  readonly status: number
  /** Names and values; `set-cookie` may stand there several times. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Bytes of a request or a response: 6 MB. */
export const PAYLOAD_LIMIT = 6 * 1024 * 1024

/** Undefined for a payload that is no valid response; the caller answers 502 then. */
export function readPayload(text: string): UrlResponse | undefined {
  if (Buffer.byteLength(text) > PAYLOAD_LIMIT) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || value['statusCode'] === undefined) {
    const body = typeof value === 'string' ? value : text
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) }
  }
  return readResponse(value)
}

function readResponse(value: JsonObject): UrlResponse | undefined {
  const status = Number(value['statusCode'])
  const headers = readHeaders(value['headers'])
  const cookies = readCookies(value['cookies'])
  const body = readBody(value['body'], value['isBase64Encoded'])
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined
  if (headers === undefined || cookies === undefined || body === undefined) return undefined
  const hasType = headers.some(([name]) => name === 'content-type')
  return {
    status,
    headers: [...(hasType ? [] : [['content-type', 'application/json'] as const]), ...headers, ...cookies],
    body,
  }
}

function readHeaders(value: unknown): (readonly [string, string])[] | undefined {
  if (value === undefined || value === null) return []
  if (!isObject(value)) return undefined
  const headers: (readonly [string, string])[] = []
  for (const [name, one] of Object.entries(value)) {
    if (!['string', 'number', 'boolean'].includes(typeof one)) return undefined
    headers.push([name.toLowerCase(), String(one)])
  }
  return headers
}

function readCookies(value: unknown): (readonly [string, string])[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const cookies: (readonly [string, string])[] = []
  for (const one of value) {
    if (typeof one !== 'string') return undefined
    cookies.push(['set-cookie', one])
  }
  return cookies
}

function readBody(value: unknown, isBase64: unknown): Buffer | undefined {
  if (value === undefined || value === null) return Buffer.alloc(0)
  if (typeof value !== 'string') return undefined
  if (isBase64 !== true) return Buffer.from(value)
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined
}
