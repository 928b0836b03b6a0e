// What the core asks of AWS, got only by connecting. Every method throws Refusal, and gives up when its signal aborts.
import type { BuildSnapshot } from './build.ts'
import type { Live } from './live.ts'

export interface Archive {
  readonly bytes: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
}

/** Where the archive goes, and what it says about the run. */
export interface Destination {
  readonly bucket: string
  readonly key: string
  /** Account that must own the bucket. */
  readonly owner: string
  readonly functionName: string
  readonly run: string
}

export interface Stored {
  /** With its double quotes, as S3 answers it. */
  readonly etag: string
}

export interface BuildOrder {
  readonly project: string
  readonly buildspec: string
  readonly variables: Readonly<Record<string, string>>
  readonly timeoutMinutes: number
  readonly idempotencyToken: string
}

export interface LogPlace {
  readonly group: string
  readonly stream: string
}

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly text: string
}

/** Where to read a stream on; neither means its head. */
export interface LogPosition {
  readonly token?: string
  /** Milliseconds since 1970; without a token the first page begins there. */
  readonly since?: number
}

export type LogPage =
  | { readonly kind: 'page'; readonly events: readonly LogEvent[]; readonly next: string }
  /** AWS takes the token no longer. */
  | { readonly kind: 'expired' }
  /** The role has no logs:GetLogEvents. */
  | { readonly kind: 'denied' }
  /** Group or stream do not exist (yet). */
  | { readonly kind: 'absent' }

/** What is public about a function by its resource policy. */
export type PublicAccess =
  | { readonly kind: 'shown'; readonly url: boolean; readonly invoke: boolean }
  | { readonly kind: 'hidden' }

/** What became of an archive that was to be withdrawn; `foreign`: another function's archive lies in its place. */
export type Withdrawal = 'withdrawn' | 'superseded' | 'gone' | 'foreign'

export type Removal = 'removed' | 'absent'

export interface Cloud {
  /** GetFunction and GetFunctionUrlConfig. */
  look(functionName: string): Promise<Live>
  /** One PutObject with checksum and expected owner. */
  upload(archive: Archive, destination: Destination): Promise<Stored>
  /** StartBuild; never sent again later than five minutes after the first time. */
  startBuild(order: BuildOrder): Promise<BuildSnapshot>
  /** One request. */
  readBuild(id: string): Promise<BuildSnapshot>
  /** One request, as {@link readBuild}: whoever polls decides when to try again. */
  readLog(place: LogPlace, position: LogPosition): Promise<LogPage>
  /** False if the role has no codebuild:StopBuild. */
  stopBuild(id: string): Promise<boolean>
  /** Puts the tombstone over this run's archive, and over nothing else. */
  withdraw(destination: Destination, etag: string): Promise<Withdrawal>
  /** Puts the tombstone over whatever this function has at the place, if `isOurs` says so of its run; false if it did not. */
  withdrawFunction(destination: Destination, isOurs: (run: string) => boolean): Promise<boolean>
  readPublicAccess(functionName: string): Promise<PublicAccess>
  removeUrl(functionName: string): Promise<Removal>
  removePermission(functionName: string, statementId: string): Promise<Removal>
  removeFunction(functionName: string): Promise<Removal>
}
