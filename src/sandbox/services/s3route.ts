// Which bucket, key and operation an S3 request means: by path or by host name.
import { AwsError } from '../awserror.ts'
import type { Exchange } from '../exchange.ts'

export type S3Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'GetBucketLocation'
  | 'HeadBucket'

export interface S3Target {
  readonly operation: S3Operation
  readonly bucket: string
  readonly key: string
}

/** Sub-resources that the sandbox does not serve must not pass for the plain operation. */
const KNOWN_QUERY = [
  'x-id',
  'location',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'response-content-type',
]

/** Throws NotImplemented for what the sandbox does not serve. */
export function routeS3(exchange: Exchange): S3Target {
  const unknown = [...exchange.query.keys()].find((name) => !KNOWN_QUERY.includes(name))
  const { bucket, key } = splitPath(exchange)
  const operation = unknown === undefined && bucket !== '' ? nameOperation(exchange, key) : undefined
  if (operation === undefined || exchange.headers['x-amz-copy-source'] !== undefined) {
    const asked = unknown === undefined ? `${exchange.method} of this resource` : `?${unknown}`
    throw new AwsError(
      'NotImplemented',
      `A header or query you provided implies functionality that is not implemented: ${asked}.`,
      501,
    )
  }
  return { operation, bucket, key }
}

function nameOperation({ method, query }: Exchange, key: string): S3Operation | undefined {
  switch (method) {
    case 'PUT':
      return key === '' ? undefined : 'PutObject'
    case 'HEAD':
      return key === '' ? 'HeadBucket' : 'HeadObject'
    case 'DELETE':
      return key === '' ? undefined : 'DeleteObject'
    case 'GET':
      if (key !== '') return 'GetObject'
      if (query.has('location')) return 'GetBucketLocation'
      return query.get('list-type') === '2' ? 'ListObjectsV2' : undefined
    default:
      return undefined
  }
}

/** `BUCKET.localhost:PORT/KEY`, else `/BUCKET/KEY`. */
function splitPath({ headers, path }: Exchange): { readonly bucket: string; readonly key: string } {
  const host = /^(.+)\.localhost:\d+$/.exec(headers['host'] ?? '')?.[1]
  const whole = path.replace(/^\//, '')
  if (host !== undefined) return { bucket: host.replace(/\.s3(\.[a-z0-9-]+)?$/, ''), key: decode(whole) }
  const slash = whole.indexOf('/')
  if (slash < 0) return { bucket: decode(whole), key: '' }
  return { bucket: decode(whole.slice(0, slash)), key: decode(whole.slice(slash + 1)) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.")
  }
}
