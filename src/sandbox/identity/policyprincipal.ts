// Who a statement speaks of: Principal and NotPrincipal of resource and trust policies.
import { isObject, type JsonObject } from '../json.ts'
import { PolicyError } from './policyerror.ts'

/** Who asks, as policies see it. */
export type Principal =
  | { readonly kind: 'session'; readonly account: string; readonly roleArn: string; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated'; readonly arn: string }
  | { readonly kind: 'anonymous' }

export interface PrincipalElement {
  readonly negated: boolean
  /** True for `"*"` and `{ "AWS": "*" }`. */
  readonly everyone: boolean
  readonly aws: readonly string[]
  readonly service: readonly string[]
  readonly federated: readonly string[]
}

/**
 * How a principal is named. `account` is its account as a whole: in the same account that leaves the decision to the
 * identity policies, so it denies but does not allow by itself.
 */
export type Naming = 'none' | 'account' | 'role' | 'session'

/** Reads Principal or NotPrincipal; undefined when the statement has neither. */
export function readPrincipal(statement: JsonObject): PrincipalElement | undefined {
  const { Principal: plain, NotPrincipal: negated } = statement
  if (plain !== undefined && negated !== undefined)
    throw new PolicyError('A Statement holds Principal or NotPrincipal, not both.')
  const value = plain ?? negated
  if (value === undefined) return undefined
  const isNegated = plain === undefined
  if (value === '*') return { negated: isNegated, everyone: true, aws: [], service: [], federated: [] }
  if (!isObject(value)) throw new PolicyError('Principal is `*` or an object.')
  const unknown = Object.keys(value).find((name) => !['AWS', 'Service', 'Federated'].includes(name))
  if (unknown !== undefined)
    throw new PolicyError(`\`${unknown}\` is no kind of Principal that is known here.`)
  const aws = readNames(value['AWS'], 'AWS')
  return {
    negated: isNegated,
    everyone: aws.includes('*'),
    aws: aws.filter((name) => name !== '*'),
    service: readNames(value['Service'], 'Service'),
    federated: readNames(value['Federated'], 'Federated'),
  }
}

function readNames(value: unknown, kind: string): readonly string[] {
  if (value === undefined) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const names = list.filter((name) => typeof name === 'string')
  if (names.length !== list.length || names.length === 0)
    throw new PolicyError(`Principal ${kind} holds something else than texts.`)
  const wildcard = names.find((name) => name.includes('*') && !(kind === 'AWS' && name === '*'))
  // IAM: a wildcard cannot match part of a principal's name or ARN.
  if (wildcard !== undefined) throw new PolicyError(`Invalid principal in policy: \`${wildcard}\`.`)
  return names
}

/** How the element names the principal; with NotPrincipal, `role` stands for "everybody but". */
export function namePrincipal(element: PrincipalElement, principal: Principal): Naming {
  const naming = namePlainly(element, principal)
  if (!element.negated) return naming
  return naming === 'none' ? 'role' : 'none'
}

function namePlainly(element: PrincipalElement, principal: Principal): Naming {
  switch (principal.kind) {
    case 'session':
      if (element.aws.includes(principal.arn)) return 'session'
      if (element.everyone || element.aws.includes(principal.roleArn)) return 'role'
      return element.aws.some((name) => isAccount(name, principal.account)) ? 'account' : 'none'
    case 'service':
      return element.everyone || element.service.includes(principal.name) ? 'role' : 'none'
    case 'federated':
      return element.everyone || element.federated.includes(principal.arn) ? 'role' : 'none'
    case 'anonymous':
      return element.everyone ? 'role' : 'none'
  }
}

function isAccount(name: string, account: string): boolean {
  return name === account || new RegExp(`^arn:[a-z-]+:iam::${account}:root$`).test(name)
}
