// How a run ended, and what that means for its status and exit code.
import type { Problem } from './problem.ts'
import type { Refusal } from './refusal.ts'

export type Outcome =
  | { readonly kind: 'deployed' | 'planned' | 'unchanged' | 'removed' | 'absent' }
  /** The inputs or the repository are wrong; nothing was called. */
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] }
  /** Somebody outside refused, or the build failed. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly annotations: readonly Problem[] }
  | { readonly kind: 'superseded'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled'; readonly refusal: Refusal }

export type Status =
  | 'deployed'
  | 'planned'
  | 'unchanged'
  | 'removed'
  | 'absent'
  | 'failed'
  | 'superseded'
  | 'cancelled'

export function statusOf(outcome: Outcome): Status {
  return outcome.kind === 'rejected' || outcome.kind === 'refused' ? 'failed' : outcome.kind
}

/** The code of a failure; undefined for a success. Of several problems the first error's. */
export function codeOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'rejected')
    return outcome.problems.find((problem) => problem.severity === 'error')?.code
  return 'refusal' in outcome ? outcome.refusal.code : undefined
}

/** Exit code of the action: 0 or 1. */
export function actionExitCode(outcome: Outcome): 0 | 1 {
  return 'refusal' in outcome || outcome.kind === 'rejected' ? 1 : 0
}

/** Exit code of the command line: 2 if your inputs or repository are wrong, 130 if interrupted. */
export function commandExitCode(outcome: Outcome): 0 | 1 | 2 | 130 {
  if (outcome.kind === 'rejected') return 2
  if (outcome.kind === 'cancelled') return 130
  return actionExitCode(outcome)
}
