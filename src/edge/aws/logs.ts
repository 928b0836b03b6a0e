// Pages of a build's log in CloudWatch Logs.
import { GetLogEventsCommand, type OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs'
import type { LogEvent, LogPage, LogPlace, LogPosition } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Clients } from './clients.ts'
import type { CallName } from './refuse.ts'
import { once, type Session } from './session.ts'

const read: CallName = { operation: 'GetLogEvents', denied: 'DCF-AWS-DENIED', failed: 'DCF-AWS-FAILED' }

/** One request. Throws Refusal for what may pass; a denied or absent log, or an expired token, is an answer. */
export async function readLog(
  session: Session,
  place: LogPlace,
  { token, since }: LogPosition,
): Promise<LogPage> {
  const command = new GetLogEventsCommand({
    logGroupName: place.group,
    logStreamName: place.stream,
    // True throughout: without it a first page begins at the end.
    startFromHead: true,
    ...(token === undefined ? {} : { nextToken: token }),
    ...(since === undefined ? {} : { startTime: since }),
  })
  const send = async ({ logs }: Clients, abortSignal: AbortSignal) => {
    const page = await logs.send(command, { abortSignal })
    // AWS always gives a token; an answer without one is not AWS's.
    if (typeof page.nextForwardToken !== 'string' || page.nextForwardToken === '')
      throw new SyntaxError('no token')
    return { events: Array.isArray(page.events) ? page.events : [], next: page.nextForwardToken }
  }
  try {
    const { events, next } = await session.call(read, send, { patience: once })
    return { kind: 'page', events: events.map(toEvent), next }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'DCF-AWS-DENIED') return { kind: 'denied' }
    if (error.awsCode === 'ResourceNotFoundException') return { kind: 'absent' }
    if (error.awsCode === 'InvalidParameterException') return { kind: 'expired' }
    throw error
  }
}

function toEvent({ timestamp, message }: OutputLogEvent): LogEvent {
  return {
    time: typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : 0,
    text: typeof message === 'string' ? message : '',
  }
}
