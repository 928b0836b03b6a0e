// 100 deployments at once in an account that takes 10 calls a second of each kind: all end, none by throttling, and
// their joint rate finds the quota. The real follower over virtual time.
import { describe, expect, test } from 'vitest'
import { follow } from '../../src/core/follow.ts'
import { createFakeAccount, createQuota, numberedLines } from './fakeaccount.ts'
import { createVirtualHost, createVirtualTime } from './virtual.ts'

const quota = 10
const window = 10_000

interface Call {
  readonly operation: string
  readonly at: number
  readonly throttled: boolean
}

async function simulate(count: number, seed: number) {
  const time = createVirtualTime()
  const begun = time.now()
  const shared = createQuota(time, quota)
  const runs = Array.from({ length: count }, (_one, index) => {
    const duration = 240_000 + (index % 10) * 12_000
    const lines = numberedLines(120, 0, duration)
    const account = createFakeAccount(time, { duration, lines }, { quota: shared })
    const host = createVirtualHost(time, seed * 1000 + index)
    const done = follow(account.cloud, account.started, { patience: 3_600_000, hideLog: false }, host).then(
      ({ build }) => ({ build, lines: host.lines.length, late: time.now() - account.endsAt }),
    )
    return { account, done }
  })
  const results = await time.run(Promise.all(runs.map((run) => run.done)))
  const calls = runs.flatMap((run) => run.account.calls).sort((one, other) => one.at - other.at)
  return { results, calls, begun }
}

/** The most calls of one operation in any window that begins after `from`. */
function busiest(calls: readonly Call[], operation: string, from: number): number {
  const times = calls.filter((call) => call.operation === operation && call.at >= from).map((call) => call.at)
  let most = 0
  let first = 0
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? 0) <= at - window) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

describe.each([1, 2, 3])('100 deployments, quota 10 a second, seed %i', (seed) => {
  const simulation = simulate(100, seed)

  test('all end with every line', async () => {
    const { results } = await simulation
    expect(results).toHaveLength(100)
    for (const { build, lines } of results) {
      expect(build.status).toBe('SUCCEEDED')
      expect(lines).toBe(120)
    }
  }, 120_000)

  test.each(['BatchGetBuilds', 'GetLogEvents'])(
    '%s: a minute after the first throttle at most 1.5 times the quota',
    async (operation) => {
      const { calls } = await simulation
      const first = calls.find((call) => call.throttled)?.at
      expect(first, 'nothing was throttled').toBeDefined()
      expect(busiest(calls, operation, (first ?? 0) + 60_000)).toBeLessThanOrEqual(
        1.5 * quota * (window / 1000),
      )
    },
    120_000,
  )
})

test('one deployment alone is never throttled and asks at its own pace', async () => {
  const { results, calls } = await simulate(1, 9)
  expect(calls.some((call) => call.throttled)).toBe(false)
  expect(results[0]?.late).toBeLessThan(5000)
})
