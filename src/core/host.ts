// What the core asks of the place where it runs: time, files, memory, and a connection to AWS.
import type { Archive, Cloud } from './cloud.ts'
import type { PartialFacts } from './facts.ts'
import type { UrlAnswer } from './health.ts'
import type { Progress } from './progress.ts'
import type { SourceReport } from './source/report.ts'

export interface SourceRequest {
  readonly directory: string
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** Who the run says it is, and how far its session may go. */
export interface Identity {
  readonly roleArn: string
  readonly region: string
  readonly audience: string
  readonly sessionName: string
  /** Inline session policy: JSON of at most 2,048 characters. */
  readonly sessionPolicy: string
}

/** What a later process (`runs.post`) needs to finish what this one could not. */
export interface Unfinished {
  readonly roleArn: string
  readonly region: string
  readonly audience: string
  readonly sessionName: string
  readonly sessionPolicy: string
  readonly bucket: string
  readonly key: string
  readonly owner: string
  readonly functionName: string
  readonly run: string
  readonly etag: string
  readonly project: string
  /** Empty before StartBuild was sent. */
  readonly idempotencyToken: string
  /** Empty until StartBuild was answered, as `buildUrl`. */
  readonly buildId: string
  readonly buildUrl: string
}

export interface Host {
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Random hexadecimal digits, two for each byte. */
  random(bytes: number): string
  tell(progress: Progress): void
  /** Adds to what is known; outputs are set at once. */
  publish(facts: PartialFacts): void
  inspect(request: SourceRequest): Promise<SourceReport>
  archive(source: SourceReport): Promise<Archive>
  connect(identity: Identity): Promise<Cloud>
  /** One GET without following redirects; undefined if nothing answered within ten seconds. */
  probe(url: string): Promise<UrlAnswer | undefined>
  /** Keeps (or, given undefined, forgets) what a later process has to finish. */
  remember(unfinished: Unfinished | undefined): void
}
