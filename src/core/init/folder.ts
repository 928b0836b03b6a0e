// Which folder of a repository is the function, and which branch it is deployed from.

/** Folders that hold a pubspec.yaml, those with a Dockerfile beside it before all others, each group by name. */
export function findFunctionFolders(paths: readonly string[]): readonly string[] {
  const folders = paths.filter((path) => /(?:^|\/)pubspec\.yaml$/.test(path)).map(folderOf)
  const ready = folders.filter((folder) =>
    paths.includes(folder === '.' ? 'Dockerfile' : `${folder}/Dockerfile`),
  )
  return (ready.length > 0 ? ready : folders).sort()
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end === -1 ? '.' : path.slice(0, end)
}

/** What git says in `.git/HEAD` and in `refs/remotes/origin/HEAD`, each as it stands in its file. */
export interface GitHeads {
  readonly head?: string | undefined
  readonly originHead?: string | undefined
}

/** The default branch by origin's word, else the branch that is checked out, else `main`. */
export function findBranch(heads: GitHeads): string {
  const origin = /^ref: refs\/remotes\/origin\/(\S+)\s*$/.exec(heads.originHead ?? '')?.[1]
  return origin ?? /^ref: refs\/heads\/(\S+)\s*$/.exec(heads.head ?? '')?.[1] ?? 'main'
}
