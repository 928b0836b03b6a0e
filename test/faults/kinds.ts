// The faults of the table: what each does to one request, on the wire.
import { protocolOf, refuseAs, type WireAnswer, type WireRequest } from './operations.ts'

export type Spoiling =
  /** An answer in place of the service's; the operation does not run. */
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  /** The connection ends: before the operation, after it without an answer, or in the middle of its answer. */
  | { readonly kind: 'cut'; readonly at: 'before' | 'after' | 'inside' }
  /** Nothing is ever answered; the operation does not run. */
  | { readonly kind: 'silence' }
  /** The answer comes a byte at a time. */
  | { readonly kind: 'drip' }
  /** The operation runs, and its answer is changed. */
  | { readonly kind: 'change'; readonly body: (body: Buffer) => Buffer }
  /** The operation runs at once, and its answer comes so much later. */
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** Nobody listens for a while, connections included. */
  | { readonly kind: 'refuse'; readonly milliseconds: number }

export interface FaultKind {
  /** How many requests it spoils. */
  readonly times: number
  spoil(operation: string, request: WireRequest): Spoiling
}

const forEver = Number.POSITIVE_INFINITY

/** Hostile servers repeat what they were sent: the bearer, the signature, the token. */
function echo({ headers, body }: WireRequest): string {
  const said = `${String(headers['authorization'] ?? '')} ${String(headers['x-amz-security-token'] ?? '')} ${body.toString('latin1').slice(0, 6000)}`
  return said.replace(/[<>&]/g, ' ')
}

function error(
  times: number,
  status: number,
  code: Readonly<Record<'github' | 'query' | 's3' | 'json', string>>,
): FaultKind {
  return {
    times,
    spoil: (operation, request) => ({
      kind: 'answer',
      answer: refuseAs(
        operation,
        status,
        code[protocolOf(operation)],
        `${code[protocolOf(operation)]} ${echo(request)}`,
      ),
    }),
  }
}

function same(code: string) {
  return { github: code, query: code, s3: code, json: code }
}

function body(status: number, contentType: string, text: (request: WireRequest) => string): FaultKind {
  return {
    times: 1,
    spoil: (_operation, request) => ({
      kind: 'answer',
      answer: { status, headers: { 'content-type': contentType }, body: text(request) },
    }),
  }
}

const denied = {
  github: 'Forbidden',
  query: 'AccessDenied',
  s3: 'AccessDenied',
  json: 'AccessDeniedException',
}
const throttled = { github: 'rate limit', query: 'Throttling', s3: 'SlowDown', json: 'ThrottlingException' }
const expired = {
  github: 'expired',
  query: 'ExpiredTokenException',
  s3: 'ExpiredToken',
  json: 'ExpiredTokenException',
}
const skewed = {
  github: 'skewed',
  query: 'SignatureDoesNotMatch',
  s3: 'RequestTimeTooSkewed',
  json: 'InvalidSignatureException',
}
const missing = {
  github: 'Not Found',
  query: 'NoSuchEntity',
  s3: 'NoSuchKey',
  json: 'ResourceNotFoundException',
}
const conflict = {
  github: 'Conflict',
  query: 'Conflict',
  s3: 'ConditionalRequestConflict',
  json: 'ResourceConflictException',
}

export const faultKinds = {
  'server error': error(2, 500, { ...same('InternalFailure'), s3: 'InternalError' }),
  throttling: {
    times: 2,
    spoil: (operation) => ({
      kind: 'answer',
      answer: refuseAs(
        operation,
        protocolOf(operation) === 's3' ? 503 : protocolOf(operation) === 'github' ? 429 : 400,
        throttled[protocolOf(operation)],
        'Rate exceeded',
      ),
    }),
  },
  'access denied': error(forEver, 403, denied),
  'expired token': error(1, 400, expired),
  'clock skew': {
    times: 1,
    spoil: (operation) => ({
      kind: 'answer',
      answer: refuseAs(
        operation,
        403,
        skewed[protocolOf(operation)],
        'Signature expired: 20261128T000000Z is now earlier than 20261128T001500Z',
      ),
    }),
  },
  'not found, then found': error(2, 404, missing),
  conflict: error(1, 409, conflict),
  'reset before the answer': { times: 2, spoil: () => ({ kind: 'cut', at: 'before' }) },
  'reset inside the answer': { times: 1, spoil: () => ({ kind: 'cut', at: 'inside' }) },
  'answer lost after its effect': { times: 2, spoil: () => ({ kind: 'cut', at: 'after' }) },
  silence: { times: 1, spoil: () => ({ kind: 'silence' }) },
  'slow drip': { times: 1, spoil: () => ({ kind: 'drip' }) },
  'cut JSON': {
    times: 1,
    spoil: () => ({ kind: 'change', body: (whole) => whole.subarray(0, Math.floor(whole.length / 2)) }),
  },
  'HTML with 200': body(200, 'text/html', (request) => `<html><body>Sign in ${echo(request)}</body></html>`),
  'empty 200': body(200, 'application/json', () => ''),
  'wrong shape': body(
    200,
    'application/json',
    () => '{"build":[1],"builds":{"id":3},"events":"none","value":{},"Configuration":7,"FunctionUrl":[]}',
  ),
  'refused connection': { times: 1, spoil: () => ({ kind: 'refuse', milliseconds: 1500 }) },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof faultKinds
