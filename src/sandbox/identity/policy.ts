// The policy evaluator: whether policies let a principal do something to a resource, and if not, which kind of policy stands in the way.
import { holdAll } from './policycondition.ts'
import type { PatternElement, Policy, Statement } from './policydocument.ts'
import { type Context, covers, coversArn, tokenize } from './policypattern.ts'
import { type Naming, namePrincipal, type Principal } from './policyprincipal.ts'

export interface Question {
  readonly principal: Principal
  readonly action: string
  readonly resource: string
  readonly context: Context
}

/** What one document says: an explicit Deny, an Allow with the way it names the principal, or nothing. */
export interface Verdict {
  readonly denied: boolean
  readonly allowed: boolean
  /** True when an Allow names the very session, which a session policy then does not cut down. */
  readonly allowsSession: boolean
}

export interface PolicySet {
  readonly identity: readonly Policy[]
  readonly session?: Policy
  readonly resource?: Policy
  /** The resource belongs to another account, whose policy must allow as well. */
  readonly foreign?: boolean
}

export type Decision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly by: 'identity-based' | 'resource-based' | 'session' }
  | { readonly kind: 'missing'; readonly from: 'identity-based' | 'resource-based' | 'session' }

/**
 * Decides as IAM does: an explicit Deny anywhere wins; an Allow of the role or of the resource is needed (of both between accounts);
 * a session policy cuts both down, but not what a resource's policy gives to the session by name.
 */
export function decide(question: Question, policies: PolicySet): Decision {
  const identity = weigh(policies.identity, question)
  const resource = weigh(policies.resource === undefined ? [] : [policies.resource], question)
  const session = policies.session === undefined ? undefined : weigh([policies.session], question)
  if (identity.denied) return { kind: 'denied', by: 'identity-based' }
  if (resource.denied) return { kind: 'denied', by: 'resource-based' }
  if (session?.denied === true) return { kind: 'denied', by: 'session' }
  if (policies.foreign === true) {
    if (!resource.allowed) return { kind: 'missing', from: 'resource-based' }
    if (!identity.allowed) return { kind: 'missing', from: 'identity-based' }
  }
  if (resource.allowsSession) return { kind: 'allowed' }
  if (!identity.allowed && !resource.allowed) return { kind: 'missing', from: 'identity-based' }
  if (session?.allowed === false) return { kind: 'missing', from: 'session' }
  return { kind: 'allowed' }
}

/** What some documents of one kind say together. Throws PolicyError for a condition that cannot be judged. */
export function weigh(policies: readonly Policy[], question: Question): Verdict {
  let denied = false
  let allowed = false
  let allowsSession = false
  for (const policy of policies) {
    for (const statement of policy.statements) {
      const naming = applies(statement, question, policy.hasVariables)
      if (naming === 'none') continue
      if (statement.effect === 'Deny') denied = true
      else if (naming !== 'account') allowed = true
      if (statement.effect === 'Allow' && naming === 'session') allowsSession = true
    }
  }
  return { denied, allowed, allowsSession }
}

function applies(statement: Statement, question: Question, hasVariables: boolean): Naming {
  const naming =
    statement.principal === undefined ? 'role' : namePrincipal(statement.principal, question.principal)
  if (naming === 'none') return 'none'
  if (!matchesAction(statement.actions, question.action)) return 'none'
  if (!matchesResource(statement.resources, question, hasVariables)) return 'none'
  return holdAll(statement.conditions, question.context, hasVariables) ? naming : 'none'
}

/** Actions do not mind case, and hold no variables. */
function matchesAction({ negated, patterns }: PatternElement, action: string): boolean {
  const text = action.toLowerCase()
  const some = patterns.some((pattern) => {
    const tokens = tokenize(pattern.toLowerCase(), new Map(), false)
    return tokens !== undefined && covers(tokens, text)
  })
  return some !== negated
}

function matchesResource(
  resources: PatternElement | undefined,
  { resource, context }: Question,
  hasVariables: boolean,
): boolean {
  if (resources === undefined) return true
  const some = resources.patterns.some((pattern) => coversArn(pattern, resource, context, hasVariables))
  return some !== resources.negated
}
