// The AWS JSON 1.1 protocol: the operation stands in X-Amz-Target, and every error is a 400 with `__type`.
import { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'

/** The operation's name from `X-Amz-Target: PREFIX.Operation`. */
export function readTarget(exchange: Exchange, prefix: string): string {
  const target = exchange.headers['x-amz-target'] ?? ''
  if (!target.startsWith(`${prefix}.`)) throw unknownOperation()
  return target.slice(prefix.length + 1)
}

export function unknownOperation(): AwsError {
  return new AwsError(
    'UnknownOperationException',
    'The requested operation is not recognized by the service.',
  )
}

export function answerJson(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(value) }
}

export function refuseJson(error: AwsError, requestId: string): Answer {
  return {
    status: error.status >= 500 ? error.status : 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.members }),
  }
}

/** Milliseconds to the epoch seconds with three decimals in which JSON 1.1 carries a timestamp. */
export function toEpochSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}
