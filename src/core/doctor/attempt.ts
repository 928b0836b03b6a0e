// A call whose refusal is a finding and not the end.
import { Refusal } from '../refusal.ts'

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

/** Rejects only for what is no Refusal: a cancelled run, or a defect of ours. */
export async function attempt<T>(call: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await call }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refusal: error }
    throw error
  }
}

/** True if the role lacks a permission for the call, whatever the code. */
export function isDenied(refusal: Refusal): boolean {
  return /^(?:AccessDenied|AccessDeniedException|Forbidden|Unknown|UnknownError|403)$/.test(
    refusal.awsCode ?? '',
  )
}
