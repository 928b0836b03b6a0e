// How the doctor's findings are told: as lines for a person, and as how the run ended.
import type { Outcome } from '../outcome.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './check.ts'

/** One line a check, with what to do below it. */
export function describeChecks(checks: readonly Check[]): readonly string[] {
  return [...checks.flatMap(describeCheck), '', countChecks(checks)]
}

function describeCheck({ title, verdict, link }: Check): readonly string[] {
  switch (verdict.kind) {
    case 'pass':
      return [`pass   ${title}: ${verdict.detail}`]
    case 'fail':
      return [
        `FAIL   ${title}`,
        `         ${verdict.code}: ${verdict.detail}`,
        `         ${verdict.help}`,
        ...describeStatement(verdict.statement),
        `         ${link}`,
      ]
    case 'unknown':
      return [
        `?      ${title}: ${verdict.reason}`,
        ...(verdict.permission === undefined ? [] : [`         It takes ${verdict.permission}.`]),
        ...describeStatement(verdict.statement),
        `         ${link}`,
      ]
  }
}

function describeStatement(statement: string | undefined): readonly string[] {
  return statement === undefined ? [] : [`         Add: ${statement}`]
}

function countChecks(checks: readonly Check[]): string {
  const count = (kind: Check['verdict']['kind']) =>
    checks.filter(({ verdict }) => verdict.kind === kind).length
  return `${count('pass')} passed, ${count('fail')} failed, ${count('unknown')} could not be told.`
}

/** A finding that stops deployments makes the run a failure with that finding's code. */
export function outcomeOfChecks(checks: readonly Check[]): Outcome {
  const problems = checks.flatMap(toProblem)
  return problems.length === 0 ? { kind: 'planned' } : { kind: 'rejected', problems }
}

function toProblem({ title, verdict }: Check): readonly Problem[] {
  if (verdict.kind !== 'fail') return []
  const statement = verdict.statement === undefined ? '' : ` Add this statement: ${verdict.statement}`
  return [
    {
      code: verdict.code,
      severity: 'error',
      message: `${title}: ${verdict.detail}`,
      help: `${verdict.help}${statement}`,
    },
  ]
}
