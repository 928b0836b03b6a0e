// The account's time: every part of the sandbox asks this clock, so that a test can let AWS and a client disagree.

export interface Clock {
  /** Milliseconds since the epoch, as the account sees it. */
  now(): number
  /** Moves the account's time by so many milliseconds against the machine's, for good. */
  shift(milliseconds: number): void
}

export function createClock(): Clock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    shift: (milliseconds) => {
      offset += milliseconds
    },
  }
}
