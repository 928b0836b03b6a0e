// Preconditions of S3: If-Match, If-None-Match and the two dates, on reading, writing and deleting.
import { AwsError } from '../awserror.ts'
import type { Exchange } from '../exchange.ts'
import type { StoredObject } from './s3bucket.ts'

type Headers = Exchange['headers']

/** Whether a read goes on; a failed If-Match throws 412. ETags win over dates, as in RFC 7232. */
export function checkRead(object: StoredObject, headers: Headers): 'go on' | 'not modified' {
  const match = headers['if-match']
  const unmodifiedSince = headers['if-unmodified-since']
  if (match !== undefined) {
    if (!namesETag(match, object.etag)) throw preconditionFailed('If-Match')
  } else if (unmodifiedSince !== undefined && seconds(object) > Date.parse(unmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined) return namesETag(noneMatch, object.etag) ? 'not modified' : 'go on'
  const since = headers['if-modified-since']
  return since !== undefined && seconds(object) <= Date.parse(since) ? 'not modified' : 'go on'
}

/** Throws 412 when another object is there, 404 when If-Match names one that is gone. */
export function checkWrite(object: StoredObject | undefined, key: string, headers: Headers): void {
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined && noneMatch !== '*') {
    const message = 'A header you provided implies functionality that is not implemented'
    throw new AwsError('NotImplemented', message, 501, { Header: 'If-None-Match' })
  }
  if (noneMatch !== undefined && object !== undefined) throw preconditionFailed('If-None-Match')
  checkMatch(object, key, headers)
}

/** If-Match of a write or a deletion. */
export function checkMatch(object: StoredObject | undefined, key: string, headers: Headers): void {
  const match = headers['if-match']
  if (match === undefined) return
  if (object === undefined) throw noSuchKey(key)
  if (!namesETag(match, object.etag)) throw preconditionFailed('If-Match')
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
}

function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold'
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition })
}

/** S3 takes ETags with and without their quotes. */
function namesETag(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const text = one.trim().replace(/^"|"$/g, '')
    return text === '*' || text === etag.replaceAll('"', '')
  })
}

/** Last modification in whole seconds, as HTTP dates have no more. */
function seconds(object: StoredObject): number {
  return Math.floor(object.lastModified / 1000) * 1000
}
