// What the build runner gets from CodeBuild, and what it tells while it works.

export interface BuildVariable {
  readonly name: string
  readonly value: string
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER'
}

/** A call of a program of the build that prints a given text and ends, as the real program would on a bad day. */
export interface ToolOrder {
  readonly tool: 'aws' | 'docker'
  /** Regular expression on the arguments, joined by spaces; the first order that matches counts. */
  readonly call: string
  /** Standard output if the status is 0, else standard error. */
  readonly prints: string
  readonly status: number
}

export interface BuildJob {
  /** `PROJECT:UUID` */
  readonly id: string
  readonly arn: string
  readonly number: number
  readonly project: string
  /** Text of the buildspec, unparsed. */
  readonly buildspec: string
  /** Variables of the project and of StartBuild, the latter already merged over the former. */
  readonly variables: readonly BuildVariable[]
  /** Session credentials of the service role. */
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
  }
  /** The sandbox's endpoint, by IP. */
  readonly endpoint: string
  readonly region: string
  readonly account: string
  readonly image: string
  /** `LINUX_CONTAINER`, `LINUX_LAMBDA_CONTAINER`, `ARM_CONTAINER`, ... */
  readonly environmentType: string
  readonly privileged: boolean
  readonly initiator: string
  readonly logPath: string
  /** Of the whole build, in milliseconds. */
  readonly timeout: number
  /** Run the host's own `aws` and `docker` in place of the stand-ins. */
  readonly real: boolean
  /** For the stand-ins only. */
  readonly orders?: readonly ToolOrder[]
}

export type PhaseStatus = 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED'

export interface PhaseContext {
  readonly statusCode: string
  readonly message: string
}

/** What the runner tells CodeBuild while a build runs. */
export interface BuildListener {
  phaseStarted(phase: string): void
  phaseEnded(phase: string, status: PhaseStatus, contexts: readonly PhaseContext[]): void
  /** One line of output without its line end. */
  line(text: string): void
}

export interface BuildEnd {
  readonly status: PhaseStatus
  readonly exported: readonly { readonly name: string; readonly value: string }[]
}

/** Runs a job from DOWNLOAD_SOURCE to FINALIZING. Never throws for what the build does; an aborted signal means StopBuild. */
export type RunBuild = (job: BuildJob, listener: BuildListener, signal: AbortSignal) => Promise<BuildEnd>
