import { describe, expect, test } from 'vitest'
import { decide, type LiveFunction, type Wanted } from '../../src/core/live.ts'
import { readMark, writeMark } from '../../src/core/mark.ts'
import { judgeOwnership } from '../../src/core/ownership.ts'

const digest = `sha256:${'d'.repeat(64)}`
const mark = { repo: '42', pr: '-', src: 'a'.repeat(16), cfg: 'c'.repeat(16), img: 'd'.repeat(16) }

const live: LiveFunction = {
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:app',
  packageType: 'Image',
  description: writeMark(mark),
  imageDigest: digest,
  imageUri: `repo@${digest}`,
  timeoutSeconds: 30,
  memoryMb: 512,
  roleArn: 'arn:aws:iam::123456789012:role/execution',
  state: 'Active',
  lastUpdateStatus: 'Successful',
  url: { kind: 'url', address: 'https://x.lambda-url.us-east-1.on.aws/', authType: 'NONE' },
}

const wanted: Wanted = {
  functionName: 'app',
  claim: { repositoryId: '42', pullRequest: '-', force: false },
  sourceDigest: 'a'.repeat(64),
  configDigest: 'c'.repeat(16),
  timeoutSeconds: 30,
  memoryMb: 512,
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  skipUnchanged: true,
}

function decideFor(changes: Partial<LiveFunction>, wishes: Partial<Wanted> = {}) {
  return decide({ kind: 'present', function: { ...live, ...changes } }, { ...wanted, ...wishes })
}

describe('decide', () => {
  test('absent and hidden functions are gone for', () => {
    expect(decide({ kind: 'absent' }, wanted)).toEqual({ kind: 'go', creates: true })
    expect(decide({ kind: 'hidden', reason: 'AccessDenied' }, wanted)).toEqual({
      kind: 'go',
      creates: undefined,
    })
  })

  test('unchanged needs everything to agree', () => {
    expect(decideFor({}).kind).toBe('unchanged')
    expect(decideFor({}, { skipUnchanged: false }).kind).toBe('go')
  })

  test.each<[string, Partial<LiveFunction>]>([
    ['another source', { description: writeMark({ ...mark, src: 'b'.repeat(16) }) }],
    ['half deployed', { description: writeMark({ ...mark, src: '-' }) }],
    ['another configuration', { description: writeMark({ ...mark, cfg: 'e'.repeat(16) }) }],
    ['another image', { imageDigest: `sha256:${'e'.repeat(64)}` }],
    ['an image without digest', { imageDigest: undefined }],
    ['another timeout', { timeoutSeconds: 31 }],
    ['another memory', { memoryMb: 1024 }],
    ['another role', { roleArn: 'arn:aws:iam::123456789012:role/other' }],
    ['inactive', { state: 'Inactive' }],
    ['last update failed', { lastUpdateStatus: 'Failed' }],
    ['no URL', { url: { kind: 'none' } }],
    ['a URL that may not be seen', { url: { kind: 'hidden' } }],
  ])('%s is built again', (_, changes) => {
    expect(decideFor(changes)).toEqual({ kind: 'go', creates: false })
  })

  test.each<[string, Partial<LiveFunction>, string]>([
    ['Zip', { packageType: 'Zip' }, 'DCF-FUNCTION-ZIP'],
    ['IAM', { url: { kind: 'url', address: 'https://x', authType: 'AWS_IAM' } }, 'DCF-FUNCTION-URL-IAM'],
    ['no mark', { description: 'my function' }, 'DCF-FUNCTION-FOREIGN'],
    ['another repository', { description: writeMark({ ...mark, repo: '43' }) }, 'DCF-FUNCTION-FOREIGN'],
    [
      'a mark from outside GitHub',
      { description: writeMark({ ...mark, repo: '-' }) },
      'DCF-FUNCTION-FOREIGN',
    ],
  ])('%s is refused', (_, changes, code) => {
    expect(decideFor(changes)).toMatchObject({ kind: 'refuse', code })
  })

  test('force takes a foreign function over, but neither Zip nor IAM', () => {
    const force = { claim: { ...wanted.claim, force: true } }
    expect(decideFor({ description: '' }, force).kind).toBe('go')
    expect(decideFor({ packageType: 'Zip' }, force)).toMatchObject({ code: 'DCF-FUNCTION-ZIP' })
    expect(decideFor({ url: { kind: 'url', address: 'x', authType: 'AWS_IAM' } }, force)).toMatchObject({
      code: 'DCF-FUNCTION-URL-IAM',
    })
  })

  test.each<Partial<LiveFunction>>([
    { lastUpdateStatus: 'InProgress' },
    { state: 'Pending' },
    { state: 'Deleting' },
  ])('%j is waited for', (changes) => {
    expect(decideFor(changes)).toEqual({ kind: 'wait' })
  })

  test('a foreign function is refused without waiting for it', () => {
    expect(decideFor({ description: '', lastUpdateStatus: 'InProgress' }).kind).toBe('refuse')
  })
})

describe('ownership', () => {
  const ours = { repo: '42', pr: '7', src: '-', cfg: '-', img: '-' }
  test.each([
    [ours, { repositoryId: '42', pullRequest: '7', force: false }, 'ours'],
    [ours, { repositoryId: '42', pullRequest: '8', force: true }, 'of another pull request'],
    [{ ...ours, pr: '-' }, { repositoryId: '42', pullRequest: '7', force: true }, 'of another pull request'],
    [undefined, { repositoryId: '42', pullRequest: '7', force: true }, 'of another pull request'],
    [ours, { repositoryId: '43', pullRequest: '7', force: true }, 'foreign'],
    [ours, { repositoryId: '42', pullRequest: '-', force: false }, 'ours'],
    [undefined, { repositoryId: '42', pullRequest: '-', force: false }, 'foreign'],
    [undefined, { repositoryId: '42', pullRequest: '-', force: true }, 'ours'],
    [{ ...ours, repo: '-' }, { repositoryId: '-', pullRequest: '-', force: false }, 'ours'],
  ] as const)('%j for %j is %s', (found, claim, expected) => {
    expect(judgeOwnership(found, claim)).toBe(expected)
  })
})

describe('mark', () => {
  test("is read back as written, within Lambda's 256 characters", () => {
    const long = { ...mark, repo: '9'.repeat(20), pr: '9'.repeat(20) }
    expect(readMark(writeMark(long))).toEqual(long)
    expect(writeMark(long).length).toBeLessThanOrEqual(256)
  })

  test.each([
    '',
    'dcf/aws-lambda-deploy',
    `${writeMark(mark)} `,
    `x${writeMark(mark)}`,
    writeMark(mark).toUpperCase(),
    `${writeMark(mark)}\n`,
  ])('%j is none', (text) => {
    expect(readMark(text)).toBeUndefined()
  })
})
