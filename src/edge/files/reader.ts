// Reads listed files, and only as they were listed: a file that is swapped, grown or cut in between is a fault.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { FileFault, type Tree } from '../../core/source/tree.ts'
import { reasonOf } from './reason.ts'

/** A file as the walk saw it. */
export interface Listed {
  /** Path on disk, free of links. */
  readonly real: string
  readonly bytes: number
  readonly inode: number
  /** Milliseconds since 1970. */
  readonly changed: number
}

const pieceBytes = 1024 * 1024
/** Contents up to this many bytes in all are kept, so that most repositories are read once only. */
const keepBytes = 8 * 1024 * 1024

/** How the contents of the listed files are read. */
export function createReader(listed: ReadonlyMap<string, Listed>): Pick<Tree, 'read' | 'chunks'> {
  const kept = new Map<string, Buffer>()
  let room = keepBytes
  const find = (path: string): Listed => {
    const file = listed.get(path)
    if (file === undefined) throw new FileFault('unreadable', path, 'it is not in the listing')
    return file
  }
  return {
    read: async (path) => {
      const known = kept.get(path)
      if (known !== undefined) return known
      const content = readWhole(path, find(path))
      if (content.length <= room) {
        room -= content.length
        kept.set(path, content)
      }
      return content
    },
    chunks: (path) => readPieces(path, find(path)),
  }
}

function readWhole(path: string, file: Listed): Buffer {
  return withFile(path, file, (handle) => {
    checkUnchanged(path, file, handle)
    const content = Buffer.allocUnsafe(file.bytes)
    let filled = 0
    while (filled < file.bytes) {
      const count = readSync(handle, content, filled, file.bytes - filled, filled)
      if (count === 0) throw changed(path)
      filled += count
    }
    checkUnchanged(path, file, handle)
    return content
  })
}

async function* readPieces(path: string, file: Listed): AsyncGenerator<Buffer> {
  const handle = openListed(path, file)
  try {
    checkUnchanged(path, file, handle)
    let position = 0
    while (position < file.bytes) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, file.bytes - position))
      const count = readSync(handle, piece, 0, piece.length, position)
      if (count === 0) throw changed(path)
      position += count
      yield piece.subarray(0, count)
    }
    checkUnchanged(path, file, handle)
  } catch (error) {
    throw asFault(path, error)
  } finally {
    closeSync(handle)
  }
}

function withFile(path: string, file: Listed, use: (handle: number) => Buffer): Buffer {
  const handle = openListed(path, file)
  try {
    return use(handle)
  } catch (error) {
    throw asFault(path, error)
  } finally {
    closeSync(handle)
  }
}

/** O_NOFOLLOW and O_NONBLOCK: what was a file may have become a link or a pipe since. */
function openListed(path: string, file: Listed): number {
  try {
    return openSync(file.real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const reason = reasonOf(error)
    throw reason === 'EACCES' || reason === 'EPERM' ? asFault(path, error) : changed(path)
  }
}

function checkUnchanged(path: string, file: Listed, handle: number): void {
  const stats = fstatSync(handle)
  const isSame = stats.ino === file.inode && stats.size === file.bytes && stats.mtimeMs === file.changed
  if (!isSame) throw changed(path)
}

function changed(path: string): FileFault {
  return new FileFault('changed', path, 'it changed while it was being read')
}

function asFault(path: string, error: unknown): FileFault {
  return error instanceof FileFault ? error : new FileFault('unreadable', path, reasonOf(error))
}
