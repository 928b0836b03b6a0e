// Resolves variables in a Dockerfile as far as the file itself says what they are.

/** A value of `undefined` means declared, but known only to the build. */
export type Variables = ReadonlyMap<string, string | undefined>

/** What Docker itself sets, for a build on and for linux/amd64. */
export const platformVariables: Variables = new Map([
  ['BUILDPLATFORM', 'linux/amd64'],
  ['BUILDOS', 'linux'],
  ['BUILDARCH', 'amd64'],
  ['TARGETPLATFORM', 'linux/amd64'],
  ['TARGETOS', 'linux'],
  ['TARGETARCH', 'amd64'],
])

const reference = /\\(.)|\$(?:(\w+)|\{(\w+)(?:(:?[-+?])((?:[^{}]|\$\{[^{}]*\})*))?\})/g

/** The text with its variables replaced; undefined if one of them is known only to the build. */
export function expandVariables(text: string, variables: Variables): string | undefined {
  let isKnown = true
  const expanded = text.replace(reference, (...parts: unknown[]) => {
    const [whole, escaped, plain, braced, operator, word] = parts.map((part) =>
      typeof part === 'string' ? part : undefined,
    )
    if (escaped !== undefined) return escaped
    const value = resolve({ name: plain ?? braced ?? '', operator, word: word ?? '' }, variables)
    if (value === undefined) isKnown = false
    return value ?? whole ?? ''
  })
  return isKnown ? expanded : undefined
}

interface Reference {
  readonly name: string
  readonly operator: string | undefined
  readonly word: string
}

function resolve({ name, operator, word }: Reference, variables: Variables): string | undefined {
  const isDeclared = variables.has(name)
  const value = variables.get(name)
  if (operator === undefined || operator.endsWith('?'))
    return isDeclared ? value : operator === undefined ? '' : undefined
  const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
  if (operator.endsWith('-')) return isSet ? value : expandVariables(word, variables)
  return isSet ? expandVariables(word, variables) : ''
}

/** The pairs of an ARG or ENV line. A name without a value comes with `undefined`. */
export function readAssignments(text: string): readonly (readonly [string, string | undefined])[] {
  if (/^\w+\s+[^=]*$/.test(text) && !text.includes('=')) {
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/s.exec(text) ?? []
    return [[name, unquote(value)]]
  }
  const pairs = text.matchAll(/([\w.-]+)(?:=((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])*))?/gs)
  return [...pairs].map(
    ([, name = '', value]) => [name, value === undefined ? undefined : unquote(value)] as const,
  )
}

function unquote(text: string): string {
  return text.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'/gs,
    (_whole, double?: string, single?: string) => double ?? single ?? '',
  )
}
