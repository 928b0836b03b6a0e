// Matches the small regular expressions that Docker makes of ignore patterns, in time that grows with
// pattern times path and never faster: JavaScript's own engine would take exponential time on `*a*a*a*b`.

type Test = (character: string) => boolean

type Atom =
  /** One character; with `isRepeated` any number of them. */
  | { readonly kind: 'character'; readonly test: Test; readonly isRepeated: boolean }
  /** `(.*\/)?`: any folders, or none. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'start' }

export type Expression = readonly Atom[]

const posixClasses = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['ascii', /[\0-\x7f]/],
  ['blank', /[\t ]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t\n\v\f\r ]/],
  ['upper', /[A-Z]/],
  ['word', /[0-9A-Za-z_]/],
  ['xdigit', /[0-9A-Fa-f]/],
])

const perlClasses = new Map([
  ['d', /[0-9]/],
  ['D', /[^0-9]/],
  ['s', /[\t\n\f\r ]/],
  ['S', /[^\t\n\f\r ]/],
  ['w', /[0-9A-Za-z_]/],
  ['W', /[^0-9A-Za-z_]/],
])

const controls = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

interface Reader {
  readonly characters: readonly string[]
  at: number
}

/** Compiles the expression; undefined if Go's `regexp` would refuse it. */
export function compileExpression(source: string): Expression | undefined {
  const reader: Reader = { characters: [...source], at: 0 }
  const atoms: Atom[] = []
  while (reader.at < reader.characters.length) {
    const atom = readAtom(reader)
    if (atom === undefined) return undefined
    atoms.push(atom)
  }
  return atoms
}

function readAtom(reader: Reader): Atom | undefined {
  const folders = '(.*/)?'
  if (reader.characters.slice(reader.at, reader.at + folders.length).join('') === folders) {
    reader.at += folders.length
    return { kind: 'folders' }
  }
  const character = take(reader)
  if (character === '^') return { kind: 'start' }
  const test = character === '[' ? readClass(reader) : readTest(reader, character)
  if (test === undefined) return undefined
  const isRepeated = reader.characters[reader.at] === '*'
  if (isRepeated) reader.at += 1
  return { kind: 'character', test, isRepeated }
}

function readTest(reader: Reader, character: string): Test | undefined {
  if (character === '.') return (other) => other !== '\n'
  if (character === '\\') return readEscape(reader)
  return (other) => other === character
}

/** Behind a backslash: punctuation stands for itself, some letters for a class or a control character. */
function readEscape(reader: Reader): Test | undefined {
  const character = take(reader)
  const perl = perlClasses.get(character)
  if (perl !== undefined) return (other) => perl.test(other)
  const literal = readLiteral(character)
  return literal === undefined ? undefined : (other) => other === literal
}

function readLiteral(character: string): string | undefined {
  return /^[\x01-\x7f]$/.test(character) && /\W|_/.test(character) ? character : controls.get(character)
}

function readClass(reader: Reader): Test | undefined {
  const isNegated = reader.characters[reader.at] === '^'
  if (isNegated) reader.at += 1
  const tests: Test[] = []
  while (tests.length === 0 || reader.characters[reader.at] !== ']') {
    const test = readClassItem(reader)
    if (test === undefined) return undefined
    tests.push(test)
  }
  reader.at += 1
  return (other) => tests.some((test) => test(other)) !== isNegated
}

function readClassItem(reader: Reader): Test | undefined {
  const rest = reader.characters.slice(reader.at, reader.at + 12).join('')
  const named = /^\[:(\^?)(\w+):\]/.exec(rest)
  if (named !== null) {
    reader.at += named[0].length
    const posix = posixClasses.get(named[2] ?? '')
    return posix && ((other) => posix.test(other) !== (named[1] === '^'))
  }
  const perl = /^\\([dDsSwW])/.exec(rest)
  if (perl !== null) {
    reader.at += 1
    return readEscape(reader)
  }
  const low = readClassCharacter(reader)
  if (low === undefined) return undefined
  const isRange = reader.characters[reader.at] === '-' && (reader.characters[reader.at + 1] ?? ']') !== ']'
  if (isRange) reader.at += 1
  const high = isRange ? readClassCharacter(reader) : low
  if (high === undefined || codeOf(high) < codeOf(low)) return undefined
  return (other) => codeOf(other) >= codeOf(low) && codeOf(other) <= codeOf(high)
}

function readClassCharacter(reader: Reader): string | undefined {
  if (reader.at >= reader.characters.length) return undefined
  const character = take(reader)
  return character === '\\' ? readLiteral(take(reader)) : character
}

function take(reader: Reader): string {
  const character = reader.characters[reader.at] ?? ''
  reader.at += 1
  return character
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** True if the expression matches the whole path: all states at once, character by character. */
export function matchesExpression(expression: Expression, path: string): boolean {
  let states = new Set<number>()
  enter(expression, { states, state: 0, isAtStart: true })
  for (const character of path) {
    const next = new Set<number>()
    for (const state of states) step(expression, { states: next, state, isAtStart: false }, character)
    if (next.size === 0) return false
    states = next
  }
  return states.has(expression.length)
}

interface Move {
  readonly states: Set<number>
  /** An index of the expression; negative while inside the folders of that index. */
  readonly state: number
  readonly isAtStart: boolean
}

/** Adds a state and every state that it reaches without a character. */
function enter(expression: Expression, move: Move): void {
  let { state } = move
  while (!move.states.has(state)) {
    move.states.add(state)
    const atom = expression[state]
    if (atom === undefined || (atom.kind === 'character' && !atom.isRepeated)) return
    if (atom.kind === 'start' && !move.isAtStart) return
    state += 1
  }
}

function step(expression: Expression, move: Move, character: string): void {
  const { states, state } = move
  const atom = expression[state < 0 ? -state - 1 : state]
  if (atom?.kind === 'folders') {
    if (character === '\n') return
    const inside = -Math.abs(state < 0 ? -state - 1 : state) - 1
    states.add(inside)
    if (character === '/') enter(expression, { ...move, state: -inside })
  } else if (atom?.kind === 'character' && atom.test(character)) {
    enter(expression, { states, state: atom.isRepeated ? state : state + 1, isAtStart: false })
  }
}
