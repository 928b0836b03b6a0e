// Writes files that a command made, all or none, and never over somebody's own text unless that is asked for.
import { chmodSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Problem } from '../../core/problem.ts'
import { reasonOf } from './reason.ts'

export interface NewFile {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly text: string
  readonly isExecutable?: boolean
}

export interface Placed {
  readonly written: readonly string[]
  /** Had this very text already. */
  readonly unchanged: readonly string[]
  /** Nothing was written if there is one. */
  readonly problems: readonly Problem[]
}

/** Writes `files` below `folder`, which is made where it is missing. `force` replaces files with other content. */
export function placeFiles(folder: string, files: readonly NewFile[], force: boolean): Placed {
  const seen = files.map((file) => ({ file, found: look(folder, file) }))
  const problems = seen.flatMap(({ file, found }) => judge(file, found, force))
  if (problems.length > 0) return { written: [], unchanged: [], problems }
  const fresh = seen.filter(({ found }) => found.kind !== 'same').map(({ file }) => file)
  const written: string[] = []
  for (const file of fresh) {
    const reason = write(folder, file)
    if (reason !== undefined) return { written, unchanged: [], problems: [unwritable(file, reason)] }
    written.push(file.path)
  }
  return {
    written,
    unchanged: seen.filter(({ found }) => found.kind === 'same').map(({ file }) => file.path),
    problems: [],
  }
}

type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'same' }
  | { readonly kind: 'other' }
  | { readonly kind: 'blocked'; readonly reason: string }

function look(folder: string, file: NewFile): Found {
  const path = join(folder, file.path)
  try {
    const outside = findWayOut(folder, path)
    if (outside !== undefined) return { kind: 'blocked', reason: outside }
    if (!lstatSync(path).isFile()) return { kind: 'blocked', reason: 'it is no plain file' }
    return { kind: readFileSync(path, 'utf8') === file.text ? 'same' : 'other' }
  } catch (error) {
    const reason = reasonOf(error)
    return reason === 'ENOENT' ? { kind: 'nothing' } : { kind: 'blocked', reason }
  }
}

/** A link among the folders on the way could lead the text to any place of the disk. */
function findWayOut(folder: string, path: string): string | undefined {
  const root = realpathSync(folder)
  const parent = realpathSync(dirname(path))
  return parent === root || parent.startsWith(root + sep)
    ? undefined
    : 'a link on the way leads out of the folder'
}

function judge(file: NewFile, found: Found, force: boolean): readonly Problem[] {
  if (found.kind === 'blocked') return [unwritable(file, found.reason)]
  if (found.kind !== 'other' || force) return []
  return [
    {
      code: 'DCF-SETUP-FILE-EXISTS',
      severity: 'error',
      message: `\`${file.path}\` exists already, with other content.`,
      help: 'Compare the two and give --force to replace it, or another folder with --out.',
      file: file.path,
    },
  ]
}

function write(folder: string, file: NewFile): string | undefined {
  const path = join(folder, file.path)
  try {
    mkdirSync(dirname(path), { recursive: true })
    const outside = findWayOut(folder, path)
    if (outside !== undefined) return outside
    writeFileSync(path, file.text)
    if (file.isExecutable === true) chmodSync(path, 0o755)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

function unwritable(file: NewFile, reason: string): Problem {
  return {
    code: 'DCF-SETUP-FILE-UNWRITABLE',
    severity: 'error',
    message: `\`${file.path}\` cannot be written: ${reason}.`,
    help: 'Choose a folder in which you may write.',
    file: file.path,
  }
}
