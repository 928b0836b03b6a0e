// The record of a build's phases: when each began, how it ended, and what it had to say.
import type { Clock } from '../../clock.ts'
import type { PhaseContext, PhaseStatus } from '../../runner/job.ts'
import type { Build } from '../project.ts'

export interface PhaseRecord {
  start(phaseType: string): void
  /** Ends the latest phase of that type; answers its status. */
  end(phaseType: string, status: PhaseStatus, contexts?: readonly PhaseContext[]): PhaseStatus
}

export function recordPhases(build: Build, clock: Clock): PhaseRecord {
  return {
    start: (phaseType) => {
      build.currentPhase = phaseType
      build.phases.push({ phaseType, startTime: clock.now(), contexts: [] })
    },
    end: (phaseType, status, contexts = []) => {
      const phase = build.phases.findLast((one) => one.phaseType === phaseType)
      if (phase === undefined) throw new Error(`the phase ${phaseType} ended before it started`)
      phase.phaseStatus = status
      phase.endTime = clock.now()
      phase.contexts = contexts
      return status
    },
  }
}
