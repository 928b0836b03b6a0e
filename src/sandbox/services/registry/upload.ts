// Blobs on their way in: streamed to files in a folder of the sandbox's own, with their digest computed on the way.
import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Upload {
  readonly id: string
  readonly repository: string
  readonly file: string
  readonly hash: Hash
  size: number
}

export interface Uploads {
  begin(repository: string): Promise<Upload>
  find(id: string, repository: string): Upload | undefined
  append(upload: Upload, source: Readable): Promise<void>
  /** The digest of what came; the upload is over, its file stays where it is. */
  finish(upload: Upload): string
  discard(upload: Upload): Promise<void>
  /** Removes every file. */
  close(): Promise<void>
}

/** The folder is made at the first upload. */
export function createUploads(): Uploads {
  const open = new Map<string, Upload>()
  let folder: Promise<string> | undefined
  const findFolder = (): Promise<string> => {
    folder ??= mkdtemp(join(tmpdir(), 'dcf-registry-'))
    return folder
  }
  return {
    begin: async (repository) => {
      const id = randomUUID()
      const upload: Upload = {
        id,
        repository,
        file: join(await findFolder(), id),
        hash: createHash('sha256'),
        size: 0,
      }
      await writeFile(upload.file, '')
      open.set(id, upload)
      return upload
    },
    find: (id, repository) => {
      const upload = open.get(id)
      return upload?.repository === repository ? upload : undefined
    },
    append: (upload, source) =>
      pipeline(source, count(upload), createWriteStream(upload.file, { flags: 'a' })),
    finish: (upload) => {
      open.delete(upload.id)
      return `sha256:${upload.hash.digest('hex')}`
    },
    discard: async (upload) => {
      open.delete(upload.id)
      await rm(upload.file, { force: true })
    },
    close: async () => {
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true })
    },
  }
}

function count(upload: Upload): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      upload.hash.update(chunk)
      upload.size += chunk.length
      done(null, chunk)
    },
  })
}
