// One pattern of a .dockerignore as Docker's own matcher understands it, which is not how git would.
import { compileExpression, type Expression, matchesExpression } from './regular.ts'

export interface Pattern {
  /** Cleaned, and without the `!`. */
  readonly text: string
  /** True for `!pattern`, which takes back in. */
  readonly isException: boolean
  /** True if it matches this very path; folders above are the caller's to ask about. */
  matches(path: string): boolean
  /** The one path that it matches, where it is free of wildcards. */
  readonly literal?: string
}

export type PatternReading =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }

/** Reads one line, without its line break and byte order mark. */
export function readPattern(line: string): PatternReading {
  if (line.startsWith('#')) return { kind: 'none' }
  const trimmed = trimSpace(line)
  if (trimmed === '') return { kind: 'none' }
  // Docker cleans a line twice, in reading it and in using it, so that `/!x` takes back in and `x /` is `x`.
  const isMarked = trimmed.startsWith('!')
  const body = isMarked ? trimSpace(trimmed.slice(1)) : trimmed
  const unrooted = body === '' ? '' : cleanPath(body).replace(/^\/(?=.)/, '')
  const again = trimSpace(isMarked ? `!${unrooted}` : unrooted)
  if (again === '') return { kind: 'none' }
  const cleaned = cleanPath(again)
  const isException = cleaned.startsWith('!')
  const text = isException ? cleaned.slice(1) : cleaned
  if (text === '') return { kind: 'invalid', reason: '`!` alone takes nothing back in' }
  if (!isWellFormed(text))
    return { kind: 'invalid', reason: 'a bracket or a backslash in it is not finished' }
  const matcher = compile(text)
  if (matcher === undefined)
    return { kind: 'invalid', reason: 'Docker cannot read a bracket or an escape in it' }
  return { kind: 'pattern', pattern: { text, isException, ...matcher } }
}

type Matcher = Pick<Pattern, 'matches' | 'literal'>

/**
 * Docker turns a pattern into an expression step by step and takes a shortcut where none is needed. The shortcuts are
 * part of the meaning: `**x` ends in `x`, while `a**x` wants a folder boundary before `x`.
 */
function compile(text: string): Matcher | undefined {
  const { kind, source } = translate([...text])
  switch (kind) {
    case 'exact':
      return { matches: (path) => path === text, literal: text }
    case 'prefix':
      return { matches: (path) => path.startsWith(text.slice(0, -2)) }
    case 'suffix': {
      const suffix = text.slice(2)
      return {
        matches: (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1)),
      }
    }
    case 'expression': {
      const expression: Expression | undefined = compileExpression(source)
      return expression && { matches: (path) => matchesExpression(expression, path) }
    }
  }
}

interface Translation {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'expression'
  readonly source: string
}

function translate(characters: readonly string[]): Translation {
  let kind: Translation['kind'] = 'exact'
  let source = ''
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? ''
    if (character === '*' && characters[at + 1] === '*') {
      const isFirst = at === 0
      at += characters[at + 2] === '/' ? 2 : 1
      const isLast = at + 1 >= characters.length
      source += isLast ? '.*' : '(.*/)?'
      kind = isFirst ? 'suffix' : isLast && kind === 'exact' ? 'prefix' : 'expression'
    } else if (character === '\\') {
      at += 1
      source += `\\${characters[at] ?? ''}`
      kind = 'expression'
    } else {
      source += translateCharacter(character)
      if ('*?[]'.includes(character)) kind = 'expression'
    }
  }
  return { kind, source }
}

function translateCharacter(character: string): string {
  if (character === '*') return '[^/]*'
  if (character === '?') return '[^/]'
  // Docker means to escape `|`, `{` and `}` as well, but its table is too short for them.
  return '.+()$'.includes(character) ? `\\${character}` : character
}

/**
 * Finished brackets without an open range, and no backslash at the end. Docker looks for that too, but gives up at the
 * first star that does not fit; what it overlooks never does what was meant.
 */
function isWellFormed(text: string): boolean {
  let rest = [...text]
  while (rest.length > 0) {
    const [first] = rest
    if (first === '\\' && rest.length === 1) return false
    if (first !== '[') {
      rest = rest.slice(first === '\\' ? 2 : 1)
      continue
    }
    const length = /^\[(?:\^|(?!\^))(?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+\]/su.exec(rest.join(''))?.[0]
    if (length === undefined) return false
    rest = rest.slice([...length].length)
  }
  return true
}

/** Go's `filepath.Clean` on a machine whose separator is `/`. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!isRooted) parts.push('..')
  }
  const joined = parts.join('/')
  return isRooted ? `/${joined}` : joined || '.'
}

/** Go's `strings.TrimSpace`: other than JavaScript's, it takes U+0085 and leaves the byte order mark. */
export function trimSpace(text: string): string {
  const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
  return text.replace(new RegExp(`^${space}+`), '').replace(new RegExp(`${space}+$`), '')
}
