// The three things that every archive has to hold, and the likeliest reasons why one is missing.
import type { Code } from '../catalogue.ts'
import type { Problem } from '../problem.ts'
import { quote, quoteSome } from './quote.ts'

export interface Presence {
  /** Every file that the walk found, whatever was made of it. */
  readonly listed: readonly string[]
  /** True for a file that goes in. */
  has(path: string): boolean
  /** Says in half a sentence what keeps a listed file out. */
  explainAbsence(path: string): string
}

/** Judges pubspec.yaml, Dockerfile and the program. */
export function judgeMandatory(presence: Presence): readonly Problem[] {
  return [
    ...judgeFile(presence, {
      code: 'DCF-PUBSPEC-MISSING',
      path: 'pubspec.yaml',
      similar: /^pubspec\.ya?ml$/i,
    }),
    ...judgeFile(presence, {
      code: 'DCF-DOCKERFILE-MISSING',
      path: 'Dockerfile',
      similar: /^(?:dockerfile|containerfile)(?:\.\w+)?$/i,
    }),
    ...judgeProgram(presence),
  ]
}

interface Wanted {
  readonly code: Code
  readonly path: string
  readonly similar: RegExp
}

function judgeFile(presence: Presence, { code, path, similar }: Wanted): readonly Problem[] {
  if (presence.has(path)) return []
  const problem = (message: string, help: string): readonly Problem[] => [
    { code, severity: 'error', message, help, file: path },
  ]
  if (presence.listed.includes(path)) {
    return problem(
      `${path} is there, but ${presence.explainAbsence(path)}.`,
      'Change the pattern so that it goes in.',
    )
  }
  const other = presence.listed.find((listed) => similar.test(listed) && listed !== 'Dockerfile.dockerignore')
  if (other !== undefined) {
    return problem(
      `There is no ${path}, but ${quote(other)}: the name has to be exactly \`${path}\`.`,
      `Rename it: \`git mv ${/^[\w.-]+$/.test(other) ? other : 'OLD'} ${path}\`.`,
    )
  }
  const deeper = presence.listed.filter((listed) => listed.endsWith(`/${path}`))
  if (deeper.length > 0) {
    const folder = deeper[0]?.slice(0, -path.length - 1) ?? ''
    return problem(
      `There is no ${path} in the working directory, but there is ${quoteSome(deeper, 3)}.`,
      `If that folder is the function, set \`working-directory\` to it, as in \`working-directory: ${/^[\w./-]+$/.test(folder) ? folder : 'FOLDER'}\`.`,
    )
  }
  return problem(`There is no ${path} in the working directory.`, helpToWrite(path))
}

function helpToWrite(path: string): string {
  return path === 'Dockerfile'
    ? 'Write one that begins with `FROM dart:3.11 AS build`; the one in examples/hello-dart is a start.'
    : "Write one with `name:` and, under `environment:`, `sdk: '>=3.11.0 <3.12.0'`, or set `working-directory` to the folder that has one."
}

function judgeProgram(presence: Presence): readonly Problem[] {
  const sources = presence.listed.filter((path) => path.endsWith('.dart'))
  if (sources.some((path) => presence.has(path))) return []
  const [first] = sources
  const why =
    first === undefined
      ? 'there is none in the working directory'
      : `of ${sources.length} there none goes in: ${quote(first)} ${presence.explainAbsence(first)}`
  return [
    {
      code: 'DCF-PROGRAM-MISSING',
      severity: 'error',
      message: `The archive would hold no *.dart file: ${why}.`,
      help:
        first === undefined
          ? 'Check `working-directory`, and that an earlier step has checked out or generated the program.'
          : 'Change the pattern so that the program goes in.',
    },
  ]
}
