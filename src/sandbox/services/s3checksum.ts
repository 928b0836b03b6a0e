// The checksums of S3: which one a request carries, and whether the body keeps its promise.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from '../awserror.ts'
import { crc32cOf, crc64nvmeOf } from './s3crc.ts'

type Algorithm = 'SHA256' | 'SHA1' | 'CRC32' | 'CRC32C' | 'CRC64NVME'

interface Method {
  readonly algorithm: Algorithm
  /** Bytes of the digest. */
  readonly size: number
  digest(body: Buffer): Buffer
}

const METHODS: readonly Method[] = [
  { algorithm: 'SHA256', size: 32, digest: (body) => createHash('sha256').update(body).digest() },
  { algorithm: 'SHA1', size: 20, digest: (body) => createHash('sha1').update(body).digest() },
  { algorithm: 'CRC32', size: 4, digest: crc32Of },
  { algorithm: 'CRC32C', size: 4, digest: crc32cOf },
  { algorithm: 'CRC64NVME', size: 8, digest: crc64nvmeOf },
]

function crc32Of(body: Buffer): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes
}

/**
 * Checks Content-MD5 and the `x-amz-checksum-*` headers (or trailers) against the body. Answers the checksums to keep by
 * algorithm, in base64. The header `x-amz-sdk-checksum-algorithm` promises one of them.
 */
export function checkBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  checkMd5(body, headers['content-md5'])
  const sent = Object.keys(headers).filter((name) => /^x-amz-checksum-(?!algorithm|type|mode)/.test(name))
  if (sent.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const [name] = sent
  if (name === undefined) {
    if (headers['x-amz-sdk-checksum-algorithm'] === undefined) return {}
    throw new AwsError(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  const method = METHODS.find(({ algorithm }) => name === headerOf(algorithm))
  if (method === undefined) throw new AwsError('NotImplemented', `The sandbox does not compute ${name}.`, 501)
  return { [method.algorithm]: checkOne(body, headers[name] ?? '', method) }
}

function checkOne(body: Buffer, value: string, { algorithm, size, digest }: Method): string {
  const given = Buffer.from(value, 'base64')
  if (given.length !== size || given.toString('base64') !== value)
    throw new AwsError('InvalidRequest', `Value for ${headerOf(algorithm)} header is invalid.`)
  if (digest(body).equals(given)) return value
  throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
}

function checkMd5(body: Buffer, value: string | undefined): void {
  if (value === undefined) return
  const given = Buffer.from(value, 'base64')
  if (given.length !== 16) throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.')
  if (!createHash('md5').update(body).digest().equals(given))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
}

/** `x-amz-checksum-sha256` for `SHA256`. */
export function headerOf(algorithm: string): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}
