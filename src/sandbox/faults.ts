// Failures on order: which answers the sandbox spoils, how, and how often. A fault is matched by service and operation.
import { AwsError } from './awserror.ts'
import { isObject } from './json.ts'
import type { Service } from './service.ts'

export type Effect =
  /** An error of the service, in its own protocol. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message: string }
  /** The service's own way of saying "too many requests". */
  | { readonly kind: 'throttle' }
  /** The operation runs, the answer is late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection ends: `request` before the operation ran, `answer` after it ran, `inside` in mid-answer. */
  | { readonly kind: 'cut'; readonly at: 'request' | 'answer' | 'inside' }
  /** An answer that is none of AWS's, for example a proxy's HTML page; the operation does not run. */
  | { readonly kind: 'body'; readonly status: number; readonly contentType: string; readonly body: string }

export interface Fault {
  /** `s3`, `github`, ... or `*`. */
  readonly service: string
  /** `PutObject`, ... or `*`. */
  readonly operation: string
  readonly effect: Effect
  /** How many requests it spoils; for ever when absent. */
  readonly times?: number
  /** How many matching requests pass unharmed first. */
  readonly after?: number
}

export interface Faults {
  add(fault: Fault): void
  clear(): void
  /** The effects on this request, in the order they were added; counts them as used. */
  take(service: string, operation: string): readonly Effect[]
}

interface Armed {
  readonly fault: Fault
  skip: number
  left: number
}

export function createFaults(): Faults {
  const armed: Armed[] = []
  return {
    add: (fault) => {
      armed.push({ fault, skip: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY })
    },
    clear: () => {
      armed.length = 0
    },
    take: (service, operation) =>
      armed.filter((one) => hits(one, service, operation)).map((one) => one.fault.effect),
  }
}

function hits(one: Armed, service: string, operation: string): boolean {
  const { fault } = one
  if (fault.service !== '*' && fault.service !== service) return false
  if (fault.operation !== '*' && fault.operation !== operation) return false
  if (one.skip > 0) {
    one.skip -= 1
    return false
  }
  if (one.left <= 0) return false
  one.left -= 1
  return true
}

/** "Too many requests" as each protocol says it. */
export function throttlingOf(protocol: Service['protocol']): AwsError {
  switch (protocol) {
    case 'rest-xml':
      return new AwsError('SlowDown', 'Please reduce your request rate.', 503)
    case 'rest-json':
      return new AwsError('TooManyRequestsException', 'Rate exceeded', 429)
    case 'json':
      return new AwsError('ThrottlingException', 'Rate exceeded', 400)
    case 'query':
      return new AwsError('Throttling', 'Rate exceeded', 400)
  }
}

/** Reads a fault from JSON; answers what is wrong with it instead when it is none. */
export function readFault(value: unknown): Fault | string {
  if (!isObject(value)) return 'a fault is an object'
  const { service, operation, times, after } = value
  if (typeof service !== 'string' || typeof operation !== 'string') return 'service and operation are texts'
  if (!isCount(times) || !isCount(after)) return 'times and after are whole numbers from 0'
  const effect = readEffect(value['effect'])
  if (typeof effect === 'string') return effect
  return {
    service,
    operation,
    effect,
    ...(times === undefined ? {} : { times }),
    ...(after === undefined ? {} : { after }),
  }
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0)
}

function readEffect(value: unknown): Effect | string {
  if (!isObject(value)) return 'effect is an object'
  const { kind, status, code, message, milliseconds, at, contentType, body } = value
  if (kind === 'throttle') return { kind }
  if (kind === 'delay' && typeof milliseconds === 'number') return { kind, milliseconds }
  if (kind === 'cut' && (at === 'request' || at === 'answer' || at === 'inside')) return { kind, at }
  if (kind === 'error' && typeof status === 'number' && typeof code === 'string') {
    return { kind, status, code, message: typeof message === 'string' ? message : code }
  }
  if (
    kind === 'body' &&
    typeof status === 'number' &&
    typeof contentType === 'string' &&
    typeof body === 'string'
  )
    return { kind, status, contentType, body }
  return 'effect is one of error, throttle, delay, cut and body, with its members'
}
