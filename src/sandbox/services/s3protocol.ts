// How S3 writes answers and errors: XML bodies, and headers that describe an object.
import { randomBytes } from 'node:crypto'
import type { AwsError } from '../awserror.ts'
import type { Answer } from '../exchange.ts'
import { writeXml, type XmlNode } from '../xml.ts'
import type { Bucket, StoredObject } from './s3bucket.ts'
import { headerOf } from './s3checksum.ts'

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

export function refuseS3(error: AwsError, requestId: string): Answer {
  const { Region: region, ...members } = error.members
  const hostId = randomBytes(48).toString('base64')
  const nodes: readonly XmlNode[] = [
    ['Code', error.code],
    ['Message', error.message],
    ...Object.entries(members),
    ...(region === undefined ? [] : [['Region', region] as const]),
    ['RequestId', requestId],
    ['HostId', hostId],
  ]
  return {
    status: error.status,
    headers: {
      'content-type': 'application/xml',
      'x-amz-request-id': requestId,
      'x-amz-id-2': hostId,
      ...(region === undefined ? {} : { 'x-amz-bucket-region': region }),
    },
    body: writeXml({ root: 'Error', content: nodes }),
  }
}

export function answerXml(root: string, content: string | readonly XmlNode[]): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: writeXml({ root, namespace: S3_NAMESPACE, content }),
  }
}

/** Headers of GetObject and HeadObject alike, without the length. */
export function describeObject(object: StoredObject, bucket: Bucket): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])
  return {
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
    ...describeEncryption(bucket),
    ...Object.fromEntries(metadata),
  }
}

export function describeEncryption({ kmsKey }: Bucket): Record<string, string> {
  if (kmsKey === undefined) return { 'x-amz-server-side-encryption': 'AES256' }
  return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKey }
}

export function describeChecksums(checksums: StoredObject['checksums']): Record<string, string> {
  const entries = Object.entries(checksums).map(([algorithm, value]) => [headerOf(algorithm), value])
  return entries.length === 0 ? {} : { ...Object.fromEntries(entries), 'x-amz-checksum-type': 'FULL_OBJECT' }
}
