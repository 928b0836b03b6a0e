// One GET on a Function URL, to see whether the program answers.
import type { UrlAnswer } from '../core/health.ts'
import { getHead } from './get.ts'

/** Undefined if nothing answered within ten seconds. Redirects are an answer and not followed. */
export async function probeUrl(url: string, signal: AbortSignal): Promise<UrlAnswer | undefined> {
  try {
    return await getHead({ url, signal, limit: 10_000, headers: { 'user-agent': 'dcf-health-check' } })
  } catch {
    return undefined
  }
}
