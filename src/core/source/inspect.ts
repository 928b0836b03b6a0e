// The whole judgement over a repository: which files go into the archive, and everything that is wrong.
import { createHash } from 'node:crypto'
import type { Problem } from '../problem.ts'
import { isDeployable } from '../problem.ts'
import { computeSourceDigest } from './digest.ts'
import { isNever } from './never.ts'
import type { SelectionRules, SourceFile, SourceReport } from './report.ts'
import type { Tree, TreeFile } from './tree.ts'

export type { SelectionRules, SourceFile, SourceReport } from './report.ts'

/** Judges a repository. Rejects for nothing that a tree can contain: whatever is wrong becomes a problem. */
export async function inspectSource(tree: Tree, _rules: SelectionRules): Promise<SourceReport> {
  const problems: Problem[] = []
  const chosen = tree.entries.filter(
    (entry): entry is TreeFile => entry.kind === 'file' && !isNever(entry.path),
  )
  const files: SourceFile[] = []
  for (const file of chosen) {
    const content = await tree.read(file.path)
    files.push({
      path: file.path,
      bytes: file.bytes,
      mode: file.isExecutable ? 0o755 : 0o644,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
  }
  return {
    ok: isDeployable(problems),
    files,
    omitted: [],
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    sourceDigest: computeSourceDigest(files),
    problems,
  }
}
