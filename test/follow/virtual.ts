// Virtual time: a host whose clock moves only when everybody sleeps, so that hours of following take milliseconds.
import type { Host } from '../../src/core/host.ts'
import type { Progress } from '../../src/core/progress.ts'
import { createRandom } from '../printer/hostile.ts'

export interface VirtualTime {
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** Moves the clock from sleeper to sleeper until the work is done. */
  run<T>(work: Promise<T>): Promise<T>
}

/** 2026-11-28T00:00:00Z, so that times look like times. */
const start = Date.UTC(2026, 10, 28)

export function createVirtualTime(): VirtualTime {
  const sleepers: { readonly at: number; readonly number: number; readonly wake: () => void }[] = []
  let time = start
  let count = 0
  return {
    now: () => time,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        count += 1
        sleepers.push({ at: time + Math.max(milliseconds, 0), number: count, wake: resolve })
      }),
    async run(work) {
      let isDone = false
      const settled = work.finally(() => {
        isDone = true
      })
      settled.catch(() => undefined)
      for (;;) {
        // Everything that is not asleep gets to its next sleep first.
        await new Promise((resolve) => setImmediate(resolve))
        if (isDone) return settled
        sleepers.sort((one, other) => one.at - other.at || one.number - other.number)
        const next = sleepers.shift()
        if (next === undefined) throw new Error('everything waits and nothing sleeps')
        time = next.at
        next.wake()
      }
    },
  }
}

export interface VirtualHost extends Host {
  readonly told: { readonly at: number; readonly progress: Progress }[]
  /** Lines of the log as they were told, with the time. */
  readonly lines: { readonly at: number; readonly text: string }[]
}

export function createVirtualHost(
  time: VirtualTime,
  seed = 1,
  signal = new AbortController().signal,
): VirtualHost {
  const random = createRandom(seed)
  const told: VirtualHost['told'] = []
  const lines: VirtualHost['lines'] = []
  const unused = async (): Promise<never> => {
    throw new Error('a follower does not ask this')
  }
  return {
    told,
    lines,
    signal,
    now: () => time.now(),
    async sleep(milliseconds) {
      await time.sleep(milliseconds)
      signal.throwIfAborted()
    },
    random: (bytes) =>
      Array.from({ length: bytes }, () =>
        Math.floor(random() * 256)
          .toString(16)
          .padStart(2, '0'),
      ).join(''),
    tell(progress) {
      told.push({ at: time.now(), progress })
      if (progress.kind === 'log') for (const text of progress.lines) lines.push({ at: time.now(), text })
    },
    publish: () => undefined,
    remember: () => undefined,
    inspect: unused,
    archive: unused,
    connect: unused,
    probe: unused,
  }
}
