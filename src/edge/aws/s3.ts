// The archive in S3: upload, and the tombstone that withdraws it.
import type { Readable } from 'node:stream'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Archive, Destination, Stored } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Clients } from './clients.ts'
import { readFailure } from './failure.ts'
import type { CallName } from './refuse.ts'
import type { CallOptions, Session } from './session.ts'

/** An archive that can be read again for every attempt: a stream that was sent half is lost. */
export interface ReadableArchive extends Archive {
  open(): Buffer | Readable
}

const put: CallName = {
  operation: 'PutObject',
  denied: 'DCF-BUCKET-DENIED',
  failed: 'DCF-UPLOAD-FAILED',
  known: {
    NoSuchBucket: 'DCF-BUCKET-MISSING',
    PermanentRedirect: 'DCF-BUCKET-REGION',
    AuthorizationHeaderMalformed: 'DCF-BUCKET-REGION',
    IllegalLocationConstraintException: 'DCF-BUCKET-REGION',
  },
}

/** Bytes a millisecond that every connection is expected to carry. */
const slowest = 50

/** One object with checksum, expected owner and the run's metadata. Throws Refusal. */
export async function uploadArchive(
  session: Session,
  archive: ReadableArchive,
  destination: Destination,
): Promise<Stored> {
  const limit = 10_000 + archive.bytes / slowest
  try {
    return await putObject(
      session,
      destination,
      { archive, metadata: runMetadata(destination) },
      { patience: { attempts: 5, budget: 3 * limit, limit } },
    )
  } catch (error) {
    throw error instanceof Refusal ? refineDenial(error) : error
  }
}

/** Puts the tombstone if the object is still the one with this ETag; false if it is another one, or gone. */
export async function putTombstone(
  session: Session,
  destination: Destination,
  etag: string,
  options: CallOptions = {},
): Promise<boolean> {
  const metadata = { ...runMetadata(destination), 'dcf-withdrawn': 'true' }
  try {
    await putObject(session, destination, { archive: undefined, metadata, etag }, options)
    return true
  } catch (error) {
    if (error instanceof Refusal && isAnotherObject(error)) return false
    throw error
  }
}

function isAnotherObject({ awsCode = '' }: Refusal): boolean {
  return ['PreconditionFailed', 'NoSuchKey', 'NotFound'].includes(awsCode)
}

export interface StoredRun {
  readonly etag: string
  /** Both empty for an object that no run of ours has written. */
  readonly functionName: string
  readonly run: string
  readonly isWithdrawn: boolean
}

/** What lies at the place now; undefined for nothing. */
export async function readRun(
  session: Session,
  { bucket, key, owner }: Destination,
  options: CallOptions = {},
): Promise<StoredRun | undefined> {
  const send = async ({ s3 }: Clients, abortSignal: AbortSignal) => {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner })
    const { ETag, Metadata = {} } = await s3.send(command, { abortSignal })
    if (ETag === undefined) throw new SyntaxError('no ETag')
    return {
      etag: ETag,
      functionName: Metadata['dcf-function'] ?? '',
      run: Metadata['dcf-run'] ?? '',
      isWithdrawn: Metadata['dcf-withdrawn'] === 'true',
    }
  }
  try {
    return await session.call({ ...put, operation: 'HeadObject' }, send, options)
  } catch (error) {
    if (error instanceof Refusal && isAnotherObject(error)) return undefined
    throw error instanceof Refusal ? refineDenial(error) : error
  }
}

interface ObjectBody {
  readonly archive: ReadableArchive | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly etag?: string
}

function putObject(
  session: Session,
  { bucket, key, owner }: Destination,
  { archive, metadata, etag }: ObjectBody,
  options: CallOptions,
): Promise<Stored> {
  const send = async ({ s3 }: Clients, abortSignal: AbortSignal) => {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ExpectedBucketOwner: owner,
      Metadata: { ...metadata },
      Body: archive === undefined ? Buffer.alloc(0) : archive.open(),
      ContentLength: archive?.bytes ?? 0,
      ContentType: archive === undefined ? 'application/octet-stream' : 'application/zip',
      ...(archive === undefined
        ? {}
        : { ChecksumSHA256: Buffer.from(archive.sha256, 'hex').toString('base64') }),
      ...(etag === undefined ? {} : { IfMatch: etag }),
    })
    const answer = await s3.send(command, { abortSignal })
    if (answer.ETag === undefined) throw new SyntaxError('no ETag')
    return { etag: answer.ETag }
  }
  return session.call(put, send, options)
}

function runMetadata({ functionName, run }: Destination): Readonly<Record<string, string>> {
  return { 'dcf-function': functionName, 'dcf-run': run }
}

/**
 * Tells a bucket of another account and a customer's key from a missing permission. S3 gives the reason of a denial
 * within one account only; across accounts, and for a wrong expected owner, it says "Access Denied" and no more.
 */
export function refineDenial(refusal: Refusal): Refusal {
  if (refusal.code !== 'DCF-BUCKET-DENIED') return refusal
  const facts = {
    detail: refusal.detail,
    ...(refusal.awsCode === undefined ? {} : { awsCode: refusal.awsCode }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
    cause: refusal.cause,
  }
  if (/kms:|KMS/.test(refusal.detail)) return new Refusal('DCF-BUCKET-KEY-DENIED', facts)
  const { message } = readFailure(refusal.cause)
  // The answer to HEAD has no body, so it gives no reason either way: the more common cause is named.
  if (message === '' || message === 'UnknownError') return refusal
  return /not authorized to perform|explicit deny/.test(message)
    ? refusal
    : new Refusal('DCF-BUCKET-OWNER', facts)
}
