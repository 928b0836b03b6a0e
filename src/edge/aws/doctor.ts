// The doctor's own calls: the bucket and an object that nobody else writes.

import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { DoctorCloud, ProbePlace } from '../../core/doctor/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Clients } from './clients.ts'
import { type Connection, offerCloud, openSession } from './connect.ts'
import type { CallName } from './refuse.ts'
import { refineDenial } from './s3.ts'
import type { Session } from './session.ts'

/** Throws Refusal if the role cannot be assumed. */
export async function connectDoctor(connection: Connection): Promise<DoctorCloud> {
  const session = await openSession(connection)
  return {
    ...offerCloud(session, connection),
    ...offerBucket(session),
    lookForUrl: (name) => lookForUrl(session, name),
  }
}

type BucketCalls = Pick<
  DoctorCloud,
  'bucketRegion' | 'listBucket' | 'isFree' | 'putProbe' | 'getProbe' | 'deleteProbe'
>

/** Text of the probe, for whoever finds one that could not be deleted. */
const probeText = 'Written by the doctor of dcf/aws-lambda-deploy; it can be deleted.\n'

function offerBucket(session: Session): BucketCalls {
  return {
    bucketRegion: async (place) => {
      const answer = await ask(session, 'GetBucketLocation', ({ s3 }, abortSignal) =>
        s3.send(new GetBucketLocationCommand(bucketOf(place)), { abortSignal }),
      )
      // us-east-1 is an empty answer, and EU an old name of eu-west-1.
      const region = answer.LocationConstraint ?? 'us-east-1'
      return region === 'EU' ? 'eu-west-1' : region
    },
    listBucket: async (place) => {
      await ask(session, 'ListObjectsV2', ({ s3 }, abortSignal) =>
        s3.send(new ListObjectsV2Command({ ...bucketOf(place), MaxKeys: 1 }), { abortSignal }),
      )
    },
    isFree: (place) => isFree(session, place),
    putProbe: async (place) => {
      const answer = await ask(session, 'PutObject', ({ s3 }, abortSignal) =>
        s3.send(
          new PutObjectCommand({ ...objectOf(place), Body: Buffer.from(probeText), IfNoneMatch: '*' }),
          {
            abortSignal,
          },
        ),
      )
      return { etag: answer.ETag ?? '', isVersioned: answer.VersionId !== undefined }
    },
    getProbe: async (place) => {
      await ask(session, 'GetObject', async ({ s3 }, abortSignal) => {
        const answer = await s3.send(new GetObjectCommand(objectOf(place)), { abortSignal })
        await answer.Body?.transformToByteArray()
      })
    },
    deleteProbe: async (place, { etag }) => {
      await ask(session, 'DeleteObject', ({ s3 }, abortSignal) =>
        s3.send(new DeleteObjectCommand({ ...objectOf(place), IfMatch: etag }), { abortSignal }),
      )
    },
  }
}

async function isFree(session: Session, place: ProbePlace): Promise<boolean> {
  try {
    await ask(session, 'HeadObject', ({ s3 }, abortSignal) =>
      s3.send(new HeadObjectCommand(objectOf(place)), { abortSignal }),
    )
    return false
  } catch (error) {
    if (error instanceof Refusal && ['NotFound', 'NoSuchKey'].includes(error.awsCode ?? '')) return true
    throw error
  }
}

async function lookForUrl(session: Session, functionName: string): Promise<void> {
  const call: CallName = {
    operation: 'GetFunctionUrlConfig',
    denied: 'DCF-AWS-DENIED',
    failed: 'DCF-LOOK-FAILED',
  }
  try {
    await session.call(call, ({ lambda }, abortSignal) =>
      lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: functionName }), { abortSignal }),
    )
  } catch (error) {
    if (!(error instanceof Refusal) || error.awsCode !== 'ResourceNotFoundException') throw error
  }
}

async function ask<T>(
  session: Session,
  operation: string,
  send: (clients: Clients, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const call: CallName = {
    operation,
    denied: 'DCF-BUCKET-DENIED',
    failed: 'DCF-AWS-FAILED',
    known: {
      NoSuchBucket: 'DCF-BUCKET-MISSING',
      PermanentRedirect: 'DCF-BUCKET-REGION',
      AuthorizationHeaderMalformed: 'DCF-BUCKET-REGION',
    },
  }
  try {
    return await session.call(call, send)
  } catch (error) {
    throw error instanceof Refusal ? refineDenial(error) : error
  }
}

function bucketOf({ bucket, owner }: ProbePlace) {
  return { Bucket: bucket, ExpectedBucketOwner: owner }
}

function objectOf(place: ProbePlace) {
  return { ...bucketOf(place), Key: place.key }
}
