// What is known about a repository after packaging and validation, for the plan, the upload and the person.
import type { Problem } from '../problem.ts'

/** One file of the archive. */
export interface SourceFile {
  /** Path in the archive, relative to the working directory. */
  readonly path: string
  readonly bytes: number
  /** Permission bits in the archive: 0o644 or 0o755. */
  readonly mode: number
  /** Of the content, in hex. */
  readonly sha256: string
}

/** A file that was kept out, and by what. */
export interface OmittedFile {
  readonly path: string
  readonly by: 'never' | 'dockerignore' | 'exclude' | 'secret'
}

export interface SourceReport {
  /** True if no problem is an error. */
  readonly ok: boolean
  /** `name` of the pubspec, as written; absent where it cannot be read. */
  readonly name?: string
  /** Sorted by the bytes of the path. */
  readonly files: readonly SourceFile[]
  readonly omitted: readonly OmittedFile[]
  readonly totalBytes: number
  /** SHA-256 in hex over paths, modes and contents; absent if a file could not be read. */
  readonly sourceDigest?: string
  /** Errors first, then by file and line. */
  readonly problems: readonly Problem[]
}

/** Patterns of the inputs `include` and `exclude`, on top of the packaging rules. */
export interface SelectionRules {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}
