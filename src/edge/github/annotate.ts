// Annotations on files and on the step: the only commands of ours that reach the runner through the log.
import { join, normalize } from 'node:path/posix'
import { entryOf } from '../../core/catalogue.ts'
import { neutralLines } from '../../core/neutral.ts'
import type { Problem } from '../../core/problem.ts'
import type { Refusal } from '../../core/refusal.ts'
import { explainRefusal, placeOf } from '../../core/words.ts'
import type { Concealer } from '../conceal.ts'
import { formatCommand } from './command.ts'

/** GitHub shows ten annotations of a kind for a step and drops the rest. */
const limit = 10
/** Characters of an annotation that GitHub keeps. */
const length = 4000

export interface AnnotationPlace {
  /** Working directory relative to the root of the repository, with `/`. */
  readonly directory: string
  readonly concealer: Concealer
}

/** One annotation for each problem, ten of a severity at most; the summary has all. */
export function annotateProblems(problems: readonly Problem[], place: AnnotationPlace): void {
  for (const severity of ['error', 'warning', 'notice'] as const) {
    for (const problem of problems.filter((one) => one.severity === severity).slice(0, limit))
      annotate(problem, place)
  }
}

/** Exactly one error annotation for a refusal. */
export function annotateRefusal(refusal: Refusal, { concealer }: AnnotationPlace): void {
  const text = clean(explainRefusal(refusal).join('\n'), concealer)
  process.stdout.write(formatCommand('error', { title: refusal.code }, text))
}

function annotate(problem: Problem, { directory, concealer }: AnnotationPlace): void {
  const where = placeOf(problem)
  const text = `${problem.code} (${entryOf(problem.code).stage})${where === undefined ? '' : ` ${where}`}: ${problem.message}\n${problem.help}`
  const properties = {
    title: problem.code,
    file: problem.file === undefined ? undefined : clean(normalize(join(directory, problem.file)), concealer),
    line: problem.line,
    col: problem.column,
  }
  process.stdout.write(formatCommand(problem.severity, properties, clean(text, concealer)))
}

function clean(text: string, concealer: Concealer): string {
  return text
    .split('\n')
    .flatMap((line) => neutralLines(concealer.conceal(line)))
    .map((line) => concealer.conceal(line))
    .join('\n')
    .slice(0, length)
}
