// The forms in which a caller may name a function, and the ARN that policies and answers use.
import { AwsError } from '../../awserror.ts'
import type { World } from '../../world.ts'
import { createValidation, matching, noLongerThan, noShorterThan } from '../constraint.ts'
import type { LambdaFunction } from '../function.ts'

const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?'

/** A function as a caller named it: another account, region or version than ours is kept, to be refused under its own ARN. */
export interface FunctionReference {
  readonly name: string
  readonly arn: string
  /** False for another account, another region or a published version: there is none of these here. */
  readonly isOurs: boolean
}

/** Throws ValidationException for what is no name of a function. */
export function parseReference(given: string, world: World): FunctionReference {
  const validation = createValidation()
  validation.check('functionName', given, noShorterThan(1), noLongerThan(140), matching(PATTERN))
  const match = new RegExp(`^(?:${PATTERN})$`).exec(given)
  const name = match?.[7] ?? given
  validation.check('functionName', name, noLongerThan(64))
  validation.settle('ValidationException')
  const region = match?.[3]?.slice(0, -1) ?? world.region
  const account = match?.[5]?.slice(0, -1) ?? world.account
  const qualifier = match?.[9] === '$LATEST' ? undefined : match?.[9]
  const arn = functionArn(name, { ...world, region, account })
  return {
    name,
    arn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    isOurs: region === world.region && account === world.account && qualifier === undefined,
  }
}

export function functionArn(
  name: string,
  { account, region, partition }: Pick<World, 'account' | 'region' | 'partition'>,
): string {
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
