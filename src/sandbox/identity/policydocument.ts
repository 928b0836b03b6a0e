// A policy document, read strictly: an element that this evaluator does not know is an error, never a pass.
import { isObject, type JsonObject } from '../json.ts'
import { type Condition, readConditions } from './policycondition.ts'
import { PolicyError } from './policyerror.ts'
import { type PrincipalElement, readPrincipal } from './policyprincipal.ts'

/** Where the document stands: it decides which elements a statement must and must not have. */
export type PolicyKind = 'identity' | 'resource' | 'trust'

/** A list of patterns, or everything but them (`NotAction`, `NotResource`). */
export interface PatternElement {
  readonly negated: boolean
  readonly patterns: readonly string[]
}

export interface Statement {
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: PatternElement
  /** Absent in trust policies and in policies that stand at their one resource. */
  readonly resources?: PatternElement
  readonly principal?: PrincipalElement
  readonly conditions: readonly Condition[]
}

export interface Policy {
  readonly statements: readonly Statement[]
  /** Policy variables are text in documents of version 2008-10-17. */
  readonly hasVariables: boolean
}

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement']
const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** Throws PolicyError for whatever IAM would call a malformed policy document. */
export function readPolicyDocument(value: unknown, kind: PolicyKind): Policy {
  if (!isObject(value)) throw new PolicyError('A policy document is a JSON object.')
  refuseUnknown(value, DOCUMENT_ELEMENTS, 'policy document')
  const version = value['Version'] ?? '2008-10-17'
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyError(`Version \`${String(version)}\` is none of 2012-10-17 and 2008-10-17.`)
  }
  const list = Array.isArray(value['Statement']) ? value['Statement'] : [value['Statement']]
  if (list.length === 0) throw new PolicyError('A policy document needs a Statement.')
  return {
    statements: list.map((statement) => readStatement(statement, kind)),
    hasVariables: version === '2012-10-17',
  }
}

function readStatement(value: unknown, kind: PolicyKind): Statement {
  if (!isObject(value)) throw new PolicyError('A Statement is a JSON object.')
  refuseUnknown(value, STATEMENT_ELEMENTS, 'Statement')
  const { Sid: sid, Effect: effect, Condition: condition } = value
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError(`Effect \`${String(effect)}\` is none of Allow and Deny.`)
  if (sid !== undefined && typeof sid !== 'string') throw new PolicyError('A Sid is a text.')
  const actions = readPatterns(value, 'Action', isAction)
  if (actions === undefined) throw new PolicyError('A Statement needs Action or NotAction.')
  const resources = readPatterns(value, 'Resource', isResource)
  const principal = readPrincipal(value)
  checkPlace(kind, resources !== undefined, principal !== undefined)
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    actions,
    ...(resources === undefined ? {} : { resources }),
    ...(principal === undefined ? {} : { principal }),
    conditions: readConditions(condition),
  }
}

function checkPlace(kind: PolicyKind, hasResource: boolean, hasPrincipal: boolean): void {
  if (kind === 'identity' && hasPrincipal)
    throw new PolicyError('Policy document should not specify a principal.')
  if (kind === 'identity' && !hasResource) throw new PolicyError('Policy statement must contain resources.')
  if (kind !== 'identity' && !hasPrincipal) throw new PolicyError('Policy statement must contain principals.')
  if (kind === 'trust' && hasResource) throw new PolicyError('Has prohibited field Resource.')
}

function readPatterns(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  isValid: (pattern: string) => boolean,
): PatternElement | undefined {
  const plain = statement[element]
  const negated = statement[`Not${element}`]
  if (plain !== undefined && negated !== undefined)
    throw new PolicyError(`A Statement holds ${element} or Not${element}, not both.`)
  const value = plain ?? negated
  if (value === undefined) return undefined
  const patterns = readTexts(value, element)
  const wrong = patterns.find((pattern) => !isValid(pattern))
  if (wrong !== undefined) throw new PolicyError(`${element} \`${wrong}\` has not the form of ${element}.`)
  return { negated: plain === undefined, patterns }
}

/** `*`, or a service and a name. */
function isAction(pattern: string): boolean {
  return pattern === '*' || /^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(pattern)
}

/** `*`, or an ARN with its six parts. */
function isResource(pattern: string): boolean {
  return pattern === '*' || (pattern.startsWith('arn:') && pattern.split(':').length >= 6)
}

/** A text or a list of texts; IAM takes no empty list. */
export function readTexts(value: unknown, where: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((item) => typeof item === 'string')
  if (texts.length === 0 || texts.length !== list.length)
    throw new PolicyError(`${where} holds something else than texts.`)
  return texts
}

function refuseUnknown(value: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PolicyError(`\`${unknown}\` is no element of a ${where}.`)
}
