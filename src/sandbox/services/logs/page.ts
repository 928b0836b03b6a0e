// One page of GetLogEvents: which events it holds and which token leads on. The end is the token that was sent.
import { AwsError } from '../../awserror.ts'
import type { LogEvent } from '../loggroup.ts'

/** AWS's own caps on one page. */
const PAGE_BYTES = 1_048_576
const PAGE_EVENTS = 10_000
/** Bytes that AWS counts for an event besides its message. */
const EVENT_OVERHEAD = 26

export interface PageRequest {
  readonly token?: string
  readonly startFromHead: boolean
  readonly limit?: number
}

export interface PageShape {
  /** So many empty pages stand before every page that has events. */
  readonly emptyPages: number
  readonly pageEvents: number
}

export interface Page {
  readonly events: readonly LogEvent[]
  readonly nextForwardToken: string
  readonly nextBackwardToken: string
}

/** A place between two events, and how many empty pages were already sent there. */
interface Place {
  readonly direction: 'f' | 'b'
  readonly index: number
  readonly empties: number
}

/** `events` are the readable ones, in order. Throws InvalidParameterException for a token that no page gave. */
export function turnPage(events: readonly LogEvent[], request: PageRequest, shape: PageShape): Page {
  const place =
    request.token === undefined ? firstPlace(events.length, request.startFromHead) : parseToken(request.token)
  const limit = Math.min(request.limit ?? PAGE_EVENTS, PAGE_EVENTS, shape.pageEvents)
  return place.direction === 'f'
    ? turnForward(events, place, limit, shape)
    : turnBackward(events, place, limit)
}

function firstPlace(count: number, fromHead: boolean): Place {
  return fromHead ? { direction: 'f', index: 0, empties: 0 } : { direction: 'b', index: count, empties: 0 }
}

function turnForward(events: readonly LogEvent[], place: Place, limit: number, shape: PageShape): Page {
  const more = events.length > place.index
  if (more && place.empties < shape.emptyPages) {
    return page([], place.index, { ...place, empties: place.empties + 1 })
  }
  const taken = takeFitting(events.slice(place.index, place.index + limit))
  const next =
    taken.length === 0 ? place : { direction: place.direction, index: place.index + taken.length, empties: 0 }
  return page(taken, place.index, next)
}

function turnBackward(events: readonly LogEvent[], place: Place, limit: number): Page {
  const end = Math.min(place.index, events.length)
  const reversed = events.slice(Math.max(0, end - limit), end).reverse()
  const taken = takeFitting(reversed).reverse()
  return page(taken, end - taken.length, { direction: 'f', index: end, empties: 0 })
}

function page(events: readonly LogEvent[], start: number, forward: Place): Page {
  return {
    events,
    nextForwardToken: formatToken(forward),
    nextBackwardToken: formatToken({ direction: 'b', index: start, empties: 0 }),
  }
}

/** As many events from the front as stay under the cap on bytes. */
function takeFitting(events: readonly LogEvent[]): LogEvent[] {
  const fitting: LogEvent[] = []
  let bytes = 0
  for (const event of events) {
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD
    if (bytes > PAGE_BYTES && fitting.length > 0) break
    fitting.push(event)
  }
  return fitting
}

function formatToken({ direction, index, empties }: Place): string {
  return `${direction}/${String(index).padStart(50, '0')}${String(empties).padStart(6, '0')}/s`
}

function parseToken(token: string): Place {
  const match = /^([fb])\/(\d{50})(\d{6})\/s$/.exec(token)
  if (match === null) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.')
  return { direction: match[1] === 'f' ? 'f' : 'b', index: Number(match[2]), empties: Number(match[3]) }
}
