// Patterns of policies: `*` and `?`, policy variables, and ARNs compared part by part.

/** Values of condition keys, by lower-case name. */
export type Context = ReadonlyMap<string, readonly string[]>

/** Lower-cases the names, because condition keys do not mind case. */
export function createContext(values: Readonly<Record<string, readonly string[]>>): Context {
  return new Map(Object.entries(values).map(([key, list]) => [key.toLowerCase(), list]))
}

/** One UTF-16 unit of a pattern: text, or a wildcard. */
type Token = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'many' | 'one' }

const VARIABLE = /\$\{([^}]*)\}/y

/**
 * Puts policy variables in: `${aws:userid}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves.
 * Answers undefined when a variable has no value: AWS then lets the statement match nothing.
 */
export function tokenize(
  pattern: string,
  context: Context,
  hasVariables: boolean,
): readonly Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; ) {
    VARIABLE.lastIndex = at
    const variable = hasVariables ? VARIABLE.exec(pattern) : null
    if (variable !== null) {
      const text = resolveVariable(variable[1] ?? '', context)
      if (text === undefined) return undefined
      for (const unit of text.split('')) tokens.push({ kind: 'text', text: unit })
      at += variable[0].length
      continue
    }
    tokens.push(tokenOf(pattern.charAt(at)))
    at += 1
  }
  return tokens
}

function tokenOf(character: string): Token {
  if (character === '*') return { kind: 'many' }
  if (character === '?') return { kind: 'one' }
  return { kind: 'text', text: character }
}

function resolveVariable(inside: string, context: Context): string | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const match = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside)
  const values = context.get((match?.[1] ?? '').toLowerCase())
  return values?.length === 1 ? values[0] : match?.[2]
}

/** The pattern as plain text, its wildcards taken literally, as StringEquals does. */
export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => (token.kind === 'text' ? token.text : token.kind === 'many' ? '*' : '?'))
    .join('')
}

/**
 * Whether the pattern covers the whole text. The walk goes back to the last `*` only, so that a hostile pattern costs
 * length times length at most.
 */
export function covers(pattern: readonly Token[], text: string): boolean {
  let at = 0
  let token = 0
  let star = -1
  let mark = 0
  while (at < text.length) {
    const one = pattern[token]
    if (one?.kind === 'many') {
      star = token
      mark = at
      token += 1
    } else if (one !== undefined && coversUnit(one, text.charAt(at))) {
      token += 1
      at += 1
    } else if (star >= 0) {
      mark += 1
      at = mark
      token = star + 1
    } else {
      return false
    }
  }
  return pattern.slice(token).every((one) => one.kind === 'many')
}

function coversUnit(token: Token, unit: string): boolean {
  return token.kind === 'one' || (token.kind === 'text' && token.text === unit)
}

/** Whether an ARN pattern covers an ARN: five parts between colons, each for itself, and the resource with its own colons. */
export function coversArn(pattern: string, arn: string, context: Context, hasVariables: boolean): boolean {
  if (pattern === '*') return true
  const wanted = splitArn(pattern)
  const given = splitArn(arn)
  if (wanted.length !== 6 || given.length !== 6) return false
  return wanted.every((part, index) => {
    const tokens = tokenize(part, context, hasVariables)
    return tokens !== undefined && covers(tokens, given[index] ?? '')
  })
}

/** The six parts of an ARN, or none; colons inside a policy variable do not divide. */
function splitArn(arn: string): readonly string[] {
  const parts: string[] = []
  let rest = arn
  while (parts.length < 5) {
    const match = /^((?:[^:$]|\$\{[^}]*\}|\$(?!\{))*):/.exec(rest)
    if (match === null) return []
    parts.push(match[1] ?? '')
    rest = rest.slice(match[0].length)
  }
  return [...parts, rest]
}
