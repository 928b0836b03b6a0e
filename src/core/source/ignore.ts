// Decides for a path what a list of ignore patterns says, the last one that speaks winning.
import { type Pattern, readPattern } from './pattern.ts'

export interface IgnoreFault {
  /** From 1. */
  readonly line: number
  readonly text: string
  readonly reason: string
}

export interface IgnoreList {
  readonly faults: readonly IgnoreFault[]
  /** True if the path, or a folder that it stands in, is ignored and not taken back in. */
  ignores(path: string): boolean
  /** The pattern that has the last word on the path, as written in the list. */
  decidingPattern(path: string): string | undefined
}

interface Placed {
  readonly pattern: Pattern
  readonly index: number
}

/** Reads the text of a .dockerignore, or the lines of an input: the rules are the same. */
export function readIgnoreList(text: string): IgnoreList {
  const faults: IgnoreFault[] = []
  const last = new Map<string, Placed>()
  const lines = text.replace(/^\ufeff/, '').split('\n')
  lines.forEach((ended, index) => {
    const line = ended.replace(/\r$/, '')
    const reading = readPattern(line)
    if (reading.kind === 'invalid') faults.push({ line: index + 1, text: line, reason: reading.reason })
    if (reading.kind !== 'pattern') return
    // Of equal patterns only the last one can matter, which keeps long and repetitive files quick.
    last.set(reading.pattern.text, { pattern: reading.pattern, index })
  })
  const decide = createDecider([...last.values()])
  return {
    faults,
    ignores: (path) => decide(path)?.pattern.isException === false,
    decidingPattern: (path) => {
      const pattern = decide(path)?.pattern
      return pattern && `${pattern.isException ? '!' : ''}${pattern.text}`
    },
  }
}

/** Literal patterns are looked up; the others are tried from the last one back. */
function createDecider(placed: readonly Placed[]): (path: string) => Placed | undefined {
  const literals = new Map<string, Placed>()
  const wild: Placed[] = []
  for (const entry of placed) {
    if (entry.pattern.literal === undefined) wild.push(entry)
    else literals.set(entry.pattern.literal, entry)
  }
  wild.sort((a, b) => b.index - a.index)
  return (path) => {
    const paths = listWithParents(path)
    let best: Placed | undefined
    for (const candidate of paths) {
      const entry = literals.get(candidate)
      if (entry !== undefined && entry.index > (best?.index ?? -1)) best = entry
    }
    const floor = best?.index ?? -1
    const later = wild.find(
      (entry) => entry.index < floor || paths.some((candidate) => entry.pattern.matches(candidate)),
    )
    return later !== undefined && later.index > floor ? later : best
  }
}

/** The path itself and every folder above it. */
function listWithParents(path: string): readonly string[] {
  const paths = [path]
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    paths.push(path.slice(0, at))
  return paths
}
