// Reads what an SDK call threw: AWS's code, status, request id, and whether a later try may succeed.

export interface Failure {
  /** AWS's error code or, for a network error, Node's. */
  readonly name: string
  readonly status: number | undefined
  /** AWS's words; never the hidden fields of the error, which hold the signed request. */
  readonly message: string
  readonly requestId: string | undefined
  readonly kind:
    | 'denied'
    | 'expired'
    | 'throttled'
    | 'clock'
    | 'unreachable'
    | 'server'
    | 'unreadable'
    | 'other'
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'TimeoutError',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
])
const deniedCodes = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'NotAuthorized',
])
const expiredCodes = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
])
const throttledCodes = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
  'RequestThrottled',
  'RequestThrottledException',
])
/** Conflicts that S3 itself asks to try again. */
const passingConflicts = new Set(['ConditionalRequestConflict', 'OperationAborted'])
const clockCodes = new Set(['RequestTimeTooSkewed', 'RequestInTheFuture'])

export function readFailure(error: unknown): Failure {
  const name = textOf(error, 'name') ?? 'Error'
  const code = textOf(error, 'code') ?? textOf(Reflect.get(Object(error), 'cause'), 'code')
  const message = (textOf(error, 'message') ?? '').slice(0, 1000)
  const metadata = Reflect.get(Object(error), '$metadata')
  const status = numberOf(metadata, 'httpStatusCode')
  const requestId = textOf(metadata, 'requestId')
  const isNamed = name !== 'Error' && name !== 'UnknownError' && name !== 'Unknown'
  const shown = isNamed ? name : (code ?? name)
  return { name: shown, status, message, requestId, kind: kindOf(name, code, status, message) }
}

function kindOf(
  name: string,
  code: string | undefined,
  status: number | undefined,
  message: string,
): Failure['kind'] {
  if (deniedCodes.has(name)) return 'denied'
  if (expiredCodes.has(name)) return 'expired'
  if (throttledCodes.has(name) || status === 429) return 'throttled'
  if (clockCodes.has(name) || /Signature (?:expired|not yet current)/.test(message)) return 'clock'
  if (
    networkCodes.has(name) ||
    (code !== undefined && networkCodes.has(code)) ||
    /socket hang up|aborted/.test(message)
  )
    return 'unreachable'
  if ((status !== undefined && status >= 500) || passingConflicts.has(name)) return 'server'
  // HTML, cut JSON or another form than the service's own throws in the SDK although the status says that all is well.
  if (name === 'SyntaxError' || name === 'TypeError' || (status !== undefined && status < 300))
    return 'unreadable'
  if (status === 403 && (name === 'Forbidden' || name === 'UnknownError' || name === 'Unknown'))
    return 'denied'
  return 'other'
}

/** True for a failure that a later try may not meet. */
export function isTransient(failure: Failure): boolean {
  return ['throttled', 'unreachable', 'server', 'unreadable'].includes(failure.kind)
}

function textOf(value: unknown, key: string): string | undefined {
  const found: unknown = Reflect.get(Object(value), key)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function numberOf(value: unknown, key: string): number | undefined {
  const found: unknown = Reflect.get(Object(value), key)
  return typeof found === 'number' ? found : undefined
}
