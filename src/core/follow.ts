// Follows a build to its end: status and log, every line once, and nothing after the patience is used up.
import type { BuildSnapshot, Phase } from './build.ts'
import type { Cloud, LogPlace } from './cloud.ts'
import type { Host } from './host.ts'
import { Refusal } from './refusal.ts'

export interface FollowOptions {
  /** Milliseconds from now on. */
  readonly patience: number
  readonly hideLog: boolean
}

export interface Followed {
  readonly build: BuildSnapshot
  /** The last lines of the log, untrusted; empty if the log is hidden or cannot be read. */
  readonly lastLines: readonly string[]
}

const interval = 3000
const keptLines = 40

/** Throws Refusal when the patience is used up, and the signal's reason when the run is cancelled. */
export async function follow(
  cloud: Cloud,
  started: BuildSnapshot,
  options: FollowOptions,
  host: Host,
): Promise<Followed> {
  const deadline = host.now() + options.patience
  const tail = new LogTail(cloud, host, options.hideLog)
  let build = started
  let told = new Map<string, string>()
  for (;;) {
    told = tellPhases(build.phases, told, host)
    const moved = await tail.read(build)
    if (build.isOver && !moved) return { build, lastLines: tail.lastLines }
    if (host.now() >= deadline) throw givenUp(build)
    await host.sleep(interval)
    if (!build.isOver) build = await cloud.readBuild(build.id)
  }
}

function tellPhases(
  phases: readonly Phase[],
  told: ReadonlyMap<string, string>,
  host: Host,
): Map<string, string> {
  const now = new Map<string, string>()
  for (const phase of phases) {
    const status = phase.status ?? 'IN_PROGRESS'
    now.set(phase.type, status)
    if (told.get(phase.type) === status) continue
    const messages = phase.status === 'SUCCEEDED' ? [] : phase.messages
    host.tell({ kind: 'phase', phase: phase.type, status, seconds: phase.durationSeconds, messages })
  }
  return now
}

/** The one chain of log pages of a build. */
class LogTail {
  lastLines: readonly string[] = []
  private token: string | undefined
  private isReadable = true
  private readonly cloud: Cloud
  private readonly host: Host
  private readonly hide: boolean

  constructor(cloud: Cloud, host: Host, hide: boolean) {
    this.cloud = cloud
    this.host = host
    this.hide = hide
  }

  /** Reads the next page; true if there may be more of it. */
  async read(build: BuildSnapshot): Promise<boolean> {
    if (this.hide || !this.isReadable || build.log.kind === 'pending') return false
    if (build.log.kind === 'disabled')
      return this.giveUp('The project writes no log to CloudWatch Logs; phases and their messages are shown.')
    return this.readPage(build.log)
  }

  private async readPage(place: LogPlace): Promise<boolean> {
    const page = await this.cloud.readLog(place, this.token)
    if (page.kind === 'absent') return false
    if (page.kind === 'denied') {
      return this.giveUp(
        "The role may not read the build's log: allow it `logs:GetLogEvents` to see the lines here. Phases and their messages are shown.",
      )
    }
    const lines = page.events.map((event) => event.text)
    if (lines.length > 0) this.host.tell({ kind: 'log', lines })
    this.lastLines = [...this.lastLines, ...lines].slice(-keptLines)
    // The end of a stream is the same token again, not an empty page (AWS: GetLogEvents, nextForwardToken).
    const moved = page.next !== this.token
    this.token = page.next
    return moved
  }

  private giveUp(text: string): false {
    this.isReadable = false
    this.host.tell({ kind: 'note', text })
    return false
  }
}

function givenUp(build: BuildSnapshot): Refusal {
  return new Refusal('DCF-FOLLOW-TIMED-OUT', {
    detail: `The build ${build.id} is still ${build.status} in phase ${build.currentPhase}.`,
  })
}
