// The constraints of AWS's service models, with the sentences in which its services report them, all at once.
import { AwsError } from '../awserror.ts'

/** What is wrong with a value, or undefined when it fits. */
export type Constraint = (value: string | number) => string | undefined

export function atLeast(minimum: number): Constraint {
  return (value) =>
    typeof value === 'number' && value < minimum
      ? `Member must have value greater than or equal to ${minimum}`
      : undefined
}

export function atMost(maximum: number): Constraint {
  return (value) =>
    typeof value === 'number' && value > maximum
      ? `Member must have value less than or equal to ${maximum}`
      : undefined
}

export function noLongerThan(length: number): Constraint {
  return (value) =>
    typeof value === 'string' && value.length > length
      ? `Member must have length less than or equal to ${length}`
      : undefined
}

export function noShorterThan(length: number): Constraint {
  return (value) =>
    typeof value === 'string' && value.length < length
      ? `Member must have length greater than or equal to ${length}`
      : undefined
}

export function matching(pattern: string): Constraint {
  const expression = new RegExp(`^(?:${pattern})$`)
  return (value) =>
    typeof value === 'string' && !expression.test(value)
      ? `Member must satisfy regular expression pattern: ${pattern}`
      : undefined
}

export function oneOf(values: readonly string[]): Constraint {
  return (value) =>
    typeof value === 'string' && !values.includes(value)
      ? `Member must satisfy enum value set: [${values.join(', ')}]`
      : undefined
}

/** Collects what is wrong with a request; `settle` throws it all as one error. */
export interface Validation {
  check(name: string, value: string | number | undefined, ...constraints: readonly Constraint[]): void
  require(name: string, value: unknown): void
  settle(code: string): void
}

export function createValidation(): Validation {
  const wrong: string[] = []
  const add = (shown: string, name: string, complaint: string): void => {
    wrong.push(`Value ${shown} at '${name}' failed to satisfy constraint: ${complaint}`)
  }
  return {
    check: (name, value, ...constraints) => {
      if (value === undefined) return
      for (const constraint of constraints) {
        const complaint = constraint(value)
        if (complaint !== undefined) add(`'${value}'`, name, complaint)
      }
    },
    require: (name, value) => {
      if (value === undefined) add('null', name, 'Member must not be null')
    },
    settle: (code) => {
      if (wrong.length === 0) return
      const noun = wrong.length === 1 ? 'error' : 'errors'
      throw new AwsError(code, `${wrong.length} validation ${noun} detected: ${wrong.join('; ')}`)
    },
  }
}
