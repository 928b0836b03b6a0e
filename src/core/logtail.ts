// Reads the log of one build for whoever watches it. Whatever is wrong with the log, the build is followed on.
import type { BuildSnapshot } from './build.ts'
import type { Cloud, LogEvent, LogPlace } from './cloud.ts'
import type { Host } from './host.ts'
import { LogChain } from './logchain.ts'
import { Refusal } from './refusal.ts'

/** What whoever watches a build needs of its host. */
export type Watcher = Pick<Host, 'signal' | 'now' | 'tell'>

export interface LogReading {
  readonly hasLines: boolean
  readonly isThrottled: boolean
  /** Nothing more to read at the moment, or ever. */
  readonly isEnd: boolean
  readonly isFailing: boolean
}

export interface TailOptions {
  readonly hideLog: boolean
  /** Sees every line once, in order. */
  readonly see: (line: string) => void
}

/** Pages of one look, so that a flood of lines does not keep the status waiting. */
const pagesAtOnce = 10
/** Refusals in a row that no later try will mend, before the log is given up. */
const refusalsBorne = 3
/** Milliseconds of failures before they are told. */
const silenceBorne = 60_000

const idle: LogReading = { hasLines: false, isThrottled: false, isEnd: true, isFailing: false }

export class LogTail {
  /** Shortest time from the stamp of a newest line to its sight, in milliseconds: latency and difference of clocks. */
  delay = Number.POSITIVE_INFINITY
  /** The stream could be read, and held no line. */
  isEmpty = false
  /** Nothing more will be read. */
  isOff: boolean
  private readonly chain = new LogChain()
  private readonly cloud: Cloud
  private readonly host: Watcher
  private readonly options: TailOptions
  private isMissing = false
  private failures = 0
  private failingSince: number | undefined
  private hasToldFailure = false

  constructor(cloud: Cloud, host: Watcher, options: TailOptions) {
    this.cloud = cloud
    this.host = host
    this.options = options
    this.isOff = options.hideLog
  }

  /** One look. Rejects only when the run is cancelled. */
  async read(build: BuildSnapshot): Promise<LogReading> {
    if (this.isOff || build.log.kind === 'pending') return idle
    if (build.log.kind === 'disabled')
      return this.giveUp('The project writes no log to CloudWatch Logs; phases and their messages are shown.')
    try {
      return await this.readPages(build.log)
    } catch (error) {
      if (this.host.signal.aborted || !(error instanceof Refusal)) throw error
      return this.bear(error)
    }
  }

  /** To be called when the build is over and its log was read: says why there was none. */
  finish(build: BuildSnapshot): void {
    if (this.isOff) return
    if (build.log.kind === 'pending')
      this.giveUp('The build names no log; phases and their messages are shown.')
    else if (this.isMissing)
      this.giveUp(
        "The build's log does not exist: the CodeBuild service role needs `logs:CreateLogGroup`, `logs:CreateLogStream` and `logs:PutLogEvents`. Phases and their messages are shown.",
      )
    else if (this.failingSince !== undefined)
      this.giveUp('The end of the log could not be read; the console has it.')
  }

  private async readPages(place: LogPlace): Promise<LogReading> {
    let hasLines = false
    for (let pages = 1; ; pages += 1) {
      const page = await this.cloud.readLog(place, this.chain.position)
      if (page.kind === 'denied')
        return this.giveUp(
          "The role may not read the build's log: allow it `logs:GetLogEvents` to see the lines here. Phases and their messages are shown.",
        )
      this.isMissing = page.kind === 'absent'
      if (page.kind === 'absent') return { ...idle, hasLines }
      if (page.kind === 'expired') {
        if (!this.chain.restart())
          return this.giveUp('CloudWatch Logs does not take the requests for the log.')
        continue
      }
      this.failures = 0
      this.failingSince = undefined
      const { fresh, isEnd, isFull } = this.chain.take(page)
      this.show(fresh)
      hasLines ||= fresh.length > 0
      this.isEmpty = this.chain.isUntouched
      if (!isFull || pages === pagesAtOnce) return { ...idle, hasLines, isEnd }
    }
  }

  private show(events: readonly LogEvent[]): void {
    const newest = events.at(-1)
    if (newest === undefined) return
    if (newest.time > 0) this.delay = Math.min(this.delay, this.host.now() - newest.time)
    // CodeBuild's events end with a line end of their own.
    const lines = events.map((event) => event.text.replace(/\r?\n$/, ''))
    this.host.tell({ kind: 'log', lines })
    for (const line of lines) this.options.see(line)
  }

  private bear(refusal: Refusal): LogReading {
    if (refusal.code === 'DCF-THROTTLED') return { ...idle, isThrottled: true, isEnd: false }
    this.failures = refusal.isTransient ? 0 : this.failures + 1
    if (this.failures >= refusalsBorne) return this.giveUp('The log cannot be read.', refusal.detail)
    this.failingSince ??= this.host.now()
    if (!this.hasToldFailure && this.host.now() - this.failingSince >= silenceBorne) {
      this.hasToldFailure = true
      this.host.tell({
        kind: 'note',
        text: 'The log cannot be read at the moment; the build is followed by its phases.',
        detail: refusal.detail,
      })
    }
    return { ...idle, isFailing: true, isEnd: false }
  }

  private giveUp(text: string, detail?: string): LogReading {
    this.isOff = true
    this.host.tell(detail === undefined ? { kind: 'note', text } : { kind: 'note', text, detail })
    return idle
  }
}
