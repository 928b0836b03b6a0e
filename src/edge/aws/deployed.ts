// Looks at a deployed function with the caller's own credentials, without any role.
import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { DeployedCloud } from '../../core/doctor/deployed.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Place } from './clients.ts'
import { lookAt, readPublicAccess } from './lambda.ts'
import type { OwnCredentials } from './own.ts'
import { Session } from './session.ts'

export interface OwnConnection {
  readonly place: Place
  readonly own: OwnCredentials
  readonly signal: AbortSignal
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
  conceal(secret: string): void
}

/** Throws Refusal where there are no credentials. `close` ends the connections. */
export async function connectAsOneself(
  connection: OwnConnection,
): Promise<DeployedCloud & { close(): void }> {
  const { own, conceal } = connection
  const session = new Session({
    ...connection,
    random: () => Math.random(),
    assume: async () => {
      const credentials = await own()
      conceal(credentials.secretAccessKey)
      if (credentials.sessionToken !== undefined) conceal(credentials.sessionToken)
      return credentials
    },
  })
  await session.open()
  return {
    look: (name) => lookAt(session, name),
    readPublicAccess: (name) => readPublicAccess(session, name),
    newestLogStream: (group) => newestLogStream(session, group),
    close: () => session.close(),
  }
}

async function newestLogStream(session: Session, group: string): Promise<string | undefined> {
  const command = new DescribeLogStreamsCommand({
    logGroupName: group,
    orderBy: 'LastEventTime',
    descending: true,
    limit: 1,
  })
  const call = {
    operation: 'DescribeLogStreams',
    denied: 'DCF-AWS-DENIED',
    failed: 'DCF-AWS-FAILED',
  } as const
  try {
    const answer = await session.call(call, ({ logs }, abortSignal) => logs.send(command, { abortSignal }))
    return answer.logStreams?.[0]?.logStreamName
  } catch (error) {
    if (error instanceof Refusal && error.awsCode === 'ResourceNotFoundException') return undefined
    throw error
  }
}
