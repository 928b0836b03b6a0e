// The log of a function: what its container writes, with Lambda's own lines around each call, in a stream per instance.
import { randomBytes } from 'node:crypto'
import type { LogStream } from '../services/loggroup.ts'
import type { World } from '../world.ts'

export interface FunctionLog {
  readonly group: string
  readonly stream: string
  write(message: string): void
}

/** Events of one stream that are kept; older ones go. */
const MOST_EVENTS = 10_000

export function openFunctionLog(functionName: string, world: World): FunctionLog {
  const group = `/aws/lambda/${functionName}`
  const now = world.clock.now()
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')
  const stream: LogStream = {
    name: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
    created: now,
    events: [],
  }
  const found = world.logGroups.get(group) ?? { name: group, created: now, streams: new Map() }
  world.logGroups.set(group, found)
  found.streams.set(stream.name, stream)
  return {
    group,
    stream: stream.name,
    write: (message) => {
      const timestamp = world.clock.now()
      stream.events.push({ timestamp, message: `${message}\n`, ingestionTime: timestamp })
      if (stream.events.length > MOST_EVENTS) stream.events.shift()
    },
  }
}
