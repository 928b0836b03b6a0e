// How a test or a demonstration makes the services of this account behave as AWS does on a less happy day.
import type { ToolOrder } from '../runner/job.ts'
import type { ServedImage } from './function.ts'

export interface CodebuildSwitches {
  /** Milliseconds that a build stays queued. */
  queued: number
  /** Milliseconds of provisioning. */
  provisioning: number
  /** StartBuild answers AccountLimitExceededException once so many builds run; undefined is no limit. */
  maximumBuilds?: number
  /** The next builds end with this status in the phase named, instead of running. */
  fate?: {
    readonly status: 'FAULT' | 'TIMED_OUT' | 'FAILED'
    readonly phase: string
    readonly message: string
  }
  /** Milliseconds that stand for one minute of a build's timeout. */
  minute: number
  /** Leave `exportedEnvironmentVariables` out of every answer. */
  withholdExports: boolean
  /** What stand-ins of the next builds print, and how they end, in place of doing their work. */
  orders: readonly ToolOrder[]
}

export interface LogsSwitches {
  /** Milliseconds after which an event becomes readable. */
  latency: number
  /** So many empty pages stand before every page that has events. */
  emptyPages: number
  /** Pages hold at most so many events, whatever was asked for. */
  pageEvents: number
}

/** A program that answers with a status of its own, perhaps late, or that never comes to an answer. */
export type ProgramBehaviour =
  | { readonly kind: 'answers'; readonly status: number; readonly body?: string; readonly delay?: number }
  | { readonly kind: 'crashes' }

export interface LambdaSwitches {
  /** Milliseconds that a new function stays Pending. */
  pending: number
  /** Milliseconds that an update stays InProgress. */
  updating: number
  /** Milliseconds that a deletion takes; above 0 the function shows State Deleting meanwhile. */
  deleting: number
  /** The next so many calls that name a role find that Lambda cannot assume it yet. */
  unassumable: number
  /** MB; new accounts are held to 3008. */
  maximumMemory: number
  /** AddPermission of a public statement answers PublicPolicyException. */
  blockPublicPolicy: boolean
  /** The environment cannot be shown (a customer key that the caller may not use). */
  hideEnvironment: boolean
  /** The next update ends Failed with this reason code, and the function goes on as before. */
  failUpdate?: { readonly code: string; readonly reason: string }
  /** The next creation ends Failed with this reason code. */
  failCreate?: { readonly code: string; readonly reason: string }
  /** Milliseconds until a new statement of a function's policy counts at its URL. */
  policyDelay: number
  /** What the program of an image does in place of the stand-in's answer; undefined leaves it to the stand-in. */
  program?: (image: ServedImage) => ProgramBehaviour | undefined
  /** Function URLs answer 429 while set, as they do without free concurrency. */
  throttled: boolean
}

export interface RegistrySwitches {
  /** Seconds that a token of GetAuthorizationToken lives. */
  tokenLifetime: number
  /** HEAD of a manifest needs ecr:BatchGetImage, as at ECR; image stores that ask before they push find out. */
  headNeedsPull: boolean
  /** Answer the next so many pushes of a blob with 429. */
  throttle: number
}

export interface Switches {
  readonly codebuild: CodebuildSwitches
  readonly logs: LogsSwitches
  readonly lambda: LambdaSwitches
  readonly registry: RegistrySwitches
}

/** The happy account, with durations that are short but real. */
export function createSwitches(): Switches {
  return {
    codebuild: { queued: 20, provisioning: 50, minute: 60_000, withholdExports: false, orders: [] },
    logs: { latency: 0, emptyPages: 0, pageEvents: 10_000 },
    lambda: {
      pending: 150,
      updating: 150,
      deleting: 0,
      unassumable: 0,
      maximumMemory: 10_240,
      blockPublicPolicy: false,
      hideEnvironment: false,
      policyDelay: 0,
      throttled: false,
    },
    registry: { tokenLifetime: 12 * 3600, headNeedsPull: true, throttle: 0 },
  }
}
