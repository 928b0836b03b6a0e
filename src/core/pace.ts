// Decides how long a follower waits between two looks at a build: 2 to 5 seconds, longer only while AWS throttles.

export interface Observation {
  /** A phase began or ended: others tend to follow soon. */
  readonly hasMoved: boolean
  readonly hasLines: boolean
  readonly isThrottled: boolean
}

/** Milliseconds before jitter. A tenth of jitter on both sides keeps all of them between 2 and 5 seconds. */
const quick = 2250
const flowing = 2850
const idle = 4500
const growth = 1.15
/** Longest wait of a throttled follower, in milliseconds: 120 followers then fill a quota of 10 calls a second. */
const longest = 12_000
/** The same for the few reads after the end of a build. */
const longestAtEnd = 5000
/**
 * A throttled look doubles the wait, each good one shortens it by a tenth. Many followers then settle where about one
 * look in eight is throttled, which keeps their joint rate near the quota.
 */
const widening = 2
const recovery = 0.9

export class Pace {
  private calm = quick
  /** Wait that throttling asks for; 0 when it asks for none. */
  private forced = 0
  private readonly random: () => number

  /** `random` gives numbers from 0 to 1. */
  constructor(random: () => number) {
    this.random = random
  }

  /** Milliseconds until the next look. */
  next(observed: Observation): number {
    this.calm = observed.hasMoved ? quick : Math.min(this.calm * growth, observed.hasLines ? flowing : idle)
    this.yield(observed.isThrottled)
    return this.forced === 0 ? this.spread(this.calm, 0.1) : this.spread(this.forced, 0.3)
  }

  /** For the reads after the end of a build, which are few: `milliseconds`, unless throttling asks for more. */
  stretch(milliseconds: number, isThrottled: boolean): number {
    this.yield(isThrottled)
    return Math.max(milliseconds, this.spread(Math.min(this.forced, longestAtEnd), 0.3))
  }

  private yield(isThrottled: boolean): void {
    if (isThrottled) this.forced = Math.min(Math.max(this.forced, this.calm) * widening, longest)
    else this.forced = this.forced * recovery < this.calm ? 0 : this.forced * recovery
  }

  private spread(milliseconds: number, part: number): number {
    return milliseconds * (1 - part + 2 * part * this.random())
  }
}
