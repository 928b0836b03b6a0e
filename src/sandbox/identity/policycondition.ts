// The Condition element: reading it, and judging it against the values of a request.
import { isObject } from '../json.ts'
import { type Comparison, findComparison } from './policycomparison.ts'
import { PolicyError } from './policyerror.ts'
import type { Context } from './policypattern.ts'

export interface Condition {
  /** As written, for example `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly quantifier: 'none' | 'any' | 'all'
  readonly ifExists: boolean
  readonly test: { readonly kind: 'null' } | { readonly kind: 'compare'; readonly comparison: Comparison }
}

/** Throws PolicyError for an operator that is not known. */
export function readConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return []
  if (!isObject(value)) throw new PolicyError('Condition is a JSON object.')
  return Object.entries(value).flatMap(([operator, keys]) => {
    const read = readOperator(operator)
    if (!isObject(keys)) throw new PolicyError(`Condition \`${operator}\` is a JSON object.`)
    return Object.entries(keys).map(([key, values]) => ({
      ...read,
      key: key.toLowerCase(),
      values: readValues(values, operator),
    }))
  })
}

function readOperator(operator: string): Omit<Condition, 'key' | 'values'> {
  const match = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/.exec(operator)
  const name = match?.[2] ?? ''
  const comparison = findComparison(name)
  if (name !== 'Null' && comparison === undefined)
    throw new PolicyError(`\`${operator}\` is no condition operator that is known here.`)
  if (name === 'Null' && match?.[3] !== undefined)
    throw new PolicyError('Null cannot be combined with IfExists.')
  return {
    operator,
    quantifier: match?.[1] === 'ForAnyValue' ? 'any' : match?.[1] === 'ForAllValues' ? 'all' : 'none',
    ifExists: match?.[3] !== undefined,
    test: comparison === undefined ? { kind: 'null' } : { kind: 'compare', comparison },
  }
}

function readValues(value: unknown, operator: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) throw new PolicyError(`Condition \`${operator}\` compares with nothing.`)
  return list.map((item) => {
    if (typeof item === 'string') return item
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    throw new PolicyError(
      `Condition \`${operator}\` compares with something else than texts, numbers and booleans.`,
    )
  })
}

/** Whether every condition of a statement holds. Throws PolicyError for a value that the operator cannot compare with. */
export function holdAll(conditions: readonly Condition[], context: Context, hasVariables: boolean): boolean {
  return conditions.every((condition) => holds(condition, context, hasVariables))
}

function holds(condition: Condition, context: Context, hasVariables: boolean): boolean {
  const given = context.get(condition.key)
  const isMissing = given === undefined || given.length === 0
  if (condition.test.kind === 'null') return condition.values.some((value) => readFlag(value) === isMissing)
  const { comparison } = condition.test
  if (isMissing) return isHeldByNothing(condition, comparison)
  const passes = (text: string): boolean => {
    const equals = condition.values.some((value) =>
      comparison.matches(value, text, { context, hasVariables }),
    )
    return comparison.negated ? !equals : equals
  }
  if (condition.quantifier === 'any') return given.some(passes)
  if (condition.quantifier === 'all' || comparison.negated) return given.every(passes)
  return given.some(passes)
}

/** IAM: a missing key fails the operator, unless it is a negated one, has IfExists or asks about all (none) of its values. */
function isHeldByNothing(condition: Condition, comparison: Comparison): boolean {
  if (condition.ifExists || condition.quantifier === 'all') return true
  return condition.quantifier === 'none' && comparison.negated
}

function readFlag(value: string): boolean {
  const text = value.toLowerCase()
  if (text !== 'true' && text !== 'false')
    throw new PolicyError(`Null compares with true or false, not \`${value}\`.`)
  return text === 'true'
}
