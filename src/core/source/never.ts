// What never goes into an archive, whatever the patterns say: what tools keep for themselves.

const neverFolders = new Set([
  '.git',
  '.dart_tool',
  'node_modules',
  '.idea',
  '.vscode',
  '.svn',
  '.hg',
  '.fvm',
])
const neverFiles = new Set(['.packages', '.DS_Store', 'Thumbs.db', '.git'])

/** True for a folder that is not even looked into. `path` is relative to the working directory. */
export function isNeverFolder(path: string): boolean {
  // Deeper down, `coverage` may well be a folder of the program.
  return neverFolders.has(lastName(path)) || path === 'coverage'
}

/** True if the file, or a folder that it stands in, never goes in. */
export function isNever(path: string): boolean {
  const names = path.split('/')
  return (
    names[0] === 'coverage' || names.some((name) => neverFolders.has(name)) || neverFiles.has(lastName(path))
  )
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
