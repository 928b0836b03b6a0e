// What is called a success: the URL of Lambda itself, both public statements where they can be seen, and nothing unknown.
import { describe, expect, test } from 'vitest'
import type { BuildSnapshot } from '../../src/core/build.ts'
import type { Cloud, PublicAccess } from '../../src/core/cloud.ts'
import type { Live, LiveFunction } from '../../src/core/live.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { confirmResult, isFunctionUrl } from '../../src/core/result.ts'
import { createFakeAccount } from './fakeaccount.ts'
import { createVirtualHost, createVirtualTime } from './virtual.ts'

const url = 'https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws/'
const other = 'https://zzzzzzzzzzzzzzzzzzzzzzzzzz012345.lambda-url.us-east-1.on.aws/'
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:hello'
const both: PublicAccess = { kind: 'shown', url: true, invoke: true }

function present(changes: Partial<LiveFunction> = {}): Live {
  const found: LiveFunction = {
    arn,
    packageType: 'Image',
    description: '',
    imageDigest: undefined,
    imageUri: undefined,
    timeoutSeconds: 30,
    memoryMb: 512,
    roleArn: '',
    state: 'Active',
    lastUpdateStatus: 'Successful',
    url: { kind: 'url', address: url, authType: 'NONE' },
    ...changes,
  }
  return { kind: 'present', function: found }
}

interface Looks {
  /** Answers of the looks in order; the last one stays. */
  readonly looks: readonly (Live | Refusal)[]
  readonly access?: PublicAccess
  readonly claimed?: string
}

async function confirm({ looks, access = both, claimed = url }: Looks) {
  const time = createVirtualTime()
  const host = createVirtualHost(time)
  const account = createFakeAccount(time, { duration: 0, lines: [] })
  let count = 0
  const cloud: Cloud = {
    ...account.cloud,
    look: async () => {
      const answer = looks[Math.min(count, looks.length - 1)]
      count += 1
      if (answer === undefined || answer instanceof Refusal) throw answer
      return answer
    },
    readPublicAccess: async () => access,
  }
  const build: BuildSnapshot = {
    ...account.started,
    status: 'SUCCEEDED',
    isOver: true,
    exported: { FUNCTION_URL: claimed, FUNCTION_ARN: arn },
  }
  const request = { functionName: 'hello', region: 'us-east-1', isLoopback: false }
  const facts = await time.run(confirmResult(cloud, build, request, host))
  const notes = host.told.flatMap(({ progress }) => (progress.kind === 'note' ? [progress.text] : []))
  return { facts, notes, looks: count }
}

describe('the URL', () => {
  test('of Lambda and of the build agree', async () => {
    const { facts, notes } = await confirm({ looks: [present()] })
    expect(facts).toMatchObject({ functionUrl: url, urlVerified: true, functionArn: arn })
    expect(notes).toEqual([])
  })

  test.each<readonly [string, Looks, string]>([
    ['another than Lambda shows', { looks: [present()], claimed: other }, 'DCF-URL-INVALID'],
    ['none at all', { looks: [present({ url: { kind: 'none' } })] }, 'DCF-URL-MISSING'],
    ['no function', { looks: [{ kind: 'absent' }] }, 'DCF-URL-MISSING'],
    [
      'a URL that wants IAM',
      { looks: [present({ url: { kind: 'url', address: url, authType: 'AWS_IAM' } })] },
      'DCF-URL-NOT-PUBLIC',
    ],
    [
      'one that nobody can verify and that is no Lambda URL',
      { looks: [{ kind: 'hidden', reason: 'x' }], claimed: 'https://evil.example/' },
      'DCF-URL-INVALID',
    ],
    [
      'one statement missing',
      { looks: [present()], access: { kind: 'shown', url: true, invoke: false } },
      'DCF-URL-NOT-PUBLIC',
    ],
    [
      'the other missing',
      { looks: [present()], access: { kind: 'shown', url: false, invoke: true } },
      'DCF-URL-NOT-PUBLIC',
    ],
    [
      'Lambda that fails for good',
      { looks: [new Refusal('DCF-LOOK-FAILED', { detail: 'x', requestId: 'r-1' })] },
      'DCF-RESULT-UNSEEN',
    ],
  ])('%s is no success', async (_name, looks, code) => {
    await expect(confirm(looks)).rejects.toMatchObject({ code })
  })

  test('that is seen a moment late is waited for', async () => {
    const { facts, looks } = await confirm({
      looks: [{ kind: 'absent' }, present({ url: { kind: 'none' } }), present()],
    })
    expect(facts.functionUrl).toBe(url)
    expect(looks).toBe(3)
  })

  test('without the permission to look it is said to be unverified', async () => {
    const { facts, notes } = await confirm({ looks: [{ kind: 'hidden', reason: 'AccessDenied' }] })
    expect(facts.urlVerified).toBe(false)
    expect(notes).toEqual([expect.stringContaining('lambda:GetFunctionUrlConfig')])
  })

  test('without lambda:GetPolicy the statements are said to be unverified, and the permission is named', async () => {
    const { notes } = await confirm({ looks: [present()], access: { kind: 'hidden' } })
    expect(notes).toEqual([expect.stringContaining('`lambda:GetPolicy`')])
  })
})

test.each([
  [url, false, true],
  ['http://127.0.0.1:4321/', true, true],
  ['http://127.0.0.1:4321/', false, false],
  ['https://abc.lambda-url.eu-west-1.on.aws/', false, false],
  ['https://abc.lambda-url.us-east-1.on.aws.evil.example/', false, false],
  ['https://abc.lambda-url.us-east-1.on.aws/path', false, false],
  [`${url}\n::error::x`, false, false],
  ['javascript:alert(1)', false, false],
  ['', false, false],
])('%j with an emulator: %j is a Function URL: %j', (text, isLoopback, expected) => {
  expect(isFunctionUrl(text, { functionName: 'hello', region: 'us-east-1', isLoopback })).toBe(expected)
})
