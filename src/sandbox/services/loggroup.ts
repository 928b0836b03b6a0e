// What CloudWatch Logs keeps: groups, their streams, and the events of a stream in order.

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly message: string
  /** Milliseconds since the epoch; the event can be read from then on. */
  readonly ingestionTime: number
}

export interface LogStream {
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly events: LogEvent[]
}

export interface LogGroup {
  readonly name: string
  readonly created: number
  /** By stream name. */
  readonly streams: Map<string, LogStream>
}
