// Matches the small regular expressions that Docker makes of ignore patterns, in time that grows with
// pattern times path and never faster: JavaScript's own engine would take exponential time on `*a*a*a*b`.

type Test = (character: string) => boolean

type Atom =
  /** One character, or as many as `repeat` says: any number, or none or one. */
  | { readonly kind: 'character'; readonly test: Test; readonly repeat: 'once' | 'any' | 'optional' }
  /** `(.*\/)?`: any folders, or none. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'start' }

/** Alternatives; only the first one is tied to the beginning, and only the last one to the end. */
export type Expression = readonly (readonly Atom[])[]

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

const anything: Atom = { kind: 'character', test: () => true, repeat: 'any' }

/** Compiles what comes behind Docker's leading `^`; undefined if Go's `regexp` would refuse it. */
export function compileExpression(source: string): Expression | undefined {
  const reader: Reader = { characters: [...source], at: 0 }
  const alternatives: Atom[][] = [[]]
  while (reader.at < reader.characters.length) {
    if (reader.characters[reader.at] === '|') {
      reader.at += 1
      // Docker forgets to escape the bar, so that it ties the pattern to one end only.
      alternatives.at(-1)?.push(anything)
      alternatives.push([anything])
      continue
    }
    const atoms = readAtoms(reader)
    if (atoms === undefined) return undefined
    alternatives.at(-1)?.push(...atoms)
  }
  return alternatives
}

function readAtoms(reader: Reader): readonly Atom[] | undefined {
  const folders = '(.*/)?'
  const isFolders = startsWith(reader, folders)
  if (isFolders) reader.at += folders.length
  const atom: Atom | undefined = isFolders ? { kind: 'folders' } : readAtom(reader)
  if (atom === undefined) return undefined
  const count = readCount(reader)
  if (count === undefined) return [atom]
  if (count === 'invalid' || atom.kind === 'folders') return undefined
  if (atom.kind === 'start') return [atom]
  if (atom.repeat !== 'once') return undefined
  const required = Array.from({ length: count.least }, () => atom)
  if (count.most === Number.POSITIVE_INFINITY) return [...required, { ...atom, repeat: 'any' }]
  return [
    ...required,
    ...Array.from({ length: count.most - count.least }, (): Atom => ({ ...atom, repeat: 'optional' })),
  ]
}

function readAtom(reader: Reader): Atom | undefined {
  const character = take(reader)
  if (character === '^') return { kind: 'start' }
  const test = character === '[' ? readClass(reader) : readTest(reader, character)
  if (test === undefined) return undefined
  const isRepeated = reader.characters[reader.at] === '*'
  if (isRepeated) reader.at += 1
  return { kind: 'character', test, repeat: isRepeated ? 'any' : 'once' }
}

/** Go takes at most a thousand repetitions. */
const countLimit = 1000

interface Count {
  readonly least: number
  readonly most: number
}

/** Docker forgets to escape braces as well: `a{2}` means `aa`, while `{a,b}` is no count and stands for itself. */
function readCount(reader: Reader): Count | 'invalid' | undefined {
  const rest = reader.characters.slice(reader.at, reader.at + 24).join('')
  const match = /^\{(\d+)(,(\d*))?\}/.exec(rest)
  if (match === null) return undefined
  reader.at += match[0].length
  const least = Number(match[1])
  const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
  const isInvalid =
    least > countLimit || most < least || (most > countLimit && most !== Number.POSITIVE_INFINITY)
  return isInvalid ? 'invalid' : { least, most }
}

function startsWith(reader: Reader, text: string): boolean {
  return reader.characters.slice(reader.at, reader.at + text.length).join('') === text
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

/** True if the expression matches the path: all states at once, character by character. */
export function matchesExpression(expression: Expression, path: string): boolean {
  return expression.some((atoms) => matchesAtoms(atoms, path))
}

function matchesAtoms(atoms: readonly Atom[], path: string): boolean {
  let states = new Set<number>()
  enter(atoms, { states, state: 0, isAtStart: true })
  for (const character of path) {
    const next = new Set<number>()
    for (const state of states) step(atoms, { states: next, state, isAtStart: false }, character)
    if (next.size === 0) return false
    states = next
  }
  return states.has(atoms.length)
}

interface Move {
  readonly states: Set<number>
  /** An index of the atoms; negative while inside the folders of that index. */
  readonly state: number
  readonly isAtStart: boolean
}

/** Adds a state and every state that it reaches without a character. */
function enter(atoms: readonly Atom[], move: Move): void {
  let { state } = move
  while (!move.states.has(state)) {
    move.states.add(state)
    const atom = atoms[state]
    if (atom === undefined || (atom.kind === 'character' && atom.repeat === 'once')) return
    if (atom.kind === 'start' && !move.isAtStart) return
    state += 1
  }
}

function step(atoms: readonly Atom[], move: Move, character: string): void {
  const { states, state } = move
  const index = state < 0 ? -state - 1 : state
  const atom = atoms[index]
  if (atom?.kind === 'folders') {
    if (character === '\n') return
    states.add(-index - 1)
    if (character === '/') enter(atoms, { ...move, state: index + 1 })
  } else if (atom?.kind === 'character' && atom.test(character)) {
    enter(atoms, { states, state: atom.repeat === 'any' ? index : index + 1, isAtStart: false })
  }
}
