// The trees that packaging is measured on, the same on every machine.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface TreePlan {
  readonly name: string
  readonly build: (directory: string) => void
}

const words =
  'final class void async await return import package String int List Map request response handler server context if else for'.split(
    ' ',
  )

/** Numbers by a fixed rule, so that every machine measures the same bytes. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function writeSource(random: () => number, bytes: number): string {
  let text = ''
  while (text.length < bytes)
    text += `${words[Math.floor(random() * words.length)]}${random() < 0.12 ? ';\n  ' : ' '}`
  return text
}

function writeProject(directory: string, count: number, bytes: number): void {
  const random = createRandom(count)
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  put('pubspec.yaml', "name: bench\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n")
  put(
    'Dockerfile',
    'FROM dart:3.11 AS build\nCOPY . .\nRUN dart compile exe bin/server.dart -o /server\nFROM scratch\nCOPY --from=build /server /server\nCMD ["/server"]\n',
  )
  put('bin/server.dart', "import 'dart:io';\nfinal port = Platform.environment['PORT'];\n")
  for (let index = 3; index < count; index += 1) {
    put(`lib/part${index % 97}/file${index}.dart`, writeSource(random, Math.floor(bytes * (0.5 + random()))))
  }
}

function writeLargeFile(directory: string, bytes: number): void {
  writeProject(directory, 3, 0)
  const random = createRandom(7)
  const handle = openSync(join(directory, 'model.bin'), 'w')
  const block = Buffer.alloc(1024 * 1024)
  for (let written = 0; written < bytes; written += block.length) {
    // Half of it text, half of it noise: neither the best nor the worst case for deflate.
    block.write(writeSource(random, block.length / 2), 0, 'latin1')
    for (let at = block.length / 2; at < block.length; at += 4)
      block.writeUInt32LE(Math.floor(random() * 2 ** 32), at)
    writeSync(handle, block)
  }
  closeSync(handle)
}

export const trees: readonly TreePlan[] = [
  { name: '100 files', build: (directory) => writeProject(directory, 100, 1100) },
  { name: '10,000 files', build: (directory) => writeProject(directory, 10_000, 2000) },
  { name: 'one 500 MB file', build: (directory) => writeLargeFile(directory, 500 * 1024 * 1024) },
]
