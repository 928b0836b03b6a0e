// The condition operators of IAM: what each compares, and which of them are negations.
import { BlockList, isIP } from 'node:net'
import { PolicyError } from './policyerror.ts'
import { type Context, covers, coversArn, textOf, tokenize } from './policypattern.ts'

export interface Surroundings {
  readonly context: Context
  readonly hasVariables: boolean
}

export interface Comparison {
  readonly negated: boolean
  /** `value` stands in the policy, `given` in the request. */
  matches(value: string, given: string, surroundings: Surroundings): boolean
}

type Matches = Comparison['matches']

const OPERATORS: ReadonlyMap<string, Comparison> = new Map([
  ...withNegation('StringEquals', 'StringNotEquals', equalsText),
  ...withNegation('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsTextIgnoringCase),
  ...withNegation('StringLike', 'StringNotLike', isLike),
  ...withNegation('ArnEquals', 'ArnNotEquals', isLikeArn),
  ...withNegation('ArnLike', 'ArnNotLike', isLikeArn),
  ...withNegation(
    'NumericEquals',
    'NumericNotEquals',
    ofNumbers((value, given) => given === value),
  ),
  ...plain(
    'NumericLessThan',
    ofNumbers((value, given) => given < value),
  ),
  ...plain(
    'NumericLessThanEquals',
    ofNumbers((value, given) => given <= value),
  ),
  ...plain(
    'NumericGreaterThan',
    ofNumbers((value, given) => given > value),
  ),
  ...plain(
    'NumericGreaterThanEquals',
    ofNumbers((value, given) => given >= value),
  ),
  ...withNegation(
    'DateEquals',
    'DateNotEquals',
    ofDates((value, given) => given === value),
  ),
  ...plain(
    'DateLessThan',
    ofDates((value, given) => given < value),
  ),
  ...plain(
    'DateLessThanEquals',
    ofDates((value, given) => given <= value),
  ),
  ...plain(
    'DateGreaterThan',
    ofDates((value, given) => given > value),
  ),
  ...plain(
    'DateGreaterThanEquals',
    ofDates((value, given) => given >= value),
  ),
  ...plain('Bool', equalsFlag),
  ...plain('BinaryEquals', (value, given) => value === given),
  ...withNegation('IpAddress', 'NotIpAddress', isInside),
])

/** Undefined for an unknown operator; `Null` is not here, as it compares nothing. */
export function findComparison(name: string): Comparison | undefined {
  return OPERATORS.get(name)
}

function plain(name: string, matches: Matches): [string, Comparison][] {
  return [[name, { negated: false, matches }]]
}

function withNegation(name: string, negation: string, matches: Matches): [string, Comparison][] {
  return [
    [name, { negated: false, matches }],
    [negation, { negated: true, matches }],
  ]
}

function equalsText(value: string, given: string, { context, hasVariables }: Surroundings): boolean {
  const tokens = tokenize(value, context, hasVariables)
  return tokens !== undefined && textOf(tokens) === given
}

function equalsTextIgnoringCase(value: string, given: string, surroundings: Surroundings): boolean {
  const tokens = tokenize(value, surroundings.context, surroundings.hasVariables)
  return tokens !== undefined && textOf(tokens).toLowerCase() === given.toLowerCase()
}

function isLike(value: string, given: string, { context, hasVariables }: Surroundings): boolean {
  const tokens = tokenize(value, context, hasVariables)
  return tokens !== undefined && covers(tokens, given)
}

function isLikeArn(value: string, given: string, { context, hasVariables }: Surroundings): boolean {
  return coversArn(value, given, context, hasVariables)
}

function equalsFlag(value: string, given: string): boolean {
  const text = value.toLowerCase()
  if (text !== 'true' && text !== 'false')
    throw new PolicyError(`Bool compares with true or false, not \`${value}\`.`)
  return text === given.toLowerCase()
}

function ofNumbers(compare: (value: number, given: number) => boolean): Matches {
  return (value, given) => {
    const wanted = Number(value)
    if (value.trim() === '' || Number.isNaN(wanted)) throw new PolicyError(`\`${value}\` is no number.`)
    const found = given.trim() === '' ? Number.NaN : Number(given)
    return !Number.isNaN(found) && compare(wanted, found)
  }
}

function ofDates(compare: (value: number, given: number) => boolean): Matches {
  return (value, given) => {
    const wanted = readDate(value)
    if (Number.isNaN(wanted)) throw new PolicyError(`\`${value}\` is no date.`)
    const found = readDate(given)
    return !Number.isNaN(found) && compare(wanted, found)
  }
}

/** ISO 8601, or seconds since the epoch; answers milliseconds. */
function readDate(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function isInside(range: string, address: string): boolean {
  const [network = '', prefix] = range.split('/')
  const family = familyOf(network)
  if (family === undefined) throw new PolicyError(`\`${range}\` is no IP address or CIDR range.`)
  const length = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix)
  if (!Number.isInteger(length) || length < 0 || length > (family === 'ipv4' ? 32 : 128))
    throw new PolicyError(`\`${range}\` is no CIDR range.`)
  const list = new BlockList()
  list.addSubnet(network, length, family)
  return familyOf(address) === family && list.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}
