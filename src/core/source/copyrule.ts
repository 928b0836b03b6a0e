// Whether everything that a Dockerfile copies from the folder is in the archive.
import type { Problem } from '../problem.ts'
import type { Instruction } from './dockerfile.ts'
import { expandVariables } from './expand.ts'
import type { ImageSource, ResolvedStage } from './image.ts'
import { cleanPath, readPattern } from './pattern.ts'
import { quote } from './quote.ts'

export interface CopyContext {
  /** Paths that go in. */
  readonly packed: readonly string[]
  /** Paths that the walk found. */
  readonly listed: readonly string[]
  explainAbsence(path: string): string
}

/** Judges COPY and ADD in every stage that is built. */
export function judgeCopies(image: ImageSource, context: CopyContext): readonly Problem[] {
  const packed = withFolders(context.packed)
  return image.needed.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      listSources(instruction, stage).flatMap((source) =>
        hasMatch(source, packed) ? [] : [explainMissing({ source, instruction }, context)],
      ),
    ),
  )
}

/** The sources in the folder, cleaned; what cannot be known or comes from elsewhere is left out. */
function listSources(instruction: Instruction, stage: ResolvedStage): readonly string[] {
  if (!['COPY', 'ADD'].includes(instruction.keyword) || instruction.flags.has('from')) return []
  const words = instruction.json ?? instruction.words
  return words.slice(0, -1).flatMap((word) => {
    if (/^\d*<<-?/.test(word) || /^(?:https?|git|ssh):\/\/|^git@/.test(word)) return []
    const source = expandVariables(word.replace(/^(["'])(.*)\1$/, '$2'), stage.variables)
    return source === undefined ? [] : [cleanPath(`/${source}`).slice(1)]
  })
}

function withFolders(paths: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>([''])
  for (const path of paths) {
    for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) all.add(path.slice(0, at))
  }
  return all
}

function hasMatch(source: string, paths: ReadonlySet<string>): boolean {
  if (paths.has(source)) return true
  if (!/[*?[\\]/.test(source)) return false
  // In COPY two stars mean no more than one.
  const reading = readPattern(source.replace(/\*{2,}/g, '*'))
  if (reading.kind !== 'pattern') return true
  return [...paths].some((path) => path !== '' && reading.pattern.matches(path))
}

interface Missing {
  readonly source: string
  readonly instruction: Instruction
}

function explainMissing({ source, instruction }: Missing, context: CopyContext): Problem {
  const place = { file: 'Dockerfile', line: instruction.line, column: instruction.column }
  const shown = `${instruction.keyword} ${quote(source)}`
  if (source === 'pubspec.lock' && !context.listed.includes(source)) {
    return {
      code: 'DCF-COPY-LOCK',
      severity: 'error',
      message: `${shown} fails in the build: there is no pubspec.lock.`,
      help: 'Run `dart pub get` and commit pubspec.lock, or write `COPY pubspec.* ./`, which works with and without it.',
      ...place,
    }
  }
  const found = [...withFolders(context.listed)].filter(
    (path) => path !== '' && hasMatch(source, new Set([path])),
  )
  const [first] = found.filter((path) => context.listed.includes(path))
  const inside = first ?? context.listed.find((path) => found.some((folder) => path.startsWith(`${folder}/`)))
  if (inside !== undefined) {
    return {
      code: 'DCF-COPY-FILTERED',
      severity: 'error',
      message: `${shown} fails in the build: ${quote(inside)} is in the folder, but ${context.explainAbsence(inside)}.`,
      help: 'Let it in (take the pattern out of .dockerignore, or name the file in `include`), or remove it from this line.',
      ...place,
    }
  }
  const other = context.listed.find((path) => path.toLowerCase() === source.toLowerCase())
  const hint = other === undefined ? '' : ` There is ${quote(other)}: upper and lower case count.`
  return {
    code: 'DCF-COPY-MISSING',
    severity: 'error',
    message: `${shown} fails in the build: there is no such file in the working directory, which is all that the build sees.${hint}`,
    help: 'Commit or generate the file before this step, or remove it from this line. An empty folder counts as nothing.',
    ...place,
  }
}
