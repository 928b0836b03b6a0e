// ListObjectsV2: keys in the order of their bytes, grouped at a delimiter, in pages.
import { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'
import type { XmlNode } from '../xml.ts'
import type { Bucket, StoredObject } from './s3bucket.ts'
import { answerXml } from './s3protocol.ts'

type Entry =
  | { readonly kind: 'object'; readonly name: string; readonly object: StoredObject }
  | { readonly kind: 'prefix'; readonly name: string }

export function listObjects(bucket: Bucket, { query }: Exchange): Answer {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const maximum = readMaximum(query.get('max-keys'))
  const token = query.get('continuation-token')
  const start = token === null ? (query.get('start-after') ?? '') : readToken(token)
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string): string => text
  const rest = group(bucket, prefix, delimiter).filter(({ name }) => compareBytes(name, start) > 0)
  const page = rest.slice(0, maximum)
  const last = page.at(-1)
  const isTruncated = rest.length > page.length
  return answerXml('ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['MaxKeys', maximum],
    ['EncodingType', query.get('encoding-type') ?? undefined],
    ['KeyCount', page.length],
    ['IsTruncated', isTruncated],
    ['ContinuationToken', token ?? undefined],
    ['NextContinuationToken', isTruncated && last !== undefined ? writeToken(last.name) : undefined],
    ...page.map((entry) => writeEntry(entry, encode)),
  ])
}

function writeEntry(entry: Entry, encode: (text: string) => string): XmlNode {
  if (entry.kind === 'prefix') return ['CommonPrefixes', [['Prefix', encode(entry.name)]]]
  const { object } = entry
  return [
    'Contents',
    [
      ['Key', encode(entry.name)],
      ['LastModified', new Date(object.lastModified).toISOString()],
      ['ETag', object.etag],
      ['Size', object.body.length],
      ['StorageClass', 'STANDARD'],
    ],
  ]
}

function group(bucket: Bucket, prefix: string, delimiter: string): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const object of bucket.objects.values()) {
    if (!object.key.startsWith(prefix)) continue
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length)
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length)
    entries.set(name, end < 0 ? { kind: 'object', name, object } : { kind: 'prefix', name })
  }
  return [...entries.values()].sort((left, right) => compareBytes(left.name, right.name))
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

function readMaximum(text: string | null): number {
  if (text === null) return 1000
  if (!/^\d+$/.test(text))
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range')
  return Math.min(Number(text), 1000)
}

function writeToken(name: string): string {
  return Buffer.from(name).toString('base64url')
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8')
  if (writeToken(name) !== token)
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect')
  return name
}
