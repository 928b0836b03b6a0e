// Whether this machine has what `--real` runs, asked before anything starts.
import type { Problem } from '../core/problem.ts'
import { findRealParts } from '../sandbox/real/parts.ts'

/** Undefined if it has; else what is missing and how to get it, as one problem. */
export async function missingRealParts(): Promise<Problem | undefined> {
  try {
    await findRealParts()
    return undefined
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const help = 'Or leave `--real` out: `aws`, `docker` and Lambda are stand-ins then.'
    return { code: 'DCF-INPUT-INVALID', severity: 'error', message, help }
  }
}
