// The archive in S3: upload, and the tombstone that withdraws it.
import type { Readable } from 'node:stream'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Archive, Destination, Stored } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import { readFailure } from './failure.ts'
import { type CallName, refuse } from './refuse.ts'
import type { Session } from './session.ts'

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

const attempts = 3

/** One object with checksum, expected owner and the run's metadata. Throws Refusal. */
export async function uploadArchive(
  session: Session,
  archive: ReadableArchive,
  destination: Destination,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<Stored> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putObject(session, destination, { archive, metadata: runMetadata(destination) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!error.isTransient || attempt === attempts) throw refineDenial(error)
      await sleep(1000 * attempt)
    }
  }
}

/** Puts the tombstone if the object is still the one with this ETag. */
export async function putTombstone(
  session: Session,
  destination: Destination,
  etag: string,
  signal: AbortSignal,
): Promise<boolean> {
  const metadata = { ...runMetadata(destination), 'dcf-withdrawn': 'true' }
  try {
    await putObject(session, destination, { archive: undefined, metadata, etag, signal })
    return true
  } catch (error) {
    // 412: replaced by another run; NoSuchKey: gone. Either way there is nothing of ours to withdraw.
    if (
      error instanceof Refusal &&
      ['PreconditionFailed', 'NoSuchKey', 'NotFound'].includes(error.awsCode ?? '')
    )
      return false
    throw error
  }
}

export interface StoredRun {
  readonly etag: string
  readonly functionName: string
  readonly run: string
  readonly isWithdrawn: boolean
}

/** What lies at the place now; undefined for nothing, or for an object that is not ours. */
export async function readRun(
  session: Session,
  destination: Destination,
  signal: AbortSignal,
): Promise<StoredRun | undefined> {
  const { bucket, key, owner } = destination
  const call: CallName = { ...put, operation: 'HeadObject' }
  try {
    const head = await session.call(
      call,
      ({ s3 }, abortSignal) =>
        s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner }), {
          abortSignal,
        }),
      signal,
    )
    const functionName = head.Metadata?.['dcf-function']
    const run = head.Metadata?.['dcf-run']
    if (head.ETag === undefined || functionName === undefined || run === undefined) return undefined
    return { etag: head.ETag, functionName, run, isWithdrawn: head.Metadata?.['dcf-withdrawn'] === 'true' }
  } catch (error) {
    if (error instanceof Refusal && ['NotFound', 'NoSuchKey'].includes(error.awsCode ?? '')) return undefined
    throw error instanceof Refusal ? refineDenial(error) : error
  }
}

interface ObjectBody {
  readonly archive: ReadableArchive | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly etag?: string
  readonly signal?: AbortSignal
}

async function putObject(
  session: Session,
  { bucket, key, owner }: Destination,
  body: ObjectBody,
): Promise<Stored> {
  const answer = await session.call(
    put,
    ({ s3 }, abortSignal) => {
      const { archive } = body
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ExpectedBucketOwner: owner,
        Metadata: { ...body.metadata },
        Body: archive === undefined ? Buffer.alloc(0) : archive.open(),
        ContentLength: archive?.bytes ?? 0,
        ContentType: archive === undefined ? 'application/octet-stream' : 'application/zip',
        ...(archive === undefined
          ? {}
          : { ChecksumSHA256: Buffer.from(archive.sha256, 'hex').toString('base64') }),
        ...(body.etag === undefined ? {} : { IfMatch: body.etag }),
      })
      return s3.send(command, { abortSignal })
    },
    body.signal,
  )
  if (answer.ETag === undefined) throw refuse(new SyntaxError('no ETag'), put)
  return { etag: answer.ETag }
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
  return /not authorized to perform|explicit deny/.test(message)
    ? refusal
    : new Refusal('DCF-BUCKET-OWNER', facts)
}
