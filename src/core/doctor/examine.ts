// The doctor in the action's place: `doctor: true` tells every finding in the log, and fails with the first one.
import type { Outcome } from '../outcome.ts'
import type { DoctorHost } from './cloud.ts'
import { type DoctorRequest, diagnose } from './diagnose.ts'
import { describeChecks, outcomeOfChecks } from './report.ts'

/** Never deploys. `planned` is the outcome if nothing failed. */
export async function examineChain(
  request: Omit<DoctorRequest, 'target'>,
  host: DoctorHost,
): Promise<Outcome> {
  const { target } = request.inputs
  if (target === undefined) return { kind: 'rejected', problems: [] }
  const checks = await diagnose({ ...request, target }, host)
  host.tell({ kind: 'note', text: describeChecks(checks).join('\n') })
  return outcomeOfChecks(checks)
}
