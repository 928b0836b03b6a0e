// The state for the post step: read back as it was kept, or not at all.
import { expect, test } from 'vitest'
import { readRunIdentity } from '../../src/core/unfinished.ts'

const kept = {
  roleArn: 'arn:aws:iam::123456789012:role/x',
  region: 'us-east-1',
  audience: 'sts.amazonaws.com',
  sessionName: 's',
  sessionPolicy: '{}',
  bucket: 'b',
  key: 'k',
  owner: '123456789012',
  functionName: 'f',
  run: '1/-/2/1/abcdef01',
  etag: '"x"',
  project: 'p',
  idempotencyToken: 'a',
  buildId: '',
  buildUrl: '',
}

test('what was kept comes back', () => {
  expect(readRunIdentity(JSON.stringify(kept))).toEqual(kept)
})

test.each(Object.keys(kept))('without %s there is nothing to finish', (name) => {
  const { [name]: _gone, ...rest } = kept as Readonly<Record<string, string>>
  expect(readRunIdentity(JSON.stringify(rest))).toBeUndefined()
  expect(readRunIdentity(JSON.stringify({ ...kept, [name]: 1 }))).toBeUndefined()
})

test.each(['', 'null', '[]', '"x"', '{', '1'])('%j is nothing to finish', (text) => {
  expect(readRunIdentity(text)).toBeUndefined()
})
