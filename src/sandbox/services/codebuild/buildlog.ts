// A build's log, written with the permissions of its service role: what that may not write, nobody can read.
import type { Caller } from '../../service.ts'
import type { World } from '../../world.ts'
import type { LogGroup, LogStream } from '../loggroup.ts'
import type { Permits } from '../permission.ts'

export interface BuildLog {
  /** Appends one line, without its line end. */
  write(line: string): void
}

export interface BuildLogRequest {
  readonly world: World
  readonly caller: Caller
  readonly permits: Permits
  /** Milliseconds after which an event becomes readable. */
  readonly latency: () => number
  readonly groupName: string
  readonly streamName: string
  /** Text that CodeBuild masks wherever it stands: its own key id. */
  readonly masked: string
}

/** Makes group and stream if the role may; a build whose role may not goes on without a log. */
export function openBuildLog(request: BuildLogRequest): BuildLog {
  const { world, caller, permits, groupName, streamName } = request
  const arn = `arn:${world.partition}:logs:${world.region}:${world.account}:log-group:${groupName}`
  const streamArn = `${arn}:log-stream:${streamName}`
  const group = findGroup(request, permits(caller, { action: 'logs:CreateLogGroup', resource: arn }))
  if (group === undefined) return SILENT
  if (!permits(caller, { action: 'logs:CreateLogStream', resource: streamArn })) return SILENT
  const stream: LogStream = { name: streamName, created: world.clock.now(), events: [] }
  group.streams.set(streamName, stream)
  if (!permits(caller, { action: 'logs:PutLogEvents', resource: streamArn })) return SILENT
  return { write: (line) => append(stream, line, request) }
}

const SILENT: BuildLog = { write: () => undefined }

function findGroup({ world, groupName }: BuildLogRequest, mayCreate: boolean): LogGroup | undefined {
  const existing = world.logGroups.get(groupName)
  if (existing !== undefined || !mayCreate) return existing
  const group: LogGroup = { name: groupName, created: world.clock.now(), streams: new Map() }
  world.logGroups.set(groupName, group)
  return group
}

function append(stream: LogStream, line: string, { world, latency, masked }: BuildLogRequest): void {
  const timestamp = world.clock.now()
  const message = `${masked === '' ? line : line.replaceAll(masked, '***')}\n`
  stream.events.push({ timestamp, message, ingestionTime: timestamp + latency() })
}
