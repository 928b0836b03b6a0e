// Follows a build to its end: status and log together, every line once, and nothing after the patience is used up.
import type { BuildSnapshot, Phase } from './build.ts'
import type { Cloud } from './cloud.ts'
import type { Host } from './host.ts'
import { LogTail, type Watcher } from './logtail.ts'
import { Pace } from './pace.ts'
import type { Progress } from './progress.ts'
import { Refusal } from './refusal.ts'
import { StatusWatch } from './statuswatch.ts'

export interface FollowOptions {
  /** Milliseconds from now on. */
  readonly patience: number
  readonly hideLog: boolean
  /** Sees every line of the log once, in order. */
  readonly see?: (line: string) => void
}

export interface Followed {
  readonly build: BuildSnapshot
  /** The last lines of the log, untrusted; empty if the log is hidden or cannot be read. */
  readonly lastLines: readonly string[]
}

/** Milliseconds without a word after which the run says that it is still waiting. */
const silence = 30_000
/**
 * The log after the end, in milliseconds: between two reads, after a read that brought lines, without any
 * progress, with failures only, and at most. `quietReads` find nothing before it is over.
 */
const drain = { gap: 800, busy: 250, quietReads: 2, quiet: 90_000, failing: 20_000, most: 600_000 }
/**
 * Milliseconds that a late line is waited for: where the log gives no measure, where it is there without a line
 * (CodeBuild always writes some), and on top of the measure.
 */
const settle = { unknown: 2000, empty: 10_000, margin: 1000 }

/** Throws Refusal when the patience is used up, and the signal's reason when the run is cancelled. */
export async function follow(
  cloud: Cloud,
  started: BuildSnapshot,
  options: FollowOptions,
  host: Host,
): Promise<Followed> {
  const begin = host.now()
  const last = new LastLines()
  const see = (line: string) => {
    last.add(line)
    options.see?.(line)
  }
  const voice = new Voice(host, begin)
  const pace = new Pace(() => Number.parseInt(host.random(4), 16) / 2 ** 32)
  const tail = new LogTail(cloud, voice, { hideLog: options.hideLog, see })
  const status = new StatusWatch(cloud, voice, started)
  let hasMoved = voice.tellPhases(started)
  let { build, isThrottled } = { build: started, isThrottled: false }
  while (!build.isOver) {
    const log = await tail.read(build)
    if (host.now() - begin >= options.patience) throw givenUp(build)
    voice.tellWaiting(build)
    isThrottled ||= log.isThrottled
    await host.sleep(pace.next({ hasMoved, hasLines: log.hasLines, isThrottled }))
    ;({ build, isThrottled } = await status.read())
    hasMoved = voice.tellPhases(build)
  }
  await drainLog(build, tail, pace, host)
  return { build, lastLines: last.lines }
}

/** Reads on until the log repeats its end and no line can be on its way any more. */
async function drainLog(build: BuildSnapshot, tail: LogTail, pace: Pace, host: Host): Promise<void> {
  const seen = host.now()
  let [quiet, latest] = [0, seen]
  for (;;) {
    const reading = await tail.read(build)
    quiet = reading.isEnd && !reading.hasLines ? quiet + 1 : 0
    if (!reading.isEnd && !reading.isThrottled && !reading.isFailing) latest = host.now()
    const isSettled = quiet >= drain.quietReads && host.now() >= settledAt(build, tail, seen)
    const bound = reading.isFailing ? drain.failing : drain.quiet
    if (tail.isOff || isSettled || host.now() - latest >= bound || host.now() - seen >= drain.most) break
    await host.sleep(pace.stretch(reading.hasLines ? drain.busy : drain.gap, reading.isThrottled))
  }
  tail.finish(build)
}

/**
 * A line that is stamped `t` can be seen at about `t + delay`, and no line is stamped later than the end of the build.
 * Both times are AWS's, so that a wrong clock of this machine cancels out.
 */
function settledAt(build: BuildSnapshot, tail: LogTail, seen: number): number {
  if (tail.isEmpty) return seen + settle.empty
  if (build.endedAt === undefined || !Number.isFinite(tail.delay)) return seen + settle.unknown
  return build.endedAt + tail.delay + settle.margin
}

/** What is said, and when something was said last. */
class Voice implements Watcher {
  readonly signal: AbortSignal
  private told = new Map<string, string>()
  private spoken: number
  private readonly begin: number
  private readonly host: Host

  constructor(host: Host, begin: number) {
    this.host = host
    this.signal = host.signal
    this.begin = begin
    this.spoken = begin
  }

  now(): number {
    return this.host.now()
  }

  tell(progress: Progress): void {
    this.spoken = this.host.now()
    this.host.tell(progress)
  }

  /** True if a phase began or ended since the last time. */
  tellPhases({ phases }: BuildSnapshot): boolean {
    const before = this.told
    this.told = new Map(phases.map((phase) => [phase.type, statusOf(phase)]))
    const changed = phases.filter((phase) => before.get(phase.type) !== statusOf(phase))
    for (const phase of changed) {
      const messages = phase.status === 'SUCCEEDED' ? [] : phase.messages
      const seconds = phase.durationSeconds
      this.tell({ kind: 'phase', phase: phase.type, status: statusOf(phase), seconds, messages })
    }
    return changed.length > 0
  }

  tellWaiting({ currentPhase }: BuildSnapshot): void {
    const now = this.host.now()
    if (now - this.spoken >= silence)
      this.tell({ kind: 'waiting', phase: currentPhase, seconds: (now - this.begin) / 1000 })
  }
}

function statusOf(phase: Phase): string {
  return phase.status ?? 'IN_PROGRESS'
}

/** The lines that a person would look at first: the last ones that say something. */
class LastLines {
  lines: readonly string[] = []

  add(line: string): void {
    // What CodeBuild says of its own phases stands in the table of phases.
    if (line.trim() !== '' && !line.startsWith('[Container] ')) this.lines = [...this.lines, line].slice(-40)
  }
}

function givenUp(build: BuildSnapshot): Refusal {
  return new Refusal('DCF-FOLLOW-TIMED-OUT', {
    detail: `The build ${build.id} is still ${build.status} in phase ${build.currentPhase}.`,
  })
}
