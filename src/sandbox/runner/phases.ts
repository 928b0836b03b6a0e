// In which order the phases of a build run and how they end, as CodeBuild's table of phase transitions has it.
import type { Buildspec, PhaseName, PhaseSpec } from './buildspec.ts'
import type { BuildListener, PhaseContext, PhaseStatus } from './job.ts'
import type { Shell } from './shell.ts'

export interface PhaseRun {
  readonly spec: Buildspec
  readonly shell: Shell
  readonly listener: BuildListener
  /** Why the build has to end now, if it has to: it was stopped, or its time is over. */
  readonly ending: () => 'STOPPED' | 'TIMED_OUT' | undefined
}

const ORDER: readonly PhaseName[] = ['install', 'pre_build', 'build', 'post_build']

/** Runs the four phases and says how the build stands after them. `aborted` skips UPLOAD_ARTIFACTS. */
export async function runPhases(run: PhaseRun): Promise<{ status: PhaseStatus; aborted: boolean }> {
  let status: PhaseStatus = 'SUCCEEDED'
  for (const name of ORDER) {
    const spec = run.spec.phases.get(name)
    const ended = await runPhase(name, spec, run)
    if (ended === 'STOPPED' || ended === 'TIMED_OUT') return { status: ended, aborted: true }
    if (ended === 'SUCCEEDED') continue
    status = 'FAILED'
    if (spec?.onFailure === 'ABORT') return { status, aborted: true }
    // A failed BUILD is followed by POST_BUILD; a failed INSTALL or PRE_BUILD ends the build unless it is to go on.
    if (spec?.onFailure === 'DEFAULT' && (name === 'install' || name === 'pre_build'))
      return { status, aborted: true }
    await run.shell.run('export CODEBUILD_BUILD_SUCCEEDING=0')
  }
  return { status, aborted: false }
}

async function runPhase(name: PhaseName, spec: PhaseSpec | undefined, run: PhaseRun): Promise<PhaseStatus> {
  const { listener } = run
  const phase = name.toUpperCase()
  listener.phaseStarted(phase)
  if (spec !== undefined) say(run, `Entering phase ${phase}`)
  const contexts: PhaseContext[] = []
  for (const commands of [spec?.commands ?? [], spec?.always ?? []]) {
    const failed = await runCommands(commands, run)
    if (failed !== undefined && contexts.length === 0) contexts.push(failed)
  }
  const ending = run.ending()
  const status = ending ?? (contexts.length === 0 ? 'SUCCEEDED' : 'FAILED')
  const shown = status === 'FAILED' && spec?.onFailure === 'ABORT' ? 'FAILED_WITH_ABORT' : status
  say(run, `Phase complete: ${phase} State: ${shown}`)
  const [context] = contexts
  say(run, `Phase context status code: ${context?.statusCode ?? ''} Message: ${context?.message ?? ''}`)
  listener.phaseEnded(phase, status, ending === undefined ? contexts : [])
  return status
}

/** Runs a list up to the first command that fails. */
async function runCommands(commands: readonly string[], run: PhaseRun): Promise<PhaseContext | undefined> {
  for (const command of commands) {
    if (run.ending() !== undefined) return undefined
    say(run, `Running command ${command.trimEnd()}`)
    const status = await run.shell.run(command)
    if (status !== 0 && run.ending() === undefined) {
      say(run, `Command did not exit successfully ${command.trimEnd()} exit status ${status}`)
      const message = `Error while executing command: ${command}. Reason: exit status ${status}`
      return { statusCode: 'COMMAND_EXECUTION_ERROR', message }
    }
  }
  return undefined
}

function say(run: PhaseRun, text: string): void {
  const stamp = new Date().toISOString().replace(/-/g, '/').replace('T', ' ').slice(0, 23)
  for (const [index, line] of text.split('\n').entries()) {
    run.listener.line(index === 0 ? `[Container] ${stamp} ${line}` : line)
  }
}
