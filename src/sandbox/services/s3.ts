// Amazon S3 as far as an artifact's way needs it: objects of one request each, listing, and what buckets tell of themselves.
import type { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { authorize } from '../identity/authorize.ts'
import type { Caller, Operation, Service } from '../service.ts'
import type { World } from '../world.ts'
import { needAccess, needList, reachBucket } from './s3access.ts'
import type { StoredObject } from './s3bucket.ts'
import { noSuchKey } from './s3conditions.ts'
import { listObjects } from './s3list.ts'
import { deleteObject, getObject, type ObjectRequest, putObject } from './s3object.ts'
import { answerXml, refuseS3 } from './s3protocol.ts'
import { routeS3, type S3Target } from './s3route.ts'

export function createS3Service(world: World): Service {
  return {
    name: 's3',
    protocol: 'rest-xml',
    understand: (exchange) => understand(exchange, world),
    refuse: (error: AwsError, requestId) => refuseS3(error, requestId),
  }
}

function understand(exchange: Exchange, world: World): Operation {
  const target = routeS3(exchange)
  return {
    name: target.operation,
    access: needAccess(target, exchange, world),
    parameters: describe(target, exchange),
    precheck: () => {
      reachBucket(target, exchange, world)
    },
    run: (caller) => run(target, { exchange, world, caller }),
  }
}

interface Errand {
  readonly exchange: Exchange
  readonly world: World
  readonly caller: Caller
}

function run(target: S3Target, { exchange, world, caller }: Errand): Answer {
  const bucket = reachBucket(target, exchange, world)
  const request: ObjectRequest = { bucket, key: target.key, exchange, now: world.clock.now() }
  switch (target.operation) {
    case 'PutObject':
      return putObject(request)
    case 'GetObject':
    case 'HeadObject':
      return getObject(findObject(target, bucket.objects, { exchange, world, caller }), request)
    case 'DeleteObject':
      return deleteObject(request)
    case 'ListObjectsV2':
      return listObjects(bucket, exchange)
    case 'GetBucketLocation':
      // us-east-1 alone has no location constraint.
      return answerXml('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region)
    case 'HeadBucket':
      return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } }
  }
}

/** A missing key is 404 for those who may list the bucket, and a refusal for all others. */
function findObject(
  target: S3Target,
  objects: ReadonlyMap<string, StoredObject>,
  { world, caller }: Errand,
): StoredObject {
  const object = objects.get(target.key)
  if (object !== undefined) return object
  authorize(world, caller, needList(target, world), 'rest-xml')
  throw noSuchKey(target.key)
}

const SHOWN_HEADERS =
  /^(content-(type|length|encoding|md5)|if-.*|range|x-amz-(meta-.*|checksum-.*|trailer|decoded-content-length|expected-bucket-owner|content-sha256|server-side-encryption.*|tagging|acl))$/

function describe({ bucket, key }: S3Target, exchange: Exchange): unknown {
  const headers = Object.entries(exchange.headers).filter(([name]) => SHOWN_HEADERS.test(name))
  return {
    Bucket: bucket,
    Key: key,
    query: Object.fromEntries(exchange.query),
    headers: Object.fromEntries(headers),
  }
}
