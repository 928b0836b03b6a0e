// `unzip` where the host has none: extracts with mode bits, and never outside the folder.
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { Console } from './console.ts'

/** Exit statuses of Info-ZIP: 9 for a file that is no archive, 10 for options. */
export async function runUnzip(argv: readonly string[], { err }: Console): Promise<number> {
  const call = parse(argv)
  if (call === undefined) {
    err('usage of this stand-in: unzip [-q] [-o] FILE [-d FOLDER]\n')
    return 10
  }
  try {
    await extract(call.file, resolve(call.folder))
    return 0
  } catch (error) {
    err(
      `unzip:  cannot find or open ${call.file}, or it is no archive: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    return 9
  }
}

function parse(argv: readonly string[]): { file: string; folder: string } | undefined {
  let folder = '.'
  const files: string[] = []
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (word === '-d') {
      at += 1
      folder = argv[at] ?? ''
    } else if (/^-[qo]+$/.test(word)) continue
    else if (word.startsWith('-')) return undefined
    else files.push(word)
  }
  const [file] = files
  return file === undefined || files.length > 1 || folder === '' ? undefined : { file, folder }
}

async function extract(file: string, folder: string): Promise<void> {
  const archive = await openPromise(file)
  mkdirSync(folder, { recursive: true })
  for await (const entry of archive.eachEntry()) {
    const target = join(folder, entry.fileName)
    if (target !== folder && !target.startsWith(folder + sep))
      throw new Error(`${entry.fileName} leaves the folder`)
    if (entry.fileName.endsWith('/')) {
      mkdirSync(target, { recursive: true })
      continue
    }
    mkdirSync(dirname(target), { recursive: true })
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    await pipeline(
      await archive.openReadStreamPromise(entry),
      createWriteStream(target, { mode: mode || 0o644 }),
    )
  }
}
