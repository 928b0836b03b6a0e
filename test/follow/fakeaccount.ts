// CodeBuild and CloudWatch Logs in virtual time, behind the core's own interface: builds that log, pages, quotas.
import type { BuildSnapshot } from '../../src/core/build.ts'
import type { Cloud, LogEvent, LogPage, LogPosition } from '../../src/core/cloud.ts'
import { Refusal } from '../../src/core/refusal.ts'
import type { VirtualTime } from './virtual.ts'

export interface FakeBuild {
  /** Milliseconds from now to the end. */
  readonly duration: number
  /** Time from now and text of each line. */
  readonly lines: readonly (readonly [number, string])[]
  /** Milliseconds from a line's stamp until it can be read. */
  readonly latency?: number
  readonly status?: string
  /** The log cannot be read so long. */
  readonly logAppears?: number
  readonly log?: 'stream' | 'disabled' | 'pending'
  /** Milliseconds by which the clock of AWS is ahead of ours. */
  readonly skew?: number
}

export interface Shape {
  /** Events of a page at most. */
  readonly pageEvents?: number
  /** Empty pages before every page with events. */
  readonly emptyPages?: number
  /** A token is taken so many milliseconds. */
  readonly tokenLife?: number
  /** Called before each answer; may throw Refusal. */
  readonly before?: (operation: 'BatchGetBuilds' | 'GetLogEvents', call: number) => void
  /** Calls a second and operation; more are throttled. */
  readonly quota?: Quota
}

export interface Quota {
  /** Throws Refusal once the second's calls are used up. */
  take(operation: 'BatchGetBuilds' | 'GetLogEvents'): void
}

export interface FakeAccount {
  readonly cloud: Cloud
  readonly started: BuildSnapshot
  readonly calls: { readonly operation: string; readonly at: number; readonly throttled: boolean }[]
  /** When the build ends. */
  readonly endsAt: number
}

/** Milliseconds that an answer takes. */
const roundTrip = 60

export function createFakeAccount(time: VirtualTime, build: FakeBuild, shape: Shape = {}): FakeAccount {
  const begun = time.now()
  const { latency = 1000, skew = 0 } = build
  const calls: FakeAccount['calls'] = []
  const counts = { BatchGetBuilds: 0, GetLogEvents: 0 }
  const id = 'project:0001'
  const events = build.lines.map(([at, text]) => ({
    time: begun + at + skew,
    text: `${text}\n`,
    readable: begun + at + latency,
  }))

  const snapshot = (): BuildSnapshot => {
    const elapsed = time.now() - begun
    const isOver = elapsed >= build.duration
    const end = isOver ? (build.status ?? 'SUCCEEDED') : undefined
    return {
      id,
      arn: `arn:aws:codebuild:us-east-1:123456789012:build/${id}`,
      status: end ?? 'IN_PROGRESS',
      isOver,
      ...(isOver ? { endedAt: begun + build.duration + skew } : {}),
      currentPhase: isOver ? 'COMPLETED' : 'BUILD',
      phases: [
        {
          type: 'BUILD',
          status: end,
          durationSeconds: isOver ? build.duration / 1000 : undefined,
          messages: [],
        },
      ],
      log:
        elapsed < 500 || build.log === 'pending'
          ? { kind: 'pending' }
          : build.log === 'disabled'
            ? { kind: 'disabled' }
            : { kind: 'stream', group: 'g', stream: 's' },
      exported: {},
    }
  }

  async function answer<T>(operation: 'BatchGetBuilds' | 'GetLogEvents', give: () => T): Promise<T> {
    await time.sleep(roundTrip)
    counts[operation] += 1
    const call = { operation, at: time.now(), throttled: false }
    calls.push(call)
    try {
      shape.quota?.take(operation)
      shape.before?.(operation, counts[operation])
    } catch (error) {
      if (error instanceof Refusal && error.code === 'DCF-THROTTLED') call.throttled = true
      throw error
    }
    return give()
  }

  const readable = () => events.filter((event) => event.readable <= time.now())

  function page(position: LogPosition): LogPage {
    if (time.now() - begun < (build.logAppears ?? 0)) return { kind: 'absent' }
    const all = readable()
    const [, index = '0', empties = '0', made = '0'] = /^f(\d+)-(\d+)-(\d+)$/.exec(position.token ?? '') ?? []
    if (
      position.token !== undefined &&
      time.now() - Number(made) > (shape.tokenLife ?? Number.POSITIVE_INFINITY)
    )
      return { kind: 'expired' }
    const from =
      position.token === undefined
        ? all.findIndex((event) => event.time >= (position.since ?? 0))
        : Number(index)
    const begin = from < 0 ? all.length : from
    const isMore = all.length > begin
    const token = (at: number, empty: number) =>
      `f${at}-${empty}-${Math.floor(shape.tokenLife === undefined ? begun : time.now())}`
    if (isMore && Number(empties) < (shape.emptyPages ?? 0))
      return { kind: 'page', events: [], next: token(begin, Number(empties) + 1) }
    const taken: LogEvent[] = all
      .slice(begin, begin + (shape.pageEvents ?? 10_000))
      .map(({ time: at, text }) => ({ time: at, text }))
    if (taken.length === 0)
      return { kind: 'page', events: [], next: position.token ?? token(begin, Number(empties)) }
    return { kind: 'page', events: taken, next: token(begin + taken.length, 0) }
  }

  const unused = async (): Promise<never> => {
    throw new Error('a follower does not call this')
  }
  return {
    calls,
    endsAt: begun + build.duration,
    started: { ...snapshot(), log: { kind: 'pending' } },
    cloud: {
      readBuild: () => answer('BatchGetBuilds', snapshot),
      readLog: (_place, position) => answer('GetLogEvents', () => page(position)),
      look: unused,
      upload: unused,
      startBuild: unused,
      stopBuild: unused,
      withdraw: unused,
      withdrawFunction: unused,
      readPublicAccess: unused,
      removeUrl: unused,
      removePermission: unused,
      removeFunction: unused,
    },
  }
}

export function throttle(): Refusal {
  return new Refusal('DCF-THROTTLED', {
    detail: 'Rate exceeded',
    awsCode: 'ThrottlingException',
    isTransient: true,
  })
}

export function unreachable(): Refusal {
  return new Refusal('DCF-AWS-UNREACHABLE', { detail: 'ECONNRESET', isTransient: true })
}

/** A token bucket for each operation, as AWS throttles: so many calls a second, as many at once. */
export function createQuota(time: VirtualTime, rate: number): Quota {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take(operation) {
      const now = time.now()
      const bucket = buckets.get(operation) ?? { left: rate, at: now }
      const left = Math.min(rate, bucket.left + ((now - bucket.at) / 1000) * rate)
      buckets.set(operation, { left: left >= 1 ? left - 1 : left, at: now })
      if (left < 1) throw throttle()
    },
  }
}

/** `count` numbered lines, evenly from `from` to `to`. */
export function numberedLines(
  count: number,
  from: number,
  to: number,
): readonly (readonly [number, string])[] {
  return Array.from(
    { length: count },
    (_one, index) => [from + ((to - from) * index) / count, `line ${index + 1}`] as const,
  )
}
