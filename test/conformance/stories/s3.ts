// What the action and the build do with the artifact, and what S3 refuses.
import { createHash } from 'node:crypto'
import type { Story } from '../story.ts'

const API = 'S3 API Reference'
const CHECKSUM = 'S3 User Guide, Checking object integrity'
const CONDITIONAL = 'S3 User Guide, Conditional requests'
const KEY = 'builds/app.zip'

export const s3: Story = {
  service: 'S3',
  write: ({ file }) => {
    const content = 'the artifact'
    const body = file('app.zip', content)
    const sha256 = createHash('sha256').update(content).digest('base64')
    const etag = `"${createHash('md5').update(content).digest('hex')}"`
    const wrongSum = createHash('sha256').update('other').digest('base64')
    const s3api = (operation: string, bucket: string, ...more: readonly string[]): readonly string[] => [
      's3api',
      operation,
      '--bucket',
      bucket,
      ...more,
    ]
    const put = (...more: readonly string[]): readonly string[] => ['--key', KEY, '--body', body, ...more]
    // Under another key, since an emulator may take it.
    const refused = (...more: readonly string[]): readonly string[] => [...put(), '--key', 'refused', ...more]
    const out = file('out', '')
    return [
      {
        title: 'put with its SHA-256 and metadata',
        words: (t) =>
          s3api(
            'put-object',
            t.bucket,
            ...put('--checksum-sha256', sha256, '--metadata', 'dcf-run=1,dcf-function=hello'),
          ),
        aws: '200',
        document: `${API}, PutObject`,
        shape: ['ETag', 'ChecksumSHA256'],
      },
      {
        title: 'put with the SHA-256 of something else',
        words: (t) => s3api('put-object', t.bucket, ...refused('--checksum-sha256', wrongSum)),
        aws: '400 BadDigest',
        document: CHECKSUM,
      },
      {
        title: 'put with a SHA-256 that is none',
        words: (t) => s3api('put-object', t.bucket, ...refused('--checksum-sha256', 'abc')),
        aws: '400 InvalidRequest',
        document: CHECKSUM,
      },
      {
        title: 'put only if nothing is there',
        words: (t) => s3api('put-object', t.bucket, ...put('--if-none-match', '*')),
        aws: '412 PreconditionFailed',
        document: CONDITIONAL,
      },
      {
        title: 'put over another ETag',
        words: (t) =>
          s3api('put-object', t.bucket, ...put('--if-match', '"00000000000000000000000000000000"')),
        aws: '412 PreconditionFailed',
        document: CONDITIONAL,
      },
      {
        title: 'put to a bucket of another account',
        words: (t) => s3api('put-object', t.bucket, ...refused('--expected-bucket-owner', '999999999999')),
        aws: '403 AccessDenied',
        document: 'S3 User Guide, Verifying bucket ownership with bucket owner condition',
      },
      {
        title: 'put to a bucket that is not there',
        words: () => s3api('put-object', 'dcf-no-such-bucket', ...put()),
        aws: '404 NoSuchBucket',
        document: `${API}, Error responses`,
      },
      {
        title: 'get by its ETag',
        words: (t) => s3api('get-object', t.bucket, '--key', KEY, '--if-match', etag, out),
        aws: '200',
        document: `${API}, GetObject`,
        shape: ['ETag', 'ContentLength', 'LastModified', 'Metadata.dcf-run', 'Metadata.dcf-function'],
      },
      {
        title: 'get by another ETag',
        words: (t) =>
          s3api(
            'get-object',
            t.bucket,
            '--key',
            KEY,
            '--if-match',
            '"00000000000000000000000000000000"',
            out,
          ),
        aws: '412 PreconditionFailed',
        document: CONDITIONAL,
      },
      {
        title: 'get by an ETag that is still the same',
        words: (t) => s3api('get-object', t.bucket, '--key', KEY, '--if-none-match', etag, out),
        aws: '304 304',
        document: CONDITIONAL,
      },
      {
        title: 'get what is not there',
        words: (t) => s3api('get-object', t.bucket, '--key', 'builds/none.zip', out),
        aws: '404 NoSuchKey',
        document: `${API}, GetObject`,
      },
      {
        title: 'get from a bucket of another account',
        words: (t) =>
          s3api('get-object', t.bucket, '--key', KEY, '--expected-bucket-owner', '999999999999', out),
        aws: '403 AccessDenied',
        document: 'S3 User Guide, Verifying bucket ownership with bucket owner condition',
      },
      {
        title: 'head',
        words: (t) => s3api('head-object', t.bucket, '--key', KEY),
        aws: '200',
        document: `${API}, HeadObject`,
        shape: ['ETag', 'ContentLength', 'Metadata.dcf-run'],
      },
      {
        title: 'head what is not there',
        words: (t) => s3api('head-object', t.bucket, '--key', 'builds/none.zip'),
        aws: '404 404',
        document: `${API}, HeadObject`,
      },
      {
        title: 'where the bucket is',
        words: (t) => s3api('get-bucket-location', t.bucket),
        aws: '200',
        document: `${API}, GetBucketLocation`,
      },
      {
        title: 'list',
        words: (t) => s3api('list-objects-v2', t.bucket, '--prefix', 'builds/'),
        aws: '200',
        document: `${API}, ListObjectsV2`,
        shape: ['Contents.0.Key', 'Contents.0.Size', 'Contents.0.ETag'],
      },
      {
        title: 'delete by another ETag',
        words: (t) =>
          s3api('delete-object', t.bucket, '--key', KEY, '--if-match', '"00000000000000000000000000000000"'),
        aws: '412 PreconditionFailed',
        document: CONDITIONAL,
      },
      {
        title: 'delete',
        words: (t) => s3api('delete-object', t.bucket, '--key', KEY),
        aws: '204',
        document: `${API}, DeleteObject`,
      },
      {
        title: 'delete what is gone',
        words: (t) => s3api('delete-object', t.bucket, '--key', KEY),
        aws: '204',
        document: `${API}, DeleteObject`,
      },
      {
        title: 'a wrong secret',
        words: (t) => s3api('head-bucket', t.bucket),
        env: (t) => ({ ...t.deployRole, AWS_SECRET_ACCESS_KEY: 'wrong' }),
        aws: '403 403',
        document: `${API}, Error responses`,
      },
    ]
  },
}
