// The answers that Lambda itself gives at a Function URL, before or instead of the program's own.
import type { Answer } from '../../exchange.ts'

const HELP = 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html'

/** The resource policy does not let everybody in, or the URL wants signed requests. */
export function refuseForbidden(): Answer {
  return refuse(403, 'AccessDeniedException', {
    Message: `Forbidden. For troubleshooting Function URL authorization issues, see: ${HELP}`,
  })
}

/** No instance is free: reserved concurrency, or the account's. */
export function refuseThrottled(): Answer {
  return refuse(429, 'TooManyRequestsException', { message: 'Rate Exceeded.' })
}

/** The function failed, timed out, or returned what is no response. */
export function refuseBroken(): Answer {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalServerErrorException' }
  return { status: 502, headers, body: 'Internal Server Error' }
}

export function refuseTooLarge(limit: number): Answer {
  return refuse(413, 'RequestEntityTooLargeException', {
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  })
}

function refuse(status: number, type: string, members: Readonly<Record<string, string>>): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify(members),
  }
}
