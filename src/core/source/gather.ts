// Makes the selection: the files that go in, those that do not and why, and what is wrong with either.
import type { Problem } from '../problem.ts'
import { type ReadFile, readContents } from './contents.ts'
import { judgeCollisions, judgeEntry } from './entries.ts'
import { type IgnoreFault, type IgnoreList, readIgnoreList } from './ignore.ts'
import type { Presence } from './mandatory.ts'
import { quote } from './quote.ts'
import type { OmittedFile, SelectionRules } from './report.ts'
import { isKeptDespiteSecret } from './secrets.ts'
import { createSelector, type Exclusion } from './select.ts'
import { FileFault, type Tree, type TreeEntry, type TreeFile } from './tree.ts'

export interface Gathering {
  readonly files: readonly ReadFile[]
  readonly omitted: readonly OmittedFile[]
  /** True if every chosen file could be read. */
  readonly isComplete: boolean
  readonly presence: Presence
  readonly problems: readonly Problem[]
}

/** An honest ignore file has some hundred bytes. */
const ignoreByteLimit = 1024 * 1024

/** Selects and reads. */
export async function gatherFiles(tree: Tree, rules: SelectionRules): Promise<Gathering> {
  const entries = sortByBytes(tree.entries)
  const listed = entries.filter((entry): entry is TreeFile => entry.kind === 'file')
  const ignoreFile = listed.some(({ path }) => path === 'Dockerfile.dockerignore')
    ? 'Dockerfile.dockerignore'
    : '.dockerignore'
  const ignore = await readIgnoreFile(
    tree,
    listed.find(({ path }) => path === ignoreFile),
  )
  const selector = createSelector(ignore, rules)
  const exclusions = new Map<string, Exclusion>()
  const chosen = entries.filter((entry) => {
    const exclusion = selector.findExclusion(entry)
    if (exclusion !== undefined) exclusions.set(entry.path, exclusion)
    return exclusion === undefined
  })
  const contents = await readContents(
    tree,
    chosen.filter((entry): entry is TreeFile => entry.kind === 'file'),
  )
  const files = contents.files.filter((read) => {
    const { path } = read.file
    const isSecret = read.holdsSecret && !isKeptDespiteSecret(path) && !selector.isIncluded(path)
    if (isSecret) exclusions.set(path, 'secret')
    return !isSecret
  })
  return {
    files,
    omitted: [...exclusions].map(([path, by]) => ({ path, by })),
    isComplete: contents.problems.length === 0,
    presence: describePresence({ files, listed, exclusions, ignore, ignoreFile }),
    problems: [
      ...explainFaults(ignore.faults, ignoreFile),
      ...explainInputFaults(rules),
      ...chosen.flatMap(judgeEntry),
      ...contents.problems,
      ...judgeCollisions(files.map((read) => read.file.path)),
    ],
  }
}

/** By the bytes of the path, so that no locale has a say. */
function sortByBytes(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: Buffer.from(entry.path) }))
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ entry }) => entry)
}

async function readIgnoreFile(tree: Tree, entry: TreeFile | undefined): Promise<IgnoreList> {
  if (entry === undefined) return readIgnoreList('')
  if (entry.bytes > ignoreByteLimit) {
    const reason = `the file has ${entry.bytes} bytes, more than the ${ignoreByteLimit} that are read`
    return { ...readIgnoreList(''), faults: [{ line: 1, text: '', reason }] }
  }
  try {
    return readIgnoreList((await tree.read(entry.path)).toString('utf8'))
  } catch (error) {
    // The file goes in itself, so that the fault is reported where all contents are read.
    if (error instanceof FileFault) return readIgnoreList('')
    throw error
  }
}

interface Found {
  readonly files: readonly ReadFile[]
  readonly listed: readonly TreeFile[]
  readonly exclusions: ReadonlyMap<string, Exclusion>
  readonly ignore: IgnoreList
  readonly ignoreFile: string
}

function describePresence({ files, listed, exclusions, ignore, ignoreFile }: Found): Presence {
  const packed = new Set(files.map((read) => read.file.path))
  const explainAbsence = (path: string): string => {
    switch (exclusions.get(path)) {
      case 'dockerignore':
        return `${ignoreFile} keeps it out by ${quote(ignore.decidingPattern(path) ?? '')}`
      case 'exclude':
        return 'the input `exclude` keeps it out'
      case 'secret':
        return 'it looks like a secret and stays out unless `include` names it'
      case 'never':
        return 'it belongs to a tool and never goes in'
      case undefined:
        return 'it could not be read'
    }
  }
  return { listed: listed.map(({ path }) => path), has: (path) => packed.has(path), explainAbsence }
}

function explainFaults(faults: readonly IgnoreFault[], file: string): readonly Problem[] {
  return faults.map(({ line, text, reason }) => ({
    code: 'DCF-IGNORE-PATTERN',
    severity: 'error',
    message: `Docker refuses the pattern ${quote(text)}: ${reason}.`,
    help: 'Mend the pattern, or put a `\\` before a sign that is meant as itself.',
    file,
    line,
  }))
}

function explainInputFaults(rules: SelectionRules): readonly Problem[] {
  return (['include', 'exclude'] as const).flatMap((input) =>
    readIgnoreList(rules[input].join('\n')).faults.map(
      ({ line, text, reason }): Problem => ({
        code: 'DCF-INPUT-PATTERN',
        severity: 'error',
        message: `Line ${line} of the input \`${input}\`, ${quote(text)}, is no pattern: ${reason}.`,
        help: 'Write one pattern a line, by the rules of .dockerignore.',
      }),
    ),
  )
}
