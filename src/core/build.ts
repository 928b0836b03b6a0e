// What a build of CodeBuild means: whether it is over, how it went, and which code explains its failure.
import type { Code } from './catalogue.ts'
import { codeOfExit, knownCode } from './refusal.ts'

export interface Phase {
  readonly type: string
  readonly status: string | undefined
  readonly durationSeconds: number | undefined
  /** CodeBuild's own messages on the phase. */
  readonly messages: readonly string[]
}

export type BuildLog =
  /** Not there before PROVISIONING. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'stream'; readonly group: string; readonly stream: string }

export interface BuildSnapshot {
  /** `PROJECT:UUID` */
  readonly id: string
  readonly arn: string
  readonly status: string
  readonly isOver: boolean
  /** By the clock of AWS, in milliseconds since 1970. */
  readonly endedAt?: number
  readonly currentPhase: string
  readonly phases: readonly Phase[]
  readonly log: BuildLog
  /** `exported-variables` of the buildspec; empty until the build phase is over. */
  readonly exported: Readonly<Record<string, string>>
}

export interface BuildFailure {
  readonly code: Code
  /** CodeBuild's own words, not ours: to be printed as untrusted text. */
  readonly detail: string
}

/** Why a finished build did not succeed; undefined if it did. A status that we do not know never counts as success. */
export function explainBuild(build: BuildSnapshot): BuildFailure | undefined {
  if (build.status === 'SUCCEEDED') return undefined
  const detail = describeFailure(build)
  if (build.status === 'STOPPED') return { code: 'DCF-BUILD-STOPPED', detail }
  if (build.status === 'TIMED_OUT') return { code: 'DCF-BUILD-TIMED-OUT', detail }
  const exported = knownCode(build.exported['DCF_ERROR_CODE'])
  if (exported !== undefined) return { code: exported, detail }
  const status = exitStatusOf(build)
  const byExit = status === undefined ? undefined : codeOfExit(status)
  if (byExit !== undefined) return { code: byExit, detail }
  if (/to create Amazon CloudWatch Logs log streams/.test(detail))
    return { code: 'DCF-BUILD-LOG-DENIED', detail }
  if (build.status === 'FAULT') return { code: 'DCF-BUILD-FAULT', detail }
  if (build.status === 'FAILED') return { code: 'DCF-BUILD-FAILED', detail }
  return { code: 'DCF-BUILD-STATUS-UNKNOWN', detail }
}

/** The script's exit status as CodeBuild tells it in the phase's message. */
function exitStatusOf(build: BuildSnapshot): number | undefined {
  for (const phase of build.phases) {
    for (const message of phase.messages) {
      const digits = /exit status (\d{1,3})\b/.exec(message)?.[1]
      if (digits !== undefined) return Number(digits)
    }
  }
  return undefined
}

function describeFailure(build: BuildSnapshot): string {
  const failed = build.phases.filter((phase) => phase.status !== undefined && phase.status !== 'SUCCEEDED')
  const messages = failed.flatMap((phase) =>
    phase.messages.filter((message) => message !== '').map((message) => `${phase.type}: ${message}`),
  )
  return [`The build ended as ${build.status}.`, ...messages].join(' ').slice(0, 2000)
}
