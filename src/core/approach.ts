// Reads the live function until it can be decided on, waiting for an update that is under way.
import type { Cloud } from './cloud.ts'
import type { Host } from './host.ts'
import { type Decision, decide, type Wanted } from './live.ts'
import { Refusal } from './refusal.ts'

/** How long an update by somebody else is waited for, in milliseconds. */
const busyPatience = 5 * 60_000
const interval = 3000

/** Throws Refusal if the function may not be touched, or is still being updated after five minutes. */
export async function approach(
  cloud: Cloud,
  wanted: Wanted,
  host: Host,
): Promise<Exclude<Decision, { kind: 'wait' | 'refuse' }>> {
  host.tell({ kind: 'step', text: `Looking at the live function ${wanted.functionName}` })
  const deadline = host.now() + busyPatience
  for (let waits = 0; ; waits += 1) {
    const live = await cloud.look(wanted.functionName)
    if (live.kind === 'hidden') {
      host.tell({
        kind: 'note',
        text: 'The live function cannot be looked at, so the build alone decides whether it may be touched.',
        detail: live.reason,
      })
    }
    const decision = decide(live, wanted)
    if (decision.kind === 'refuse') throw new Refusal(decision.code, { detail: decision.detail })
    if (decision.kind !== 'wait') return decision
    if (host.now() >= deadline) {
      throw new Refusal('DCF-FUNCTION-BUSY', {
        detail: `Another update of \`${wanted.functionName}\` has been in progress for five minutes.`,
      })
    }
    if (waits === 0)
      host.tell({
        kind: 'note',
        text: 'The function is being updated by somebody else; waiting for it, five minutes at most.',
      })
    await host.sleep(interval)
  }
}
