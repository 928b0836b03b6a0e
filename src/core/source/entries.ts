// What is wrong with the entries of a tree as such: links, special files, names.
import type { Problem } from '../problem.ts'
import { quote } from './quote.ts'
import type { TreeEntry } from './tree.ts'

/** Judges an entry that is to go in. */
export function judgeEntry(entry: TreeEntry): readonly Problem[] {
  const problem = (
    code: Problem['code'],
    severity: Problem['severity'],
    words: Pick<Problem, 'message' | 'help'>,
  ): readonly Problem[] => [{ code, severity, ...words, file: entry.path }]
  const name = quote(entry.path)
  switch (entry.kind) {
    case 'file':
      return judgeName(entry.path)
    case 'folder':
      return []
    case 'special':
      return problem('DCF-FILE-SPECIAL', 'warning', {
        message: `${name} is ${entry.what} and stays out of the archive.`,
        help: 'Remove it, or name it in .dockerignore or `exclude`.',
      })
    case 'unreadable':
      return problem('DCF-FILE-UNREADABLE', 'error', {
        message: `${name} cannot be read (${entry.reason}).`,
        help: 'Give the user of this job the right to read it, or keep it out with `exclude`.',
      })
    case 'cut':
      return problem('DCF-TREE-TOO-LARGE', 'error', {
        message: `There are more than ${entry.limit} ${entry.what === 'levels' ? 'levels of folders' : 'files'} here: ${name} was not looked into.`,
        help: 'Check `working-directory`: it should be the folder that holds pubspec.yaml and Dockerfile.',
      })
    case 'link':
      return judgeLink(entry)
  }
}

function judgeLink(entry: Extract<TreeEntry, { kind: 'link' }>): readonly Problem[] {
  const shown = `${quote(entry.path)} is a link to ${quote(entry.target)}`
  const keepOut = 'or keep the link out with .dockerignore or `exclude`.'
  switch (entry.fault) {
    case 'leaves':
      return [
        {
          code: 'DCF-LINK-OUTSIDE',
          severity: 'error',
          message: `${shown}, outside the working directory. Nothing from outside goes into the archive.`,
          help: `Copy the file into the folder, package the folder above with \`working-directory\`, ${keepOut}`,
          file: entry.path,
        },
      ]
    case 'loops':
      return [
        {
          code: 'DCF-LINK-LOOP',
          severity: 'error',
          message: `${shown}, and so to itself or to a folder that it stands in.`,
          help: `Remove the link, ${keepOut}`,
          file: entry.path,
        },
      ]
    case 'dangles':
      return [
        {
          code: 'DCF-LINK-DANGLING',
          severity: 'warning',
          message: `${shown}, where nothing is. It stays out of the archive.`,
          help: `Remove the link, ${keepOut}`,
          file: entry.path,
        },
      ]
  }
}

/** Zip readers differ on backslashes and control characters, and none knows bytes that are no UTF-8. */
function judgeName(path: string): readonly Problem[] {
  const found = /\\/.test(path)
    ? 'a backslash, which some programs take for a folder'
    : /\p{Cc}/u.test(path)
      ? 'a control character'
      : /[\ufffd\p{Cs}]/u.test(path)
        ? 'bytes that are no UTF-8'
        : undefined
  if (found === undefined) return []
  return [
    {
      code: 'DCF-FILE-NAME',
      severity: 'error',
      message: `The name ${quote(path)} holds ${found}: not every program would unpack it as the same file.`,
      help: 'Rename the file, or keep it out with .dockerignore or `exclude`.',
      file: path,
    },
  ]
}

/** Names that differ in case or in the way of writing accents only are one file on some machines. */
export function judgeCollisions(paths: readonly string[]): readonly Problem[] {
  const first = new Map<string, string>()
  return paths.flatMap((path): Problem[] => {
    const folded = path.normalize('NFC').toLowerCase()
    const other = first.get(folded)
    if (other === undefined) {
      first.set(folded, path)
      return []
    }
    return [
      {
        code: 'DCF-FILE-CASE',
        severity: 'warning',
        message: `${quote(other)} and ${quote(path)} differ only in case or accents: on macOS and Windows they are one file.`,
        help: 'Rename one of them.',
        file: path,
      },
    ]
  })
}
