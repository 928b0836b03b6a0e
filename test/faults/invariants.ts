// What must hold in every cell, whatever the fault, and what a cell's expected result means.
import { catalogue } from '../../src/core/catalogue.ts'
import { isLeftStopped, readCommands } from '../printer/runner.ts'
import { buildLines, type CellPlan, type CellRun } from './cell.ts'
import { faultKinds } from './kinds.ts'
import type { Spoiled } from './proxy.ts'

/** `deployed`, `cancelled`, `removed`, `absent`, or the code of the failure. */
export type Expected = string

/** Milliseconds within which every run ends; with a signal, within the runner's 7.5 s. */
const bound = 75_000
const signalBound = 7500

/** Every breach, in words; none if all is well. */
export function findBreaches(plan: CellPlan, run: CellRun, expected: Expected): readonly string[] {
  return [
    ...checkOutcome(run, expected),
    ...checkBuilds(plan, run, expected),
    ...checkSecrets(run),
    ...checkCommands(run),
    ...checkError(run, expected),
    ...checkLog(plan, run, expected),
    ...checkTime(run),
  ]
}

export function isSuccess(expected: Expected): boolean {
  return ['deployed', 'removed', 'absent', 'unchanged'].includes(expected)
}

function checkOutcome({ outputs, exitCode }: CellRun, expected: Expected): readonly string[] {
  const status = outputs.get('status')
  const shown = status === 'failed' || status === 'superseded' ? outputs.get('error-code') : status
  const wrong = []
  if (shown !== expected) wrong.push(`expected ${expected}, it was ${shown}`)
  if (exitCode !== (isSuccess(expected) ? 0 : 1)) wrong.push(`exit code ${exitCode}`)
  if ((outputs.get('function-url') !== undefined) !== (expected === 'deployed'))
    wrong.push(`function-url is ${outputs.get('function-url')}`)
  return wrong
}

function checkBuilds(plan: CellPlan, run: CellRun, expected: Expected): readonly string[] {
  const wrong = []
  if (run.builds.length > 1) wrong.push(`${run.builds.length} builds`)
  if (expected === 'deployed' && run.builds.length !== 1) wrong.push('no build')
  if (!isSuccess(expected) && run.builds.some((build) => (build.passedFence ?? 0) > run.exitedAt))
    wrong.push('a build passed its fence after the step had ended')
  const mayStop = plan.policies === undefined && plan.scenario === 'cancel'
  const isStopBroken = plan.spoiled.some((one) => one.operation === 'StopBuild' && isForEver(one))
  if (mayStop && !isStopBroken && run.builds.some((build) => (build.ended ?? 0) > run.exitedAt + 500))
    wrong.push('a build ran on after the step had ended')
  return wrong
}

function checkSecrets({ stdout, stderr, files, secrets }: CellRun): readonly string[] {
  const everything = [stdout, stderr, files].join('\n')
  return secrets.flatMap((secret) => {
    const spellings = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]
    const found = spellings.find((spelling) => everything.includes(spelling))
    return found === undefined ? [] : [`a secret is shown: ${found.slice(0, 6)}...`]
  })
}

/** Annotations are the only commands of ours. */
function checkCommands({ stdout }: CellRun): readonly string[] {
  const foreign = readCommands(stdout).filter(
    ({ name, line }) =>
      !['error', 'warning', 'notice'].includes(name) || !/^::\w+ (?:.*,)?title=DCF-/.test(line),
  )
  return [
    ...foreign.map(({ line }) => `a command of somebody else's: ${line}`),
    ...(isLeftStopped(stdout) ? ['commands are left switched off'] : []),
  ]
}

/** One annotation that names code, stage and what to do; no stack trace. */
function checkError(run: CellRun, expected: Expected): readonly string[] {
  const { stdout, stderr, summary } = run
  const errors = readCommands(stdout).filter(({ name }) => name === 'error')
  const wrong = []
  if (/^\s+at .*:\d+:\d+\)?$/m.test(stdout + stderr)) wrong.push('a stack trace')
  if (isSuccess(expected)) return [...wrong, ...(errors.length > 0 ? ['an error although it succeeded'] : [])]
  const code = expected === 'cancelled' ? 'DCF-CANCELLED' : expected
  const stage = findStage(code, run)
  const [first] = errors
  if (errors.length !== 1) wrong.push(`${errors.length} errors`)
  if (
    first === undefined ||
    !first.data.startsWith(`${code} (${stage}): `) ||
    first.data.split('%0A').length < 3
  )
    wrong.push(`the error does not say code, stage and remedy: ${first?.data}`)
  if (!summary.includes(code)) wrong.push('the summary does not name the code')
  return wrong
}

/** Some codes can happen anywhere: then the last operation of the run says where. */
function findStage(code: string, { seen }: CellRun): string | undefined {
  if (!/^DCF-(?:THROTTLED|AWS-|CLOCK-SKEW)/.test(code))
    return Object.entries(catalogue).find(([name]) => name === code)?.[1].stage
  if (seen.includes('StartBuild')) return 'start of the build'
  if (seen.includes('PutObject')) return 'upload'
  return seen.includes('GetFunction') ? 'live function' : 'identity'
}

/** With a readable log, each line of the build once and in order. */
function checkLog(plan: CellPlan, { stdout }: CellRun, expected: Expected): readonly string[] {
  const shown = stdout.split('\n').flatMap((line) => /line (\d+) of the build/.exec(line)?.[1] ?? [])
  const hopeless = plan.spoiled.find((one) => one.operation === 'GetLogEvents' && isForEver(one))
  if (hopeless !== undefined) return checkSilentLog(hopeless, stdout, shown.length)
  const all = buildLines.flatMap((line) => /line (\d+)/.exec(line)?.[1] ?? [])
  const wanted = expected === 'deployed' ? all : all.slice(0, shown.length)
  return shown.join() === wanted.join() ? [] : [`lines ${shown.join()} of the build's ${all.join()}`]
}

/** Without a log the run says why, and a missing permission is named. */
function checkSilentLog({ fault }: Spoiled, stdout: string, lines: number): readonly string[] {
  const isDenied = fault === faultKinds['access denied']
  const isSaid = isDenied
    ? /logs:GetLogEvents/.test(stdout)
    : /The end of the log could not be read/.test(stdout)
  return [
    ...(isSaid ? [] : ['it is not said why there is no log']),
    ...(lines > 0 ? ['lines of a log that cannot be read'] : []),
  ]
}

function isForEver({ times, fault }: Spoiled): boolean {
  return (times ?? fault.times) > 1000
}

function checkTime({ took, tookFromSignal }: CellRun): readonly string[] {
  return [
    ...(took > bound ? [`it took ${took} ms`] : []),
    ...(tookFromSignal !== undefined && tookFromSignal > signalBound
      ? [`${tookFromSignal} ms from the signal`]
      : []),
  ]
}
