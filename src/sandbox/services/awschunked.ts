// Takes the aws-chunked coding apart: sizes in hex, data, a last empty chunk, and trailers behind it.
import { AwsError } from '../awserror.ts'
import type { Exchange } from '../exchange.ts'

export interface DecodedBody {
  readonly body: Buffer
  /** Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>
}

/** The body as it was before the client chunked it. Throws AwsError for a coding that is broken or not served. */
export function decodeBody(exchange: Exchange): DecodedBody {
  const { headers, body } = exchange
  const hash = headers['x-amz-content-sha256'] ?? ''
  const isChunked = headers['content-encoding']?.split(',').some((coding) => coding.trim() === 'aws-chunked')
  if (!hash.startsWith('STREAMING-')) {
    if (isChunked === true)
      throw new AwsError('InvalidRequest', 'aws-chunked needs a STREAMING- value of x-amz-content-sha256.')
    return { body, trailers: {} }
  }
  // The clients sign no chunks over plain HTTP or TLS when they send a trailing checksum.
  if (hash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    throw new AwsError('NotImplemented', `The sandbox does not serve ${hash}.`, 501)
  const decoded = decodeChunks(body)
  checkLength(headers['x-amz-decoded-content-length'], decoded.body.length)
  checkTrailers(headers['x-amz-trailer'], decoded.trailers)
  return decoded
}

function decodeChunks(coded: Buffer): DecodedBody {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = coded.indexOf('\r\n', at)
    const size = /^([0-9a-f]+)(;.*)?$/i.exec(coded.toString('latin1', at, Math.max(at, end)))?.[1]
    if (end < 0 || size === undefined) throw incomplete()
    const length = Number.parseInt(size, 16)
    at = end + 2
    if (length === 0)
      return { body: Buffer.concat(parts), trailers: readTrailers(coded.toString('latin1', at)) }
    const chunk = coded.subarray(at, at + length)
    at += length
    if (chunk.length !== length || coded.toString('latin1', at, at + 2) !== '\r\n') throw incomplete()
    parts.push(chunk)
    at += 2
  }
}

function readTrailers(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\r\n').filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      if (colon < 1)
        throw new AwsError(
          'MalformedTrailerError',
          'The request contained trailing data that was not well-formed or did not conform to our published schema.',
        )
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

function checkLength(declared: string | undefined, actual: number): void {
  if (declared === undefined)
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
  if (Number(declared) !== actual) throw incomplete()
}

/** Every trailer that was announced must come. */
function checkTrailers(announced: string | undefined, trailers: Readonly<Record<string, string>>): void {
  const names = (announced ?? '').split(',').map((name) => name.trim().toLowerCase())
  if (names.every((name) => name === '' || trailers[name] !== undefined)) return
  throw new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
}
