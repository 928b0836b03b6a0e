// Chooses which of the listed files may go into the archive, by their names.
import { type IgnoreList, readIgnoreList } from './ignore.ts'
import { isNever } from './never.ts'
import type { OmittedFile, SelectionRules } from './report.ts'
import { hasSecretName } from './secrets.ts'
import type { TreeEntry } from './tree.ts'

export type Exclusion = OmittedFile['by']

export interface Selector {
  /** What keeps this entry out; undefined if it goes in. */
  findExclusion(entry: TreeEntry): Exclusion | undefined
  /** True if the input `include` asks for it by name. */
  isIncluded(path: string): boolean
}

/** Docker itself puts these back, whatever the ignore file says. */
const alwaysIn = new Set(['Dockerfile', '.dockerignore', 'Dockerfile.dockerignore'])

/** Makes the choice from Docker's ignore list and the inputs. */
export function createSelector(ignore: IgnoreList, rules: SelectionRules): Selector {
  const include = readIgnoreList(rules.include.join('\n'))
  const exclude = readIgnoreList(rules.exclude.join('\n'))
  const findExclusion = (entry: TreeEntry): Exclusion | undefined => {
    const { path } = entry
    // Nothing behind it was listed, so that no pattern may hide it.
    if (entry.kind === 'cut' && entry.what === 'files') return undefined
    const target = entry.kind === 'file' ? (entry.target ?? path) : path
    if (isNever(path) || isNever(target)) return 'never'
    if (alwaysIn.has(path)) return undefined
    if (exclude.ignores(path)) return 'exclude'
    if (include.ignores(path)) return undefined
    if (ignore.ignores(path)) return 'dockerignore'
    return hasSecretName(path) || hasSecretName(target) ? 'secret' : undefined
  }
  return { findExclusion, isIncluded: (path) => include.ignores(path) }
}
