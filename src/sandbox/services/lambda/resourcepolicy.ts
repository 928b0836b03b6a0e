// A function's resource policy, statement by statement: who may invoke it, and under which conditions.
import { AwsError } from '../../awserror.ts'
import type { World } from '../../world.ts'
import { createValidation, matching, noLongerThan, noShorterThan, oneOf } from '../constraint.ts'
import type { LambdaFunction, PolicyStatement } from '../function.ts'
import type { Members } from '../members.ts'
import { conflict, findFunction, invalidParameter, notFound } from './naming.ts'
import type { LambdaOffice } from './office.ts'
import { touch } from './settle.ts'

const SID_PATTERN = '([a-zA-Z0-9-_]+)'

export function addPermission(name: string, input: Members, office: LambdaOffice): unknown {
  const { world, switches } = office
  checkPermission(input)
  const fn = findFunction(name, world)
  const sid = input.text('StatementId') ?? ''
  if (fn.policy.some((statement) => statement.Sid === sid)) {
    throw conflict(
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    )
  }
  const statement = describeStatement(fn, input, world)
  if (statement.Principal === '*' && switches.lambda.blockPublicPolicy) {
    throw new AwsError(
      'PublicPolicyException',
      'Lambda prevented your policy from being created because it would grant public access to your function.',
    )
  }
  fn.policy.push(statement)
  fn.policyChanged = world.clock.now()
  touch(fn, world)
  return { Statement: JSON.stringify(statement) }
}

function checkPermission(input: Members): void {
  const validation = createValidation()
  const { check, require } = validation
  for (const member of ['StatementId', 'Action', 'Principal']) {
    require(member.charAt(0).toLowerCase() + member.slice(1), input.text(member))
  }
  check('statementId', input.text('StatementId'), noShorterThan(1), noLongerThan(100), matching(SID_PATTERN))
  check('action', input.text('Action'), matching('(lambda:[*]|lambda:[a-zA-Z]+|[*])'))
  check('principal', input.text('Principal'), matching('[^\\s]+'))
  check('functionUrlAuthType', input.text('FunctionUrlAuthType'), oneOf(['NONE', 'AWS_IAM']))
  validation.settle('ValidationException')
  if (input.has('FunctionUrlAuthType') && input.text('Action') !== 'lambda:InvokeFunctionUrl') {
    throw invalidParameter('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action')
  }
  if (input.has('InvokedViaFunctionUrl') && input.text('Action') !== 'lambda:InvokeFunction') {
    throw invalidParameter('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action')
  }
}

function describeStatement(fn: LambdaFunction, input: Members, world: World): PolicyStatement {
  const conditions = describeConditions(input)
  return {
    Sid: input.text('StatementId') ?? '',
    Effect: 'Allow',
    Principal: describePrincipal(input.text('Principal') ?? '', world),
    Action: input.text('Action') ?? '',
    Resource: fn.arn,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  }
}

function describePrincipal(principal: string, { partition }: World): PolicyStatement['Principal'] {
  if (principal === '*') return '*'
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` }
  if (principal.startsWith('arn:')) return { AWS: principal }
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal }
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.')
}

/** Parameters of AddPermission with the condition that Lambda makes of each. */
function describeConditions(input: Members): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const equals: Record<string, string> = {}
  const authType = input.text('FunctionUrlAuthType')
  if (authType !== undefined) equals['lambda:FunctionUrlAuthType'] = authType
  const account = input.text('SourceAccount')
  if (account !== undefined) equals['AWS:SourceAccount'] = account
  const organization = input.text('PrincipalOrgID')
  if (organization !== undefined) equals['aws:PrincipalOrgID'] = organization
  const source = input.text('SourceArn')
  const viaUrl = input.flag('InvokedViaFunctionUrl')
  return {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(viaUrl === undefined ? {} : { Bool: { 'lambda:InvokedViaFunctionUrl': String(viaUrl) } }),
    ...(source === undefined ? {} : { ArnLike: { 'AWS:SourceArn': source } }),
  }
}

export function removePermission(name: string, sid: string, office: LambdaOffice): void {
  const validation = createValidation()
  validation.check('statementId', sid, noShorterThan(1), noLongerThan(100), matching('([a-zA-Z0-9-_.]+)'))
  validation.settle('ValidationException')
  const fn = findFunction(name, office.world)
  if (fn.policy.length === 0) throw notFound('No policy is associated with the given resource.')
  const index = fn.policy.findIndex((statement) => statement.Sid === sid)
  if (index < 0) throw notFound(`Statement ${sid} is not found in resource policy.`)
  fn.policy.splice(index, 1)
  touch(fn, office.world)
}

export function getPolicy(name: string, { world }: LambdaOffice): unknown {
  const fn = findFunction(name, world)
  if (fn.policy.length === 0) throw notFound('The resource you requested does not exist.')
  return { Policy: JSON.stringify(policyDocument(fn)), RevisionId: fn.revisionId }
}

/** The whole policy as a document; Lambda calls it `default`. */
export function policyDocument(fn: LambdaFunction): unknown {
  return { Version: '2012-10-17', Id: 'default', Statement: fn.policy }
}
