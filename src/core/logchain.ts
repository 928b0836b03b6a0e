// Follows the chain of pages of one log stream and decides which of their events are new: each is given once, in order.
import type { LogEvent, LogPage, LogPosition } from './cloud.ts'

export interface Link {
  /** Events that were not given before. */
  readonly fresh: readonly LogEvent[]
  /** The token repeated and nothing was new: the end, for now. */
  readonly isEnd: boolean
  /** There is probably more to read at once. */
  readonly isFull: boolean
}

/** AWS ends a page at 1 MB or 10,000 events; a page of half of that is taken for full too. */
const fullEvents = 5000
const fullBytes = 512 * 1024

export class LogChain {
  private token: string | undefined
  /** Events of the page behind `token` that were given already. */
  private given = 0
  private since: number | undefined
  private newest: Newest = { time: Number.NEGATIVE_INFINITY, texts: new Map() }
  /** After a restart: events of the newest time that come again. */
  private repeated = new Map<string, number>()
  private sizes: readonly number[] = []

  /** No event was given yet. */
  get isUntouched(): boolean {
    return this.newest.texts.size === 0
  }

  /** Where to read next. */
  get position(): LogPosition {
    return {
      ...(this.token === undefined ? {} : { token: this.token }),
      ...(this.since === undefined ? {} : { since: this.since }),
    }
  }

  /** Takes the page that lies at {@link position}. */
  take(page: Extract<LogPage, { kind: 'page' }>): Link {
    const isRepeated = page.next === this.token && this.token !== undefined
    const fresh = page.events.slice(this.given).filter((event) => !this.isRepeat(event))
    for (const event of fresh) this.newest = countIn(this.newest, event)
    this.given = isRepeated ? Math.max(this.given, page.events.length) : 0
    this.token = page.next
    const isEnd = isRepeated && fresh.length === 0
    // A page of nothing but repeats comes after a restart, and what is new behind it.
    return { fresh, isEnd, isFull: fresh.length > 0 ? this.isFull(fresh) : !isEnd && page.events.length > 0 }
  }

  /**
   * Begins again at the newest event: a token lives 24 hours. False if there is nothing to begin again from, because
   * the position already was the head of the stream.
   */
  restart(): boolean {
    if (this.token === undefined) return false
    this.token = undefined
    this.given = 0
    if (this.newest.time > 0) {
      this.since = this.newest.time
      this.repeated = new Map(this.newest.texts)
    }
    return true
  }

  /** Equal lines of one millisecond are told apart by their number only. */
  private isRepeat(event: LogEvent): boolean {
    if (event.time !== this.since) return false
    const left = this.repeated.get(event.text) ?? 0
    if (left === 0) return false
    this.repeated.set(event.text, left - 1)
    return true
  }

  /** Full by AWS's own limits, or three pages in a row of one size: then something else limits them. */
  private isFull(events: readonly LogEvent[]): boolean {
    this.sizes = [...this.sizes, events.length].slice(-3)
    const isEven = this.sizes.length === 3 && new Set(this.sizes).size === 1 && events.length > 4
    return isEven || events.length >= fullEvents || bytesOf(events) >= fullBytes
  }
}

interface Newest {
  readonly time: number
  /** How often each text was given at this time. */
  readonly texts: Map<string, number>
}

function countIn(newest: Newest, { time, text }: LogEvent): Newest {
  if (time < newest.time) return newest
  if (time > newest.time) return { time, texts: new Map([[text, 1]]) }
  newest.texts.set(text, (newest.texts.get(text) ?? 0) + 1)
  return newest
}

function bytesOf(events: readonly LogEvent[]): number {
  return events.reduce((sum, event) => sum + event.text.length, 0)
}
