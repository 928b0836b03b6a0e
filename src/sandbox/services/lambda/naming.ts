// The forms in which a caller may name a function, and the ARN that policies and answers use.
import { AwsError } from '../../awserror.ts'
import type { World } from '../../world.ts'
import { createValidation, matching, noLongerThan, noShorterThan } from '../constraint.ts'
import type { LambdaFunction } from '../function.ts'

const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?'

/** Name without account, region and qualifier. Throws ValidationException for what is no name of a function. */
export function plainName(given: string): string {
  const validation = createValidation()
  validation.check('functionName', given, noShorterThan(1), noLongerThan(140), matching(PATTERN))
  validation.settle('ValidationException')
  const name = new RegExp(`^(?:${PATTERN})$`).exec(given)?.[7] ?? given
  if (name.length <= 64) return name
  const message = `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`
  throw new AwsError('ValidationException', message)
}

export function functionArn(name: string, { account, region, partition }: World): string {
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`
}

export function findFunction(name: string, world: World): LambdaFunction {
  const fn = world.functions.get(name)
  if (fn === undefined) throw notFound(`Function not found: ${functionArn(name, world)}`)
  return fn
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404)
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, 409)
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message)
}
