// Reads the members of a JSON request with their types checked, as the front of an AWS service does.
import { AwsError } from '../awserror.ts'

/** The members of one JSON structure. `null` counts as absent. */
export interface Members {
  has(name: string): boolean
  text(name: string): string | undefined
  number(name: string): number | undefined
  flag(name: string): boolean | undefined
  structure(name: string): Members | undefined
  structures(name: string): readonly Members[] | undefined
  texts(name: string): readonly string[] | undefined
  /** A map of texts to texts. */
  map(name: string): Readonly<Record<string, string>> | undefined
  /** The names of all members present. */
  names(): readonly string[]
  /** The structure as it came. */
  plain(): unknown
  /** The whole structure, with its members in the order of their names, for comparing two requests. */
  canonical(): string
}

/** Throws SerializationException for text that is not a JSON object. */
export function parseMembers(text: string): Members {
  let parsed: unknown
  try {
    parsed = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new AwsError('SerializationException', 'Could not parse request body into json.')
  }
  return readMembers(parsed, 'request')
}

function readMembers(value: unknown, where: string): Members {
  if (!isObject(value)) throw wrongType(where, 'a structure')
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined
  return {
    has: (name) => member(name) !== undefined,
    text: (name) => expectText(member(name), name),
    number: (name) => expectNumber(member(name), name),
    flag: (name) => expectFlag(member(name), name),
    structure: (name) => (member(name) === undefined ? undefined : readMembers(member(name), name)),
    structures: (name) => expectList(member(name), name)?.map((item) => readMembers(item, name)),
    texts: (name) => expectList(member(name), name)?.map((item) => expectText(item, name) ?? ''),
    map: (name) => expectMap(member(name), name),
    names: () => Object.keys(value).filter((name) => member(name) !== undefined),
    plain: () => value,
    canonical: () => JSON.stringify(sortMembers(value)),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expectText(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw wrongType(name, 'a String')
}

function expectNumber(value: unknown, name: string): number | undefined {
  if (value === undefined || typeof value === 'number') return value
  throw wrongType(name, 'an Integer')
}

function expectFlag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw wrongType(name, 'a Boolean')
}

function expectList(value: unknown, name: string): readonly unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value
  throw wrongType(name, 'a List')
}

function expectMap(value: unknown, name: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined) return undefined
  if (!isObject(value)) throw wrongType(name, 'a Map')
  const entries = Object.entries(value).map(([key, item]) => [key, expectText(item, `${name}.${key}`) ?? ''])
  return Object.fromEntries(entries)
}

function wrongType(name: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `${name} can not be converted to ${wanted}`)
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sortMembers(value[name])]))
}
