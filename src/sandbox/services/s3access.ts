// Which bucket a request reaches, what is refused before permissions are looked at, and which permissions each operation needs.
import { AwsError } from '../awserror.ts'
import type { Exchange } from '../exchange.ts'
import type { Access } from '../service.ts'
import type { World } from '../world.ts'
import type { Bucket } from './s3bucket.ts'
import type { S3Target } from './s3route.ts'

/** Throws NoSuchBucket, PermanentRedirect or, for another owner than expected, AccessDenied. */
export function reachBucket({ bucket: name, operation }: S3Target, exchange: Exchange, world: World): Bucket {
  const bucket = world.buckets.get(name)
  if (bucket === undefined)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name })
  const owner = exchange.headers['x-amz-expected-bucket-owner']
  if (owner !== undefined && owner !== bucket.owner) throw new AwsError('AccessDenied', 'Access Denied', 403)
  if (bucket.region !== world.region && operation !== 'GetBucketLocation') throw redirect(bucket)
  return bucket
}

function redirect({ name, region }: Bucket): AwsError {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.'
  const members = { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name, Region: region }
  return new AwsError('PermanentRedirect', message, 301, members)
}

/** The permissions of an operation. A bucket that does not exist has no policy and no owner; the request ends before they matter. */
export function needAccess(target: S3Target, exchange: Exchange, world: World): readonly Access[] {
  const bucket = world.buckets.get(target.bucket)
  const place = (action: string, resource: string, context: Access['context'] = {}): Access => ({
    action,
    resource,
    context,
    ...(bucket === undefined ? {} : { owner: bucket.owner, resourcePolicy: bucket.policy }),
  })
  const bucketArn = `arn:${world.partition}:s3:::${target.bucket}`
  const onObject = (action: string): Access =>
    place(action, `${bucketArn}/${target.key}`, headerContext(exchange))
  switch (target.operation) {
    case 'PutObject':
      return [
        onObject('s3:PutObject'),
        ...(exchange.headers['if-match'] === undefined ? [] : [onObject('s3:GetObject')]),
        ...(exchange.headers['x-amz-tagging'] === undefined ? [] : [onObject('s3:PutObjectTagging')]),
        ...(exchange.headers['x-amz-acl'] === undefined ? [] : [onObject('s3:PutObjectAcl')]),
        ...useKey('kms:GenerateDataKey', bucket, world),
      ]
    case 'GetObject':
      return [onObject('s3:GetObject'), ...useKey('kms:Decrypt', bucket, world)]
    case 'HeadObject':
      return [onObject('s3:GetObject')]
    case 'DeleteObject':
      return needDelete(exchange.headers['if-match'], onObject)
    case 'ListObjectsV2':
      return [place('s3:ListBucket', bucketArn, listContext(exchange))]
    case 'HeadBucket':
      return [place('s3:ListBucket', bucketArn)]
    case 'GetBucketLocation':
      return [place('s3:GetBucketLocation', bucketArn)]
  }
}

/** A deletion that compares an ETag reads it, too (S3 user guide, "How to perform conditional deletes"). */
function needDelete(match: string | undefined, onObject: (action: string) => Access): readonly Access[] {
  const remove = onObject('s3:DeleteObject')
  return match === undefined || match === '*' ? [remove] : [remove, onObject('s3:GetObject')]
}

/** The permission that tells "no such key" from "not allowed to know". */
export function needList(target: S3Target, world: World): Access {
  const bucket = world.buckets.get(target.bucket)
  return {
    action: 's3:ListBucket',
    resource: `arn:${world.partition}:s3:::${target.bucket}`,
    ...(bucket === undefined ? {} : { owner: bucket.owner, resourcePolicy: bucket.policy }),
  }
}

/** S3 uses a customer key in the name of its caller. */
function useKey(action: string, bucket: Bucket | undefined, world: World): readonly Access[] {
  if (bucket?.kmsKey === undefined) return []
  const via = `s3.${world.region}.amazonaws.com`
  return [
    {
      action,
      resource: bucket.kmsKey,
      context: { 'kms:ViaService': [via], 'kms:CallerAccount': [world.account] },
    },
  ]
}

const HEADER_KEYS = [
  'if-match',
  'if-none-match',
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-server-side-encryption',
]

function headerContext(exchange: Exchange): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {}
  for (const name of HEADER_KEYS) {
    const value = exchange.headers[name]
    if (value !== undefined) context[`s3:${name}`] = [value]
  }
  return context
}

function listContext({ query }: Exchange): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {}
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name)
    if (value !== null) context[`s3:${name}`] = [value]
  }
  return context
}
