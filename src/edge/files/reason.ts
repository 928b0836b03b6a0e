// The operating system's own short word for why something on disk did not work.

/** `EACCES`, `ENOENT`, ... or the error's text where there is no code. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
