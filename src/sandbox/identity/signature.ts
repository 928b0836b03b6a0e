// Recomputes the Signature Version 4 of a request with the secret that its access key has here.
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Exchange } from '../exchange.ts'
import type { Credentials } from './sessions.ts'

/** The parts of an Authorization header. */
export interface Authorization {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** Undefined when the header is absent or not of the form of AWS4-HMAC-SHA256. */
export function readAuthorization(header: string | undefined): Authorization | undefined {
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      header ?? '',
    )
  if (match === null) return undefined
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = match
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature }
}

/** Milliseconds since the epoch of `20261120T101112Z`, or undefined. */
export function readAmzDate(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** The signature that this request should carry. `signedAt` is its X-Amz-Date in milliseconds. */
export async function computeSignature(
  exchange: Exchange,
  authorization: Authorization,
  key: { readonly credentials: Credentials; readonly signedAt: number },
): Promise<string | undefined> {
  const { region, service, signedHeaders } = authorization
  const { accessKeyId, secretAccessKey } = key.credentials
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: NodeSha256,
    // S3 signs the path as it was sent, every other service encodes it once more.
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  })
  const signed = await signer.sign(
    {
      method: exchange.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: exchange.path,
      query: listQuery(exchange.query),
      headers: pickHeaders(exchange, signedHeaders),
      body: exchange.body,
    },
    { signingDate: new Date(key.signedAt), signableHeaders: new Set(signedHeaders) },
  )
  return readAuthorization(signed.headers['authorization'])?.signature
}

function listQuery(query: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))
}

/** The headers that were signed, and the payload hash, which the canonical request names even when it is no signed header. */
function pickHeaders(exchange: Exchange, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) picked[name] = exchange.headers[name] ?? ''
  return picked
}

/** The hash that the signer wants, over Node's own. */
class NodeSha256 {
  private hash: Hash | Hmac
  private readonly secret: Uint8Array | undefined

  constructor(secret?: unknown) {
    this.secret = secret === undefined ? undefined : toBytes(secret)
    this.hash = startHash(this.secret)
  }

  update(data: unknown): void {
    this.hash.update(toBytes(data))
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest())
  }

  reset(): void {
    this.hash = startHash(this.secret)
  }
}

function startHash(secret: Uint8Array | undefined): Hash | Hmac {
  return secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
}

function toBytes(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8')
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  throw new TypeError('a hash takes text and bytes')
}
