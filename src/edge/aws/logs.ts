// Pages of a build's log in CloudWatch Logs.
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { LogPage, LogPlace } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import type { CallName } from './refuse.ts'
import type { Session } from './session.ts'

const read: CallName = { operation: 'GetLogEvents', denied: 'DCF-AWS-DENIED', failed: 'DCF-AWS-FAILED' }

/** Throws Refusal only for what may pass; a denied or absent log is an answer. */
export async function readLog(
  session: Session,
  place: LogPlace,
  token: string | undefined,
): Promise<LogPage> {
  const command = new GetLogEventsCommand({
    logGroupName: place.group,
    logStreamName: place.stream,
    // True throughout: without it a first page begins at the end.
    startFromHead: true,
    ...(token === undefined ? {} : { nextToken: token }),
  })
  try {
    const page = await session.call(read, ({ logs }, abortSignal) => logs.send(command, { abortSignal }))
    const events = Array.isArray(page.events) ? page.events : []
    return {
      kind: 'page',
      events: events.map(({ timestamp, message }) => ({
        time: typeof timestamp === 'number' ? timestamp : 0,
        text: typeof message === 'string' ? message : '',
      })),
      next: page.nextForwardToken,
    }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'DCF-AWS-DENIED') return { kind: 'denied' }
    if (error instanceof Refusal && error.awsCode === 'ResourceNotFoundException') return { kind: 'absent' }
    throw error
  }
}
