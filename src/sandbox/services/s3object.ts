// S3's operations on one object: put, get, head and delete.
import { createHash } from 'node:crypto'
import { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { decodeBody } from './awschunked.ts'
import type { Bucket, StoredObject } from './s3bucket.ts'
import { checkBody } from './s3checksum.ts'
import { checkMatch, checkRead, checkWrite } from './s3conditions.ts'
import { describeChecksums, describeEncryption, describeObject } from './s3protocol.ts'

export interface ObjectRequest {
  readonly bucket: Bucket
  readonly key: string
  readonly exchange: Exchange
  /** Milliseconds since the epoch. */
  readonly now: number
}

export function putObject({ bucket, key, exchange, now }: ObjectRequest): Answer {
  const { headers } = exchange
  const { body, trailers } = decodeBody(exchange)
  const checksums = checkBody(body, { ...headers, ...trailers })
  checkWrite(bucket.objects.get(key), key, headers)
  const object: StoredObject = {
    key,
    body,
    etag: `"${hashETag(body, bucket)}"`,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    metadata: readMetadata(headers),
    checksums,
    lastModified: now,
  }
  bucket.objects.set(key, object)
  return {
    status: 200,
    headers: { etag: object.etag, ...describeEncryption(bucket), ...describeChecksums(checksums) },
  }
}

/** GET and HEAD of an object that exists. */
export function getObject(object: StoredObject, { bucket, exchange }: ObjectRequest): Answer {
  const described = describeObject(object, bucket)
  if (checkRead(object, exchange.headers) === 'not modified') {
    const { etag = '', 'last-modified': modified = '' } = described
    return { status: 304, headers: { etag, 'last-modified': modified } }
  }
  const range = readRange(exchange.headers['range'], object.body.length)
  if (range !== undefined) {
    const [first, last] = range
    const contentRange = `bytes ${first}-${last}/${object.body.length}`
    return {
      status: 206,
      headers: { ...described, 'content-range': contentRange },
      body: object.body.subarray(first, last + 1),
    }
  }
  const wantsChecksum = exchange.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
  const checksums = wantsChecksum ? describeChecksums(object.checksums) : {}
  return { status: 200, headers: { ...described, ...checksums }, body: object.body }
}

/** S3 answers the same whether the object was there or not, unless If-Match asks. */
export function deleteObject({ bucket, key, exchange }: ObjectRequest): Answer {
  checkMatch(bucket.objects.get(key), key, exchange.headers)
  bucket.objects.delete(key)
  return { status: 204 }
}

/** MD5, but for objects under a customer key, whose ETag is no MD5 of the data. */
function hashETag(body: Buffer, { kmsKey }: Bucket): string {
  const hash = createHash('md5').update(body)
  return (kmsKey === undefined ? hash : hash.update(kmsKey)).digest('hex')
}

const METADATA_PREFIX = 'x-amz-meta-'
/** S3 user guide, "Working with object metadata": names and values together. */
const METADATA_LIMIT = 2048

function readMetadata(headers: Exchange['headers']): Readonly<Record<string, string>> {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value] as const)
  const size = entries.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (size > METADATA_LIMIT) {
    const message = 'Your metadata headers exceed the maximum allowed metadata size'
    throw new AwsError('MetadataTooLarge', message, 400, {
      Size: String(size),
      MaxSizeAllowed: String(METADATA_LIMIT),
    })
  }
  return Object.fromEntries(entries)
}

/** First and last byte; undefined for the whole object, which also answers a header that S3 does not understand. */
function readRange(header: string | undefined, length: number): readonly [number, number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const first = match[1] === '' ? Math.max(0, length - Number(match[2])) : Number(match[1])
  const last = match[1] === '' || match[2] === '' ? length - 1 : Math.min(Number(match[2]), length - 1)
  if (first > last)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: String(length),
    })
  return [first, last]
}
