// Where an archive's bytes go: memory as long as they fit, a temporary file after that.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A finished archive. */
export interface Archive {
  readonly bytes: number
  /** Of the whole archive, in hex. */
  readonly sha256: string
  readonly entries: number
  /** The content: a buffer up to the limit, above it a stream that starts anew with every call. */
  open(): Buffer | Readable
  /** Removes the file on disk, where there is one. Safe to call twice. */
  dispose(): Promise<void>
}

export interface SinkOptions {
  /** Archives up to this many bytes stay in memory. */
  readonly limitInMemory: number
  /** An existing folder for a temporary file, outside the working directory. */
  readonly directory: string
}

export interface Sink {
  write(piece: Buffer): Promise<void>
  finish(entries: number): Promise<Archive>
  dispose(): Promise<void>
}

interface Spill {
  readonly folder: string
  readonly path: string
  readonly handle: FileHandle
}

/** Opens a sink; nothing touches the disk before the limit is passed. */
export function createSink(options: SinkOptions): Sink {
  const hash = createHash('sha256')
  // Pages that are never written to are never resident, so a generous buffer costs nothing.
  let memory: Buffer | undefined = Buffer.allocUnsafeSlow(options.limitInMemory)
  let bytes = 0
  let spill: Spill | undefined
  const dispose = async (): Promise<void> => {
    const { folder, handle } = spill ?? {}
    spill = undefined
    await handle?.close().catch(() => undefined)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  return {
    write: async (piece) => {
      hash.update(piece)
      const start = bytes
      bytes += piece.length
      if (memory !== undefined && bytes <= memory.length) {
        piece.copy(memory, start)
        return
      }
      if (memory !== undefined) {
        spill = await openSpill(options.directory)
        await writeFully(spill.handle, memory.subarray(0, start))
        memory = undefined
      }
      if (spill !== undefined) await writeFully(spill.handle, piece)
    },
    finish: async (entries) => {
      await spill?.handle.close()
      const path = spill?.path ?? ''
      const content = memory?.subarray(0, bytes)
      const sha256 = hash.digest('hex')
      return { bytes, sha256, entries, open: () => content ?? createReadStream(path), dispose }
    },
    dispose,
  }
}

async function openSpill(directory: string): Promise<Spill> {
  const folder = await mkdtemp(join(directory, 'dcf-archive-'))
  const path = join(folder, 'app.zip')
  return { folder, path, handle: await open(path, 'wx', 0o600) }
}

async function writeFully(handle: FileHandle, piece: Buffer): Promise<void> {
  let done = 0
  while (done < piece.length) done += (await handle.write(piece, done)).bytesWritten
}
