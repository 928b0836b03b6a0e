// The shape of one entry of the catalogue of problems and refusals.

/** Where in the run it happened, in the words that the messages use. */
export type Stage =
  | 'inputs'
  | 'event'
  | 'source'
  | 'identity'
  | 'live function'
  | 'upload'
  | 'start of the build'
  | 'build'
  | 'result'
  | 'undeploy'
  | 'setup'
  | 'internal'

/** The words for one code. `docs/problems.md` is made from these. */
export interface Entry {
  readonly stage: Stage
  /** What happened, in one line without a final stop. */
  readonly title: string
  /** Why it usually happens. */
  readonly cause: string
  /** What to do about it. */
  readonly remedy: string
  /** Literal texts of AWS, GitHub, Docker or Dart by which people search for it. */
  readonly texts?: readonly string[]
  /** For failures of the standard buildspec: the exit status of its script. */
  readonly exitStatus?: number
}
