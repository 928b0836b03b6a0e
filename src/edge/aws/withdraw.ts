// Withdraws an archive by a tombstone, so that a build that waits before its fence stops there.
import type { Destination, Withdrawal } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import { putTombstone, readRun, type StoredRun } from './s3.ts'
import type { CallOptions, Session } from './session.ts'

const attempts = 3

/**
 * Withdraws this run's archive. Equal trees give equal bytes and so equal ETags: whose archive lies there is asked
 * first, lest a newer run of the same source be withdrawn. Throws Refusal.
 */
export async function withdraw(
  session: Session,
  destination: Destination,
  etag: string,
  options: CallOptions,
): Promise<Withdrawal> {
  const before = await tryRead(session, destination, options)
  if (before !== 'unknown') {
    const found = judge(before, destination)
    if (found !== undefined) return found
  }
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await putTombstone(session, destination, etag, options)) return 'withdrawn'
    // Replaced meanwhile; or our own tombstone, whose answer was lost; or S3 does not see yet what it shows.
    const after = judge(await readRun(session, destination, options), destination)
    if (after !== undefined) return after
  }
  throw new Refusal('DCF-UPLOAD-FAILED', {
    detail: "S3 refuses to replace this run's archive, and shows it unchanged.",
  })
}

/** Undefined for this run's own archive. */
function judge(found: StoredRun | undefined, destination: Destination): Withdrawal | undefined {
  if (found === undefined) return 'gone'
  if (found.functionName !== destination.functionName) return 'foreign'
  if (found.run !== destination.run) return 'superseded'
  return found.isWithdrawn ? 'withdrawn' : undefined
}

async function tryRead(
  session: Session,
  destination: Destination,
  options: CallOptions,
): Promise<StoredRun | undefined | 'unknown'> {
  const { patience } = options
  try {
    const one =
      patience === undefined ? {} : { patience: { ...patience, attempts: 2, budget: patience.budget / 3 } }
    return await readRun(session, destination, { ...options, ...one })
  } catch (error) {
    if (options.signal?.aborted === true || !(error instanceof Refusal)) throw error
    return 'unknown'
  }
}

/** Withdraws whatever this function has at the place, if `isOurs` says so of its run. Throws Refusal. */
export async function withdrawFunction(
  session: Session,
  destination: Destination,
  isOurs: (run: string) => boolean,
): Promise<boolean> {
  const found = await readRun(session, destination)
  if (
    found === undefined ||
    found.isWithdrawn ||
    found.functionName !== destination.functionName ||
    !isOurs(found.run)
  )
    return false
  return putTombstone(session, { ...destination, run: found.run }, found.etag)
}
