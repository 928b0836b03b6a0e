// The record of a build's phases: when each began, how it ended, and what it had to say.
import type { Clock } from '../../clock.ts'
import type { PhaseContext, PhaseStatus } from '../../runner/job.ts'
import type { Build } from '../project.ts'

export function startPhase(build: Build, phaseType: string, clock: Clock): void {
  build.currentPhase = phaseType
  build.phases.push({ phaseType, startTime: clock.now(), contexts: [] })
}

export function endPhase(
  build: Build,
  phaseType: string,
  status: PhaseStatus,
  contexts: readonly PhaseContext[],
  clock: Clock,
): void {
  const phase = build.phases.findLast((one) => one.phaseType === phaseType)
  if (phase === undefined) throw new Error(`the phase ${phaseType} ended before it started`)
  phase.phaseStatus = status
  phase.endTime = clock.now()
  phase.contexts = contexts
}
