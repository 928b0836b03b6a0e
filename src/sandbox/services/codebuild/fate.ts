// Builds that end by a switch, in a phase and with a status that no buildspec can bring about.
import type { Clock } from '../../clock.ts'
import type { BuildEnd, PhaseContext } from '../../runner/job.ts'
import type { Build } from '../project.ts'
import type { Switches } from '../switches.ts'
import { endPhase, startPhase } from './phase.ts'

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

export function endByFate(build: Build, fate: Fate, clock: Clock): BuildEnd {
  for (const phase of LATER.slice(0, LATER.indexOf(fate.phase))) {
    startPhase(build, phase, clock)
    endPhase(build, phase, 'SUCCEEDED', [], clock)
  }
  startPhase(build, fate.phase, clock)
  endPhase(build, fate.phase, fate.status, [contextOf(fate)], clock)
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
