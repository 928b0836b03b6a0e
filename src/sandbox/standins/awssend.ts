// Signs a request with the build's credentials and sends it to the sandbox, and to nothing else.
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignatureV4 } from '@smithy/signature-v4'
import type { HttpRequest } from './awsrequest.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Sending {
  readonly signingName: string
  readonly region: string
  readonly endpoint: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Tries again what AWS's standard retry mode tries again: broken connections, 5xx and throttling. */
export async function send(request: HttpRequest, sending: Sending): Promise<HttpAnswer> {
  const attempts = Number(sending.env['AWS_MAX_ATTEMPTS'] ?? '3')
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await sendOnce(request, sending)
      if (!isTransient(answer) || attempt >= attempts) return answer
    } catch (error) {
      if (attempt >= attempts) throw error
    }
    await sleep(Math.min(200 * 2 ** attempt, 5_000))
  }
}

function isTransient({ status, body }: HttpAnswer): boolean {
  return (
    status >= 500 ||
    status === 429 ||
    (status === 400 && /Throttl|TooManyRequests/.test(body.toString('utf8')))
  )
}

async function sendOnce(wanted: HttpRequest, sending: Sending): Promise<HttpAnswer> {
  const url = new URL(sending.endpoint)
  if (url.protocol !== 'http:' || !/^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    throw new Error(
      `Could not connect to the endpoint URL: "${sending.endpoint}" (the stand-in calls loopback only)`,
    )
  }
  const signed = await sign(wanted, url, sending)
  return new Promise((resolve, reject) => {
    const search = new URLSearchParams(Object.entries(wanted.query)).toString().replaceAll('+', '%20')
    const path = search === '' ? wanted.path : `${wanted.path}?${search}`
    const call = request(
      { host: url.hostname, port: url.port, method: wanted.method, path, headers: signed },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(headers),
            body: Buffer.concat(parts),
          })
        })
      },
    )
    call.on('error', () =>
      reject(new Error(`Could not connect to the endpoint URL: "${url.origin}${wanted.path}"`)),
    )
    call.end(wanted.body)
  })
}

async function sign(wanted: HttpRequest, url: URL, sending: Sending): Promise<Record<string, string>> {
  const { env } = sending
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  if (!accessKeyId || !secretAccessKey)
    throw new Error('Unable to locate credentials. You can configure credentials by running "aws configure".')
  const sessionToken = env['AWS_SESSION_TOKEN']
  const signer = new SignatureV4({
    service: sending.signingName,
    region: sending.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    sha256: NodeSha256,
    uriEscapePath: sending.signingName !== 's3',
    applyChecksum: true,
  })
  const signed = await signer.sign({
    method: wanted.method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: wanted.path,
    query: { ...wanted.query },
    headers: {
      ...wanted.headers,
      host: url.host,
      'content-length': String(wanted.body.length),
      'user-agent': 'aws-cli/stand-in',
    },
    body: wanted.body,
  })
  return signed.headers
}

class NodeSha256 {
  private readonly hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }

  reset(): void {
    throw new Error('a hash is used once')
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array | string {
  if (typeof data === 'string') return data
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}
