// The sentences for problems, refusals and progress; the same in every place that shows them.
import { entryOf } from './catalogue.ts'
import { pageOf } from './diagnosis.ts'
import type { PartialFacts } from './facts.ts'
import type { Outcome } from './outcome.ts'
import type { Problem } from './problem.ts'
import type { Progress } from './progress.ts'
import type { Refusal } from './refusal.ts'

/** `pubspec.yaml:4:8` or undefined. */
export function placeOf(problem: Problem): string | undefined {
  if (problem.file === undefined) return undefined
  return [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
}

/** Stage, cause and remedy of a problem, one a line, and for an error where more is written. */
export function explainProblem(problem: Problem): readonly string[] {
  const place = placeOf(problem)
  return [
    `${problem.severity} ${problem.code} (${entryOf(problem.code).stage})${place === undefined ? '' : ` ${place}`}`,
    `  ${problem.message}`,
    `  ${problem.help}`,
    ...(problem.severity === 'error' ? [`  ${pageOf(problem.code)}`] : []),
  ]
}

/** Stage, what was refused in whose words, cause and remedy of a refusal, one a line, and where more is written. */
export function explainRefusal(refusal: Refusal): readonly string[] {
  const { entry } = refusal
  return [
    `${refusal.code} (${entry.stage}): ${entry.title}.`,
    ...(refusal.detail === '' ? [] : [refusal.detail]),
    entry.cause,
    refusal.help ?? entry.remedy,
    ...(refusal.requestId === undefined ? [] : [`AWS request id: ${refusal.requestId}`]),
    pageOf(refusal.code),
  ]
}

/** The last lines of a run that went well; a failure is told by its annotation or by {@link explainRefusal}. */
export function describeEnd(outcome: Outcome, facts: PartialFacts): readonly string[] {
  const name = facts.functionName ?? 'The function'
  switch (outcome.kind) {
    case 'deployed':
      return [
        `${name} is deployed.`,
        `Function URL: ${facts.functionUrl ?? ''}`,
        'The URL is open to everybody: what must not be public needs authorization in the program.',
      ]
    case 'unchanged':
      return [
        `${name} already is this source and configuration, and answers.`,
        `Function URL: ${facts.functionUrl ?? ''}`,
      ]
    case 'planned':
      return [
        `${name} can be deployed: ${facts.fileCount ?? 0} files, ${spellBytes(facts.artifactBytes ?? 0)} packed.`,
      ]
    case 'removed':
      return [
        `Removed: ${(facts.removed ?? []).join(', ')}.`,
        `Remaining: ${(facts.remaining ?? []).join(', ')}.`,
      ]
    case 'absent':
      return [
        `${name} is not there.`,
        ...((facts.removed ?? []).length > 0 ? [`Removed: ${(facts.removed ?? []).join(', ')}.`] : []),
      ]
    case 'rejected':
    case 'refused':
    case 'superseded':
    case 'cancelled':
      return []
  }
}

/** Whole seconds as people say them: `42 s`, `3 min 5 s`. */
export function spellSeconds(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

export function spellBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** The lines for one piece of progress. Whoever prints them neutralises them: they hold words from outside. */
export function describeProgress(progress: Progress): readonly string[] {
  switch (progress.kind) {
    case 'step':
      return [progress.text]
    case 'note':
      return progress.detail === undefined ? [progress.text] : [progress.text, `  ${progress.detail}`]
    case 'problem':
      return explainProblem(progress.problem)
    case 'phase':
      return [describePhase(progress), ...progress.messages.map((message) => `  ${message}`)]
    case 'log':
      return progress.lines
    case 'waiting':
      return [`Build in ${progress.phase} for ${spellSeconds(progress.seconds)}`]
  }
}

function describePhase(phase: Extract<Progress, { kind: 'phase' }>): string {
  const time = phase.seconds === undefined ? '' : ` after ${spellSeconds(phase.seconds)}`
  return `Phase ${phase.phase} ${phase.status}${time}`
}
