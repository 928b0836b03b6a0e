// Reads the flags of a docker command and refuses those that docker without buildx does not know.
import { UsageError } from './usage.ts'

export interface Flags {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly words: readonly string[]
}

/** Flags with a value, and flags without one; a short form maps to its long one. */
export interface FlagTable {
  readonly valued: readonly string[]
  readonly plain: readonly string[]
  readonly short?: Readonly<Record<string, string>>
  /** Flags end at the first word, because what follows belongs to the container. */
  readonly strict?: boolean
}

/** @throws UsageError with docker's exit status 125 */
export function parseFlags(command: string, argv: readonly string[], table: FlagTable): Flags {
  const values = new Map<string, string[]>()
  const words: string[] = []
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-') || word === '-' || (table.strict === true && words.length > 0)) {
      words.push(word)
      continue
    }
    const [given = '', inline] = splitFlag(word)
    const name = given.startsWith('--') ? given.slice(2) : (table.short?.[given.slice(1)] ?? given.slice(1))
    if (table.plain.includes(name)) append(values, name, inline ?? 'true')
    else if (table.valued.includes(name)) {
      if (inline === undefined) at += 1
      const value = inline ?? argv[at]
      if (value === undefined)
        throw new UsageError(`flag needs an argument: ${given}\nSee 'docker ${command} --help'.`, 125)
      append(values, name, value)
    } else {
      const kind = given.startsWith('--')
        ? `unknown flag: ${given}`
        : `unknown shorthand flag: '${name}' in ${given}`
      throw new UsageError(`${kind}\nSee 'docker ${command} --help'.`, 125)
    }
  }
  return { values, words }
}

function splitFlag(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function append(values: Map<string, string[]>, name: string, value: string): void {
  values.set(name, [...(values.get(name) ?? []), value])
}
