// What the walk delivers: a listing in memory and a way to read contents, so that every rule about a
// repository is decided without touching a disk.

/** One thing found below the working directory. `path` is relative to it, with `/`, never with a leading `./`. */
export type TreeEntry =
  | TreeFile
  /** A folder without entries, or one that was not looked into (`.git`, `node_modules`, ...). */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string; readonly fault: LinkFault }
  | { readonly kind: 'special'; readonly path: string; readonly what: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }
  /** The listing was cut here: there is more than the walk is willing to hold. */
  | { readonly kind: 'cut'; readonly path: string; readonly what: 'files' | 'levels'; readonly limit: number }

export interface TreeFile {
  readonly kind: 'file'
  readonly path: string
  readonly bytes: number
  readonly isExecutable: boolean
  /** The path of the file that a link leads to, where `path` was reached by one. */
  readonly target?: string
}

/** Why the content behind a link cannot be taken. */
export type LinkFault = 'leaves' | 'dangles' | 'loops'

export interface Tree {
  /** In no particular order. */
  readonly entries: readonly TreeEntry[]
  /** The whole content of a listed file. Rejects with a {@link FileFault}. */
  read(path: string): Promise<Buffer>
  /** The content in pieces of at most 1 MiB, for files of any size. Rejects with a {@link FileFault}. */
  chunks(path: string): AsyncIterable<Buffer>
}

/** A listed file that could not be read as it was listed. */
export class FileFault extends Error {
  readonly fault: 'changed' | 'unreadable'
  readonly path: string

  constructor(fault: 'changed' | 'unreadable', path: string, reason: string) {
    super(reason)
    this.name = 'FileFault'
    this.fault = fault
    this.path = path
  }
}
