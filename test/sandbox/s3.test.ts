import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Credentials } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { connectS3, signIn } from './signin.ts'

const KEY = 'builds/app.zip'
const CUSTOMER_KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555'

let sandbox: Sandbox
let credentials: Credentials | undefined
let s3: S3Client
let Bucket: string
beforeEach(async () => {
  sandbox = await startSandbox()
  credentials = await signIn(sandbox)
  s3 = connectS3(sandbox, credentials)
  Bucket = sandbox.names.bucket
})
afterEach(async () => {
  s3.destroy()
  await sandbox.close()
})

function bucket(name = Bucket) {
  const found = sandbox.world.buckets.get(name)
  if (found === undefined) throw new Error(`no bucket ${name}`)
  return found
}

function put(input: Partial<PutObjectCommandInput> = {}) {
  return s3.send(new PutObjectCommand({ Bucket, Key: KEY, Body: Buffer.from('hello'), ...input }))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function status(code: number) {
  return { $metadata: { httpStatusCode: code } }
}

function addBucket(name: string, members: { region?: string; owner?: string } = {}) {
  sandbox.world.buckets.set(name, {
    name,
    region: 'us-east-1',
    owner: '123456789012',
    objects: new Map(),
    ...members,
  })
}

/** Replaces what the deploy role may do. */
function grant(...statements: { Effect: 'Allow' | 'Deny'; Action: string | string[]; Resource: string }[]) {
  const role = sandbox.world.roles.get(sandbox.names.role)
  role?.policies.clear()
  role?.policies.set('test', { Version: '2012-10-17', Statement: statements })
}

describe('an object', () => {
  test('comes back with type, metadata, ETag and checksum', async () => {
    const stored = await put({
      ContentType: 'application/zip',
      Metadata: { 'dcf-function': 'hello', 'dcf-run': '1/2/3' },
      ChecksumSHA256: sha256('hello'),
      ExpectedBucketOwner: '123456789012',
    })
    expect(stored.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`)
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: KEY, ChecksumMode: 'ENABLED' }))
    expect(await got.Body?.transformToString()).toBe('hello')
    expect(got).toMatchObject({
      ETag: stored.ETag,
      ContentType: 'application/zip',
      ContentLength: 5,
      Metadata: { 'dcf-function': 'hello', 'dcf-run': '1/2/3' },
      ChecksumSHA256: sha256('hello'),
      ServerSideEncryption: 'AES256',
    })
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: KEY }))
    expect(head).toMatchObject({ ContentLength: 5, Metadata: { 'dcf-function': 'hello' } })
  })

  test.each([0, 1, 70_000, 1_000_000])('of %i bytes comes as a stream and is the same', async (length) => {
    const body = Buffer.alloc(length, 'abcdefg')
    await put({ Body: Readable.from([body]), ContentLength: length })
    expect(bucket().objects.get(KEY)?.body.equals(body)).toBe(true)
    expect(sandbox.journal.entries.at(-1)?.parameters).toMatchObject({
      headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    })
  })

  test.each(['a b/ü.zip', 'a+b&c=d.zip', "it's (1)!.zip", '~tilde*', 'x//y'])(
    'may be called %j',
    async (Key) => {
      await put({ Key })
      expect([...bucket().objects.keys()]).toEqual([Key])
      const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
      expect(await got.Body?.transformToString()).toBe('hello')
    },
  )

  test('is deleted, and deleting it again succeeds', async () => {
    await put()
    await s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }))
    expect(bucket().objects.size).toBe(0)
    expect(await s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }))).toMatchObject(status(204))
  })

  test.each([
    ['bytes=1-2', 'el', 'bytes 1-2/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 'lo', 'bytes 3-4/5'],
    ['bytes=0-99', 'hello', 'bytes 0-4/5'],
  ])('is read in part: %s', async (Range, text, range) => {
    await put()
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: KEY, Range }))
    expect(await got.Body?.transformToString()).toBe(text)
    expect(got).toMatchObject({ ContentRange: range, ...status(206) })
  })

  test('is not read past its end', async () => {
    await put()
    const request = new GetObjectCommand({ Bucket, Key: KEY, Range: 'bytes=9-' })
    await expect(s3.send(request)).rejects.toMatchObject({ name: 'InvalidRange', ...status(416) })
  })
})

describe('checksums', () => {
  test.each([
    ['SHA-256 of other data', { ChecksumSHA256: sha256('other') }, 'BadDigest'],
    ['a malformed SHA-256', { ChecksumSHA256: 'abc' }, 'InvalidRequest'],
    ['CRC32 of other data', { ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
    ['MD5 of other data', { ContentMD5: createHash('md5').update('x').digest('base64') }, 'BadDigest'],
    ['a malformed MD5', { ContentMD5: 'abc' }, 'InvalidDigest'],
    ['two kinds', { ChecksumSHA256: sha256('hello'), ChecksumCRC32: 'NhCmhg==' }, 'InvalidRequest'],
  ])('%s is refused', async (_name, input, name) => {
    await expect(put(input)).rejects.toMatchObject({ name, ...status(400) })
    expect(bucket().objects.size).toBe(0)
  })

  test.each([
    [{ ChecksumCRC32C: 'mnG7TA==' }],
    [{ ChecksumCRC64NVME: 'M3eFcAZSQlc=' }],
    [{ ChecksumSHA1: createHash('sha1').update('hello').digest('base64') }],
  ])('%j is right', async (input) => {
    expect(await put(input)).toMatchObject(input)
  })

  test('the CRC32 that the SDK adds by itself is kept', async () => {
    await put()
    expect(bucket().objects.get(KEY)?.checksums).toEqual({ CRC32: 'NhCmhg==' })
  })
})

describe('preconditions', () => {
  test('If-None-Match keeps what is there', async () => {
    await put({ IfNoneMatch: '*' })
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      ...status(412),
    })
  })

  test('If-Match on writing', async () => {
    await expect(put({ IfMatch: '"x"' })).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) })
    const { ETag } = await put()
    await put({ IfMatch: ETag, Body: 'second' })
    await expect(put({ IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(bucket().objects.get(KEY)?.body.toString()).toBe('second')
  })

  test('If-Match on reading', async () => {
    const { ETag } = await put()
    await s3.send(new GetObjectCommand({ Bucket, Key: KEY, IfMatch: ETag }))
    await put({ Body: 'second' })
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: KEY, IfMatch: ETag }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
      ...status(412),
    })
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: KEY, IfMatch: ETag }))).rejects.toMatchObject(
      status(412),
    )
  })

  test('If-None-Match on reading', async () => {
    const { ETag } = await put()
    const request = new GetObjectCommand({ Bucket, Key: KEY, IfNoneMatch: ETag })
    await expect(s3.send(request)).rejects.toMatchObject(status(304))
    await s3.send(new GetObjectCommand({ Bucket, Key: KEY, IfNoneMatch: '"other"' }))
  })

  test('the dates', async () => {
    await put()
    const ago = new Date(Date.now() - 60_000)
    const soon = new Date(Date.now() + 60_000)
    const get = (input: object) => s3.send(new GetObjectCommand({ Bucket, Key: KEY, ...input }))
    await get({ IfModifiedSince: ago })
    await expect(get({ IfModifiedSince: soon })).rejects.toMatchObject(status(304))
    await get({ IfUnmodifiedSince: soon })
    await expect(get({ IfUnmodifiedSince: ago })).rejects.toMatchObject(status(412))
  })

  test('If-Match on deleting', async () => {
    const { ETag } = await put()
    const remove = (IfMatch: string | undefined) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: KEY, IfMatch }))
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed', ...status(412) })
    await remove(ETag)
    expect(bucket().objects.size).toBe(0)
    await expect(remove(ETag)).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) })
  })
})

describe('a bucket', () => {
  test('that does not exist, also for those who could not use it', async () => {
    for (const name of ['missing', 'dcf-customer-artifact']) {
      await expect(put({ Bucket: name })).rejects.toMatchObject({ name: 'NoSuchBucket', ...status(404) })
      await expect(s3.send(new HeadBucketCommand({ Bucket: name }))).rejects.toMatchObject(status(404))
    }
  })

  test('of another owner than expected', async () => {
    await expect(put({ ExpectedBucketOwner: '999999999999' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Access Denied',
      ...status(403),
    })
  })

  test('of another account', async () => {
    grant({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
    addBucket('theirs', { owner: '999999999999' })
    await expect(put({ Bucket: 'theirs' })).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) })
    bucket('theirs').policy = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: sandbox.names.roleArn },
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::theirs/*',
      },
    }
    await put({ Bucket: 'theirs' })
  })

  test('of another region', async () => {
    bucket().region = 'eu-central-1'
    await expect(put()).rejects.toMatchObject({
      name: 'PermanentRedirect',
      Endpoint: `${Bucket}.s3.eu-central-1.amazonaws.com`,
      ...status(301),
    })
    const answer = await s3.send(new GetBucketLocationCommand({ Bucket }))
    expect(answer.LocationConstraint).toBe('eu-central-1')
  })

  test('of this region', async () => {
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1')
  })

  test('may be named by the host', async () => {
    const virtual = new S3Client({
      endpoint: `http://localhost:${new URL(sandbox.endpoint).port}`,
      region: 'us-east-1',
      credentials: await s3.config.credentials(),
      requestHandler: { httpAgent: { lookup: toLoopback } },
    })
    await virtual.send(new PutObjectCommand({ Bucket, Key: KEY, Body: 'by host' }))
    expect(bucket().objects.get(KEY)?.body.toString()).toBe('by host')
    expect(sandbox.journal.entries.at(-1)?.path).toBe(`/${KEY}`)
    virtual.destroy()
  })
})

describe('permissions', () => {
  const arn = 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1'

  test('a missing one is named with action and resource', async () => {
    addBucket('other')
    await expect(put({ Bucket: 'other' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::other/${KEY}" because no identity-based policy allows the s3:PutObject action`,
      ...status(403),
    })
  })

  test('an explicit Deny', async () => {
    grant(
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:Put*', Resource: '*' },
    )
    await expect(put()).rejects.toThrow('with an explicit deny in an identity-based policy')
  })

  test('of a session that was cut down', async () => {
    const narrow = connectS3(
      sandbox,
      await signIn(sandbox, {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/${KEY}` }],
      }),
    )
    await narrow.send(new PutObjectCommand({ Bucket, Key: KEY, Body: 'x' }))
    await expect(narrow.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toThrow(
      'because no session policy allows the s3:PutObject action',
    )
    // The wider session of the same role and name is not touched by it.
    await put({ Key: 'k' })
  })

  test('a missing key is 404 with s3:ListBucket and 403 without', async () => {
    const get = () => s3.send(new GetObjectCommand({ Bucket, Key: 'missing' }))
    const head = () => s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) })
    await expect(head()).rejects.toMatchObject(status(404))
    grant({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })
    await expect(get()).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) })
    await expect(head()).rejects.toMatchObject(status(403))
  })

  test('a bucket under a customer key wants the key, too', async () => {
    bucket().kmsKey = CUSTOMER_KEY
    await expect(put()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${arn} is not authorized to perform: kms:GenerateDataKey on resource: ${CUSTOMER_KEY} because no identity-based policy allows the kms:GenerateDataKey action`,
    })
    grant({ Effect: 'Allow', Action: ['s3:*', 'kms:GenerateDataKey'], Resource: '*' })
    expect(await put()).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: CUSTOMER_KEY })
  })

  test('a session may hold the key through S3 only', async () => {
    bucket().kmsKey = CUSTOMER_KEY
    grant({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' })
    const putThrough = async (service: string) => {
      const kms = {
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': service } },
      }
      const objects = { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` }
      const session = await signIn(sandbox, { Version: '2012-10-17', Statement: [objects, kms] })
      return connectS3(sandbox, session).send(new PutObjectCommand({ Bucket, Key: KEY, Body: 'x' }))
    }
    await putThrough('s3.us-east-1.amazonaws.com')
    await expect(putThrough('ec2.us-east-1.amazonaws.com')).rejects.toThrow(
      'because no session policy allows the kms:GenerateDataKey action',
    )
  })

  test.each([
    [{ Tagging: 'a=b' }, 's3:PutObjectTagging'],
    [{ ACL: 'private' as const }, 's3:PutObjectAcl'],
  ])('%j needs %s', async (input, action) => {
    await expect(put(input)).rejects.toThrow(action)
  })
})

describe('listing', () => {
  const keys = ['a/1', 'a/2', 'b', 'builds/app.zip', 'ä']
  const list = (input: object = {}) => s3.send(new ListObjectsV2Command({ Bucket, ...input }))

  test('goes in the order of bytes and in pages', async () => {
    for (const Key of keys.toReversed()) await put({ Key })
    const seen: string[] = []
    let token: string | undefined
    do {
      const page = await list({ MaxKeys: 2, ContinuationToken: token })
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
      token = page.NextContinuationToken
    } while (token !== undefined)
    expect(seen).toEqual(keys)
  })

  test('groups and filters', async () => {
    for (const Key of keys) await put({ Key })
    const grouped = await list({ Delimiter: '/' })
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'builds/' }])
    expect(grouped.KeyCount).toBe(4)
    const filtered = await list({ Prefix: 'a/', StartAfter: 'a/1' })
    expect(filtered.Contents?.map(({ Key, Size }) => ({ Key, Size }))).toEqual([{ Key: 'a/2', Size: 5 }])
  })
})

test('what the sandbox does not serve is said, not done', async () => {
  await put()
  await expect(s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: KEY }))).rejects.toMatchObject({
    name: 'NotImplemented',
    ...status(501),
  })
  expect(bucket().objects.size).toBe(1)
})

test('metadata has a limit', async () => {
  await expect(put({ Metadata: { a: 'x'.repeat(2100) } })).rejects.toMatchObject({ name: 'MetadataTooLarge' })
})

type Found = (error: null, address: string | { address: string; family: number }[], family?: number) => void

/** `BUCKET.localhost` has no address on every machine. */
function toLoopback(_host: string, options: { all?: boolean }, found: Found): void {
  if (options.all === true) found(null, [{ address: '127.0.0.1', family: 4 }])
  else found(null, '127.0.0.1', 4)
}
