// The identity of a source: what it is made of, whatever the archive's bytes are.
import { createHash } from 'node:crypto'
import type { SourceFile } from './report.ts'

/** SHA-256 in hex over path, mode and content of every file. The files have to be in their final order. */
export function computeSourceDigest(files: readonly SourceFile[]): string {
  const hash = createHash('sha256')
  // A name may hold anything but NUL, so NUL ends it without doubt.
  for (const file of files) hash.update(`${file.path}\0${file.mode.toString(8)}\0${file.sha256}\n`)
  return hash.digest('hex')
}
