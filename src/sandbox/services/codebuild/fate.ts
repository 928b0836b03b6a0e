// Builds that end by a switch, in a phase and with a status that no buildspec can bring about.
import type { BuildEnd, PhaseContext } from '../../runner/job.ts'
import type { Switches } from '../switches.ts'
import type { PhaseRecord } from './phase.ts'

export type Fate = NonNullable<Switches['codebuild']['fate']>

/** Phases after PROVISIONING in their order, for builds that end by a switch. */
const LATER = [
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
]

export function endByFate(fate: Fate, phases: PhaseRecord): BuildEnd {
  for (const phase of LATER.slice(0, LATER.indexOf(fate.phase))) {
    phases.start(phase)
    phases.end(phase, 'SUCCEEDED')
  }
  phases.start(fate.phase)
  phases.end(fate.phase, fate.status, [contextOf(fate)])
  return { status: fate.status, exported: [] }
}

export function contextOf(fate: Fate): PhaseContext {
  const code =
    fate.status === 'TIMED_OUT'
      ? 'BUILD_TIMED_OUT'
      : fate.status === 'FAULT'
        ? 'INTERNAL_SERVICE_ERROR'
        : 'COMMAND_EXECUTION_ERROR'
  return { statusCode: code, message: fate.message }
}
