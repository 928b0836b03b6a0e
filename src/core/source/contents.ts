// Reads every chosen file once: its digest, and what only its content can tell.
import { createHash, hash } from 'node:crypto'
import type { Problem } from '../problem.ts'
import { quote } from './quote.ts'
import type { SourceFile } from './report.ts'
import { holdsSecret, secretOverlap } from './secrets.ts'
import { FileFault, type Tree, type TreeFile } from './tree.ts'

export interface ReadFile {
  readonly file: SourceFile
  readonly holdsSecret: boolean
  /** True for the small text that stands for a file in Git LFS. */
  readonly isPointer: boolean
}

export interface Contents {
  readonly files: readonly ReadFile[]
  readonly problems: readonly Problem[]
}

/** Larger files are read in pieces. */
const wholeBytes = 1024 * 1024
const pointerStart = Buffer.from('version https://git-lfs.github.com/spec/')

/** Reads the files in their order. A file that cannot be read becomes a problem. */
export async function readContents(tree: Tree, chosen: readonly TreeFile[]): Promise<Contents> {
  const files: ReadFile[] = []
  const problems: Problem[] = []
  for (const entry of chosen) {
    try {
      files.push(entry.bytes <= wholeBytes ? await readWhole(tree, entry) : await readPieces(tree, entry))
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      problems.push(explainFault(error))
    }
  }
  return { files, problems }
}

async function readWhole(tree: Tree, entry: TreeFile): Promise<ReadFile> {
  const content = await tree.read(entry.path)
  const sha256 = hash('sha256', content)
  return {
    file: describeFile(entry, sha256),
    holdsSecret: holdsSecret(content),
    isPointer: content.length < 200 && content.subarray(0, pointerStart.length).equals(pointerStart),
  }
}

async function readPieces(tree: Tree, entry: TreeFile): Promise<ReadFile> {
  const digest = createHash('sha256')
  let isSecret = false
  let tail: Buffer = Buffer.alloc(0)
  for await (const piece of tree.chunks(entry.path)) {
    digest.update(piece)
    isSecret ||= holdsSecret(piece) || holdsSecret(Buffer.concat([tail, piece.subarray(0, secretOverlap)]))
    tail = Buffer.from(piece.subarray(-secretOverlap))
  }
  return { file: describeFile(entry, digest.digest('hex')), holdsSecret: isSecret, isPointer: false }
}

function describeFile(entry: TreeFile, sha256: string): SourceFile {
  return { path: entry.path, bytes: entry.bytes, mode: entry.isExecutable ? 0o755 : 0o644, sha256 }
}

/** The problem of a file that could not be read as it was listed. */
export function explainFault(fault: FileFault): Problem {
  const isChanged = fault.fault === 'changed'
  return {
    code: isChanged ? 'DCF-FILE-CHANGED' : 'DCF-FILE-UNREADABLE',
    severity: 'error',
    message: `${quote(fault.path)} ${isChanged ? 'changed while it was being read' : `cannot be read (${fault.message})`}.`,
    help: isChanged
      ? 'Let every step that writes into the folder end before this one, or keep the file out with `exclude`.'
      : 'Give the user of this job the right to read it, or keep it out with `exclude`.',
    file: fault.path,
  }
}
