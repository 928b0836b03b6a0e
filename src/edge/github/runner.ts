// The runner's files: the event that it gives, and the outputs, state and summary that it takes.
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import type { Outputs } from '../../core/outputs.ts'
import { Refusal } from '../../core/refusal.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The texts of the inputs as the runner passes them; absent inputs are undefined. */
export function readInputs(
  names: readonly string[],
  environment: Environment,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    names.map((name) => [name, environment[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`]]),
  )
}

/** The event's payload; undefined if there is none or it is not JSON. */
export function readPayload(environment: Environment): unknown {
  const path = environment['GITHUB_EVENT_PATH']
  if (path === undefined || path === '') return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Appends outputs to GITHUB_OUTPUT. Throws Refusal if that file cannot be written. */
export function writeOutputs(outputs: Outputs, environment: Environment): void {
  appendValues('GITHUB_OUTPUT', outputs, environment)
}

/** Keeps a value for `runs.post`. Throws Refusal if GITHUB_STATE cannot be written. */
export function writeState(name: string, value: string, environment: Environment): void {
  appendValues('GITHUB_STATE', { [name]: value }, environment)
}

export function readState(name: string, environment: Environment): string {
  return environment[`STATE_${name}`] ?? ''
}

/** Appends Markdown to the job summary; false if there is none to write to. */
export function writeSummary(markdown: string, environment: Environment): boolean {
  const path = environment['GITHUB_STEP_SUMMARY']
  if (path === undefined || path === '') return false
  try {
    appendFileSync(path, markdown)
    return true
  } catch {
    return false
  }
}

/** Each value between lines of a random delimiter, so that no value can end itself and set another. */
function appendValues(file: string, values: Outputs, environment: Environment): void {
  const path = environment[file]
  const text = Object.entries(values).map(([name, value]) => {
    const end = `dcf_${randomBytes(16).toString('hex')}`
    return `${name}<<${end}\n${value}\n${end}\n`
  })
  try {
    if (path === undefined || path === '') throw new Error('it is not set')
    if (text.length > 0) appendFileSync(path, text.join(''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refusal('DCF-RUNNER-FILE', { detail: `${file} cannot be written: ${reason}` })
  }
}
