// CloudWatch Logs: reading a stream page by page, and the writes that a role may be given.
import { AwsError } from '../../awserror.ts'
import type { Exchange } from '../../exchange.ts'
import type { Access, Operation, Service } from '../../service.ts'
import type { World } from '../../world.ts'
import { atLeast, atMost, createValidation, noLongerThan, noShorterThan } from '../constraint.ts'
import { answerJson, readTarget, refuseJson, unknownOperation } from '../jsonprotocol.ts'
import type { LogGroup, LogStream } from '../loggroup.ts'
import { type Members, parseMembers } from '../members.ts'
import type { LogsSwitches } from '../switches.ts'
import { turnPage } from './page.ts'

export interface LogsOffice {
  readonly world: World
  readonly switches: { readonly logs: LogsSwitches }
}

export function createLogsService(office: LogsOffice): Service {
  return {
    name: 'logs',
    protocol: 'json',
    understand: (exchange) => understand(exchange, office),
    refuse: refuseJson,
  }
}

function understand(exchange: Exchange, office: LogsOffice): Operation {
  const name = readTarget(exchange, 'Logs_20140328')
  const input = parseMembers(exchange.body.toString('utf8'))
  const operation = { name, access: [accessOf(name, input, office.world)], parameters: input.plain() }
  switch (name) {
    case 'GetLogEvents':
      return { ...operation, run: () => answerJson(getLogEvents(input, office)) }
    case 'DescribeLogStreams':
      return { ...operation, run: () => answerJson(describeLogStreams(input, office.world)) }
    case 'CreateLogGroup':
      return { ...operation, run: () => answerJson(createLogGroup(input, office.world)) }
    case 'CreateLogStream':
      return { ...operation, run: () => answerJson(createLogStream(input, office.world)) }
    case 'PutLogEvents':
      return { ...operation, parameters: undefined, run: () => answerJson(putLogEvents(input, office)) }
    default:
      throw unknownOperation()
  }
}

/** Operations whose resource is the group and not a stream. */
const OF_GROUPS = ['CreateLogGroup', 'DescribeLogStreams']

/** Members that name the group and, but for CreateLogGroup, the stream. */
function accessOf(name: string, input: Members, { account, region, partition }: World): Access {
  const { groupName, streamName } = readNames(input)
  const group = `arn:${partition}:logs:${region}:${account}:log-group:${groupName}`
  return {
    action: `logs:${name}`,
    resource: OF_GROUPS.includes(name) ? group : `${group}:log-stream:${streamName}`,
  }
}

/** `logGroupIdentifier` takes a name or an ARN, with or without `:*`. */
function readNames(input: Members): { readonly groupName: string; readonly streamName: string } {
  const identifier = input.text('logGroupIdentifier')
  const groupName =
    input.text('logGroupName') ??
    identifier?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '')
  return { groupName: groupName ?? '', streamName: input.text('logStreamName') ?? '' }
}

function getLogEvents(input: Members, office: LogsOffice): unknown {
  const { groupName, streamName } = readNames(input)
  const validation = createValidation()
  validation.require('logStreamName', input.text('logStreamName'))
  validation.check('logGroupName', groupName, noShorterThan(1), noLongerThan(512))
  validation.check('logStreamName', streamName, noShorterThan(1), noLongerThan(512))
  validation.check('limit', input.number('limit'), atLeast(1), atMost(10_000))
  validation.settle('InvalidParameterException')
  const now = office.world.clock.now()
  const stream = findStream(office.world, groupName, streamName)
  const from = input.number('startTime') ?? 0
  const to = input.number('endTime') ?? Number.POSITIVE_INFINITY
  const readable = stream.events
    .filter((event) => event.ingestionTime <= now && event.timestamp >= from && event.timestamp < to)
    .sort((one, other) => one.timestamp - other.timestamp)
  const token = input.text('nextToken')
  const limit = input.number('limit')
  const request = {
    ...(token === undefined ? {} : { token }),
    startFromHead: input.flag('startFromHead') ?? false,
    ...(limit === undefined ? {} : { limit }),
  }
  return turnPage(readable, request, office.switches.logs)
}

function findGroup(world: World, name: string): LogGroup {
  const group = world.logGroups.get(name)
  if (group === undefined) throw notFound('The specified log group does not exist.')
  return group
}

function findStream(world: World, groupName: string, streamName: string): LogStream {
  const stream = findGroup(world, groupName).streams.get(streamName)
  if (stream === undefined) throw notFound('The specified log stream does not exist.')
  return stream
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message)
}

/** The streams of a group, the one with the newest event first where `orderBy` asks for that. */
function describeLogStreams(input: Members, world: World): unknown {
  const { groupName } = readNames(input)
  const validation = createValidation()
  validation.check('limit', input.number('limit'), atLeast(1), atMost(50))
  validation.settle('InvalidParameterException')
  const streams = [...findGroup(world, groupName).streams.values()].map((stream) => ({
    logStreamName: stream.name,
    creationTime: stream.created,
    lastEventTimestamp: stream.events.at(-1)?.timestamp,
  }))
  const isByTime = input.text('orderBy') === 'LastEventTime'
  const sorted = isByTime
    ? streams.sort((one, other) => (one.lastEventTimestamp ?? 0) - (other.lastEventTimestamp ?? 0))
    : streams.sort((one, other) => (one.logStreamName < other.logStreamName ? -1 : 1))
  const ordered = input.flag('descending') === true ? sorted.reverse() : sorted
  return { logStreams: ordered.slice(0, input.number('limit') ?? 50) }
}

function createLogGroup(input: Members, world: World): unknown {
  const { groupName } = readNames(input)
  const validation = createValidation()
  validation.check('logGroupName', groupName, noShorterThan(1), noLongerThan(512))
  validation.settle('InvalidParameterException')
  if (world.logGroups.has(groupName)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
  }
  world.logGroups.set(groupName, { name: groupName, created: world.clock.now(), streams: new Map() })
  return {}
}

function createLogStream(input: Members, world: World): unknown {
  const { groupName, streamName } = readNames(input)
  const { streams } = findGroup(world, groupName)
  if (streams.has(streamName)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists')
  }
  streams.set(streamName, { name: streamName, created: world.clock.now(), events: [] })
  return {}
}

function putLogEvents(input: Members, { world, switches }: LogsOffice): unknown {
  const { groupName, streamName } = readNames(input)
  const stream = findStream(world, groupName, streamName)
  const ingestionTime = world.clock.now() + switches.logs.latency
  for (const event of input.structures('logEvents') ?? []) {
    stream.events.push({
      timestamp: event.number('timestamp') ?? 0,
      message: event.text('message') ?? '',
      ingestionTime,
    })
  }
  return { nextSequenceToken: String(stream.events.length) }
}
