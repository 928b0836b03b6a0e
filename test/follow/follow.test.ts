// The follower in virtual time: every line once and in order, quick at the end, patient with whatever breaks.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainBuild } from '../../src/core/build.ts'
import { type Followed, follow } from '../../src/core/follow.ts'
import { Refusal } from '../../src/core/refusal.ts'
import {
  createFakeAccount,
  type FakeAccount,
  type FakeBuild,
  numberedLines,
  type Shape,
  throttle,
  unreachable,
} from './fakeaccount.ts'
import { createVirtualHost, createVirtualTime, type VirtualHost } from './virtual.ts'

interface Run {
  readonly followed: Followed
  readonly host: VirtualHost
  readonly account: FakeAccount
  /** Milliseconds from the end of the build to the end of the following. */
  readonly late: number
}

const hour = 3_600_000

async function run(
  build: FakeBuild,
  shape: Shape = {},
  options: { seed?: number; hideLog?: boolean; patience?: number } = {},
): Promise<Run> {
  const time = createVirtualTime()
  const host = createVirtualHost(time, options.seed)
  const account = createFakeAccount(time, build, shape)
  const { patience = 17 * hour, hideLog = false } = options
  const followed = await time.run(follow(account.cloud, account.started, { patience, hideLog }, host))
  return { followed, host, account, late: time.now() - account.endsAt }
}

function texts({ host }: Run): readonly string[] {
  return host.lines.map((line) => line.text)
}

function notes({ host }: Run): readonly string[] {
  return host.told.flatMap(({ progress }) => (progress.kind === 'note' ? [progress.text] : []))
}

function written(build: FakeBuild): readonly string[] {
  return build.lines.map(([, text]) => text)
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** The build that the following is measured by: 20 seconds, 5 lines a second, readable a second later. */
const short: FakeBuild = { duration: 20_000, lines: numberedLines(100, 0, 20_000), latency: 1000 }

describe('a build of 20 seconds', () => {
  test.each(Array.from({ length: 30 }, (_one, seed) => seed))(
    'seed %i: each line once, soon, with few calls',
    async (seed) => {
      const result = await run(short, {}, { seed })
      expect(texts(result)).toEqual(written(short))
      expect(result.late).toBeLessThanOrEqual(5000)
      expect(result.account.calls.length).toBeLessThanOrEqual(24)
      const begun = result.account.endsAt - short.duration
      const delays = result.host.lines.map(({ at }, index) => at - begun - (short.lines[index]?.[0] ?? 0))
      expect(median(delays)).toBeLessThanOrEqual(3000)
    },
  )

  test('looks are 2 to 5 seconds apart', async () => {
    const { account } = await run({ duration: 180_000, lines: numberedLines(20, 0, 60_000) })
    const looks = account.calls.filter((call) => call.operation === 'BatchGetBuilds').map((call) => call.at)
    const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5200)
    expect(Math.max(...gaps)).toBeGreaterThan(4000)
  })

  test('hidden: no line, and no call for one', async () => {
    const result = await run(short, {}, { hideLog: true })
    expect(texts(result)).toEqual([])
    expect(result.followed.lastLines).toEqual([])
    expect(result.account.calls.filter((call) => call.operation === 'GetLogEvents')).toEqual([])
    expect(notes(result)).toEqual([])
  })

  test('hidden stays hidden when calls are throttled', async () => {
    const result = await run(
      short,
      {
        before: (_operation, call) => {
          if (call % 2 === 0) throw throttle()
        },
      },
      { hideLog: true },
    )
    expect(texts(result)).toEqual([])
  })
})

describe('every line once, in order', () => {
  const build: FakeBuild = { duration: 60_000, lines: numberedLines(300, 1000, 60_000), latency: 1500 }
  test.each<readonly [string, FakeBuild, Shape]>([
    ['empty pages before every page', build, { emptyPages: 3 }],
    ['small pages', build, { pageEvents: 7 }],
    ['pages of one line', { ...build, lines: numberedLines(60, 0, 60_000) }, { pageEvents: 1 }],
    ['a token that expires', build, { tokenLife: 9000 }],
    [
      'a token that expires at once',
      { ...build, lines: numberedLines(50, 0, 60_000) },
      { tokenLife: 1000, pageEvents: 20 },
    ],
    ['a stream that appears late', { ...build, logAppears: 45_000 }, {}],
    ['a clock that is ten minutes behind', { ...build, skew: 600_000 }, {}],
    ['a clock that is ten minutes ahead', { ...build, skew: -600_000 }, {}],
    [
      'lines of one millisecond',
      {
        ...build,
        lines: Array.from({ length: 200 }, (_one, index) => [30_000, `line ${index % 3}`] as const),
      },
      { tokenLife: 8000, pageEvents: 30 },
    ],
    ['no line at all', { ...build, lines: [] }, {}],
    [
      'every third call lost',
      build,
      {
        before: (_operation, call) => {
          if (call % 3 === 0) throw unreachable()
        },
      },
    ],
    [
      'every second call throttled',
      build,
      {
        before: (_operation, call) => {
          if (call % 2 === 0) throw throttle()
        },
      },
    ],
    [
      'lines that come 70 seconds late',
      { duration: 300_000, lines: numberedLines(300, 0, 300_000), latency: 70_000 },
      {},
    ],
  ])('%s', async (_name, build, shape) => {
    const result = await run(build, shape)
    expect(texts(result)).toEqual(written(build))
    expect(explainBuild(result.followed.build)).toBeUndefined()
  })

  test('a flood is read several pages at once', async () => {
    const flood: FakeBuild = { duration: 40_000, lines: numberedLines(120_000, 1000, 20_000) }
    const result = await run(flood)
    expect(texts(result)).toEqual(written(flood))
    expect(result.late).toBeLessThan(5000)
  })

  test('any build, any pages, any losses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          duration: fc.integer({ min: 1000, max: 90_000 }),
          count: fc.integer({ min: 0, max: 120 }),
          sameTime: fc.boolean(),
          latency: fc.integer({ min: 0, max: 6000 }),
          emptyPages: fc.integer({ min: 0, max: 2 }),
          pageEvents: fc.integer({ min: 10, max: 40 }),
          tokenLife: fc.option(fc.integer({ min: 120_000, max: 240_000 }), { nil: undefined }),
          lost: fc.integer({ min: 3, max: 9 }),
          seed: fc.integer(),
        }),
        async ({ count, duration, sameTime, latency, emptyPages, pageEvents, tokenLife, lost, seed }) => {
          const spread = numberedLines(count, 0, duration)
          const lines = sameTime
            ? spread.map(([, text]) => [Math.floor(duration / 2), text] as const)
            : spread
          const build = { duration, lines, latency }
          const before = (_operation: string, call: number) => {
            if (call % lost === 0) throw call % (lost * 4) === 0 ? throttle() : unreachable()
          }
          const shape = { emptyPages, pageEvents, before, ...(tokenLife === undefined ? {} : { tokenLife }) }
          const result = await run(build, shape, { seed })
          expect(texts(result)).toEqual(written(build))
        },
      ),
      { numRuns: Number(process.env['DCF_RUNS'] ?? 60) > 200 ? 200 : 60, endOnFailure: true },
    )
  }, 240_000)

  test('the line end of an event is not a line of its own, and an empty line is one', async () => {
    const result = await run({
      duration: 5000,
      lines: [
        [0, 'one'],
        [1, ''],
        [2, 'two'],
      ],
    })
    expect(texts(result)).toEqual(['one', '', 'two'])
    expect(result.followed.lastLines).toEqual(['one', 'two'])
  })
})

describe('patience', () => {
  const build: FakeBuild = { duration: 120_000, lines: numberedLines(60, 0, 120_000) }

  test('20 throttled looks at the start are borne, and the pace recovers', async () => {
    const long: FakeBuild = { duration: 600_000, lines: numberedLines(600, 0, 600_000) }
    const result = await run(long, {
      before: (operation, call) => {
        if (operation === 'BatchGetBuilds' && call <= 20) throw throttle()
      },
    })
    expect(texts(result)).toEqual(written(long))
    expect(result.late).toBeLessThan(5000)
    expect(notes(result)).toHaveLength(1)
  })

  test('a minute of lost connections is borne', async () => {
    const time = createVirtualTime()
    const begun = time.now()
    const host = createVirtualHost(time)
    const before = () => {
      const elapsed = time.now() - begun
      if (elapsed > 30_000 && elapsed < 90_000) throw unreachable()
    }
    const account = createFakeAccount(time, build, { before })
    await time.run(follow(account.cloud, account.started, { patience: hour, hideLog: false }, host))
    expect(host.lines.map((line) => line.text)).toEqual(written(build))
  })

  test('five minutes without an answer are not', async () => {
    const dead = run(
      { ...build, duration: hour },
      {
        before: (operation, call) => {
          if (operation === 'BatchGetBuilds' && call > 3) throw unreachable()
        },
      },
    )
    await expect(dead).rejects.toMatchObject({ code: 'DCF-BUILD-LOST' })
  })

  test('a role that may not look is told so after three looks', async () => {
    const denied = new Refusal('DCF-BUILD-DENIED', { detail: 'AccessDenied' })
    const result = run(build, {
      before: (operation) => {
        if (operation === 'BatchGetBuilds') throw denied
      },
    })
    await expect(result).rejects.toBe(denied)
  })

  test('no end within the patience', async () => {
    await expect(run({ ...build, duration: hour }, {}, { patience: 600_000 })).rejects.toMatchObject({
      code: 'DCF-FOLLOW-TIMED-OUT',
    })
  })

  test('a log that fails for ever is no failed build', async () => {
    const result = await run(build, {
      before: (operation) => {
        if (operation === 'GetLogEvents') throw unreachable()
      },
    })
    expect(result.followed.build.status).toBe('SUCCEEDED')
    expect(notes(result)).toEqual([
      'The log cannot be read at the moment; the build is followed by its phases.',
      'The end of the log could not be read; the console has it.',
    ])
    expect(result.late).toBeLessThan(30_000)
  })

  test('a cancel ends it at once, with the reason of the signal', async () => {
    const time = createVirtualTime()
    const controller = new AbortController()
    const host = createVirtualHost(time, 1, controller.signal)
    const account = createFakeAccount(time, { ...build, duration: hour })
    const following = follow(account.cloud, account.started, { patience: hour, hideLog: false }, host)
    const reason = new Error('Interrupted by SIGINT')
    const cancelling = time.sleep(10_000).then(() => controller.abort(reason))
    await expect(time.run(following)).rejects.toBe(reason)
    await cancelling
  })
})

describe('degraded', () => {
  const build: FakeBuild = { duration: 70_000, lines: numberedLines(10, 0, 60_000) }

  test('without logs:GetLogEvents: one line that names it, phases and time', async () => {
    const time = createVirtualTime()
    const host = createVirtualHost(time)
    const account = createFakeAccount(time, build)
    const cloud = { ...account.cloud, readLog: async () => ({ kind: 'denied' }) as const }
    await time.run(follow(cloud, account.started, { patience: hour, hideLog: false }, host))
    const told = host.told.map(({ progress }) => progress)
    expect(told.filter((one) => one.kind === 'note').map((one) => one.text)).toEqual([
      expect.stringContaining('`logs:GetLogEvents`'),
    ])
    expect(told.filter((one) => one.kind === 'phase')).toHaveLength(2)
    expect(told.filter((one) => one.kind === 'waiting').length).toBeGreaterThanOrEqual(1)
  })

  test('logs disabled: one line', async () => {
    expect(notes(await run({ ...build, log: 'disabled' }))).toEqual([
      expect.stringContaining('writes no log'),
    ])
  })

  test('no group or stream: one line that names what the service role needs', async () => {
    expect(notes(await run({ ...build, logAppears: hour }))).toEqual([
      expect.stringContaining('`logs:CreateLogStream`'),
    ])
  })

  test('no name of a log: one line', async () => {
    expect(notes(await run({ ...build, log: 'pending' }))).toEqual([expect.stringContaining('names no log')])
  })

  test.each(['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED', 'SOMETHING_NEW', ''])(
    '%j is no success',
    async (status) => {
      const { followed } = await run({ ...build, status })
      expect(explainBuild(followed.build)).toBeDefined()
    },
  )
})
