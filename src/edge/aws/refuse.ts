// Makes a Refusal of what a call threw: the one table from AWS's errors to our codes.
import type { Stage } from '../../core/catalogue/entry.ts'
import type { Code } from '../../core/catalogue.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Failure, isTransient, readFailure } from './failure.ts'

export interface CallName {
  /** AWS's name, for example `StartBuild`. */
  readonly operation: string
  /** What a denied call means, for example DCF-BUILD-DENIED. */
  readonly denied: Code
  /** What it means when AWS fails again and again. */
  readonly failed: Code
  /** Codes for errors that this operation alone has, by AWS's name. */
  readonly known?: Readonly<Record<string, Code>>
  /** Whatever but a denial is tried again: the call matters more than its answer. */
  readonly isPressing?: boolean
}

export function refuse(error: unknown, call: CallName): Refusal {
  if (error instanceof Refusal) return error
  const failure = readFailure(error)
  const code = codeFor(failure, call)
  const stage = anywhere.has(code) ? stages[call.operation] : undefined
  return new Refusal(code, {
    detail: describeFailure(failure, call),
    ...(stage === undefined ? {} : { stage }),
    awsCode: failure.name,
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    isTransient: isTransient(failure),
    cause: error,
  })
}

/** Codes that say what failed, not where; the operation tells that. */
const anywhere: ReadonlySet<Code> = new Set<Code>([
  'DCF-THROTTLED',
  'DCF-AWS-DENIED',
  'DCF-AWS-UNREACHABLE',
  'DCF-AWS-FAILED',
  'DCF-CLOCK-SKEW',
])
const stages: Readonly<Record<string, Stage>> = {
  AssumeRoleWithWebIdentity: 'identity',
  GetFunction: 'live function',
  GetFunctionUrlConfig: 'live function',
  PutObject: 'upload',
  HeadObject: 'upload',
  StartBuild: 'start of the build',
  DeleteFunctionUrlConfig: 'undeploy',
  RemovePermission: 'undeploy',
  DeleteFunction: 'undeploy',
}

function codeFor(failure: Failure, call: CallName): Code {
  const known = call.known?.[failure.name]
  if (known !== undefined) return known
  switch (failure.kind) {
    case 'denied':
      return call.denied
    case 'clock':
      return 'DCF-CLOCK-SKEW'
    case 'throttled':
      return 'DCF-THROTTLED'
    case 'unreachable':
      return 'DCF-AWS-UNREACHABLE'
    case 'expired':
    case 'server':
    case 'unreadable':
    case 'other':
      return call.failed
  }
}

function describeFailure(failure: Failure, call: CallName): string {
  const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`
  if (failure.kind === 'unreadable')
    return `${call.operation} was answered with something that is not AWS's format${status}.`
  const words = failure.message === '' || failure.message === failure.name ? '' : `: ${failure.message}`
  return `${call.operation} was refused with ${failure.name}${status}${words}`
}
