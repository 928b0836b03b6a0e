// Whether the archive can be uploaded in one piece.
import type { Problem } from '../problem.ts'
import type { SourceFile } from './report.ts'

/** S3 takes no more than 5 GiB in one PutObject. */
const byteLimit = 5 * 1024 ** 3

/** Judges the size before compression: sources that large are a mistake anyway. */
export function judgeSize(files: readonly SourceFile[]): readonly Problem[] {
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  if (total <= byteLimit) return []
  const [largest] = files.toSorted((a, b) => b.bytes - a.bytes)
  return [
    {
      code: 'DCF-ARCHIVE-TOO-LARGE',
      severity: 'error',
      message: `The files have ${(total / 1024 ** 3).toFixed(1)} GiB together, and S3 takes 5 GiB in one upload.`,
      help: 'Keep large files out with .dockerignore or `exclude`; the largest one is named here.',
      ...(largest === undefined ? {} : { file: largest.path }),
    },
  ]
}
