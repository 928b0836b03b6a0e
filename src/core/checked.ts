// The result of looking at something that may be wrong in several places at once.
import type { Problem } from './problem.ts'

export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** A value together with the notices and warnings on the way to it. */
export function accept<T>(value: T, problems: readonly Problem[] = []): Checked<T> {
  return { ok: true, value, problems }
}

/** No value, and every reason why. */
export function reject<T>(problems: readonly Problem[]): Checked<T> {
  return { ok: false, problems }
}
