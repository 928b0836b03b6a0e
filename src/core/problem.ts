// What is wrong with the inputs or the repository, as data. The words of each code stand in the catalogue.
import type { Code } from './catalogue.ts'

export type Severity = 'error' | 'warning' | 'notice'

/** One thing that is wrong, for whoever has to mend it. `line` and `column` count from 1. */
export interface Problem {
  readonly code: Code
  readonly severity: Severity
  /** What was found and what was expected, with the found text in backticks. */
  readonly message: string
  /** What to do now; a line to write stands in it word for word. */
  readonly help: string
  /** Path relative to the working directory, with `/`. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** True if none of the problems stops the deployment. */
export function isDeployable(problems: readonly Problem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error')
}
