// What never goes into an archive, whatever the patterns say: what tools keep for themselves.

const neverFolders = new Set([
  '.git',
  '.dart_tool',
  'node_modules',
  'coverage',
  '.idea',
  '.vscode',
  '.svn',
  '.hg',
])
const neverFiles = new Set(['.packages', '.DS_Store', 'Thumbs.db'])

/** True for a folder that is not even looked into. `path` is relative to the working directory. */
export function isNeverFolder(path: string): boolean {
  return neverFolders.has(lastName(path))
}

/** True if the file, or a folder that it stands in, never goes in. */
export function isNever(path: string): boolean {
  const names = path.split('/')
  return names.some((name) => neverFolders.has(name)) || neverFiles.has(names.at(-1) ?? '')
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
