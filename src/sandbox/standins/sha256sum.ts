// `sha256sum` where the host has none: prints digests, or checks a list of them.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Console } from './console.ts'

export function runSha256sum(argv: readonly string[], { out, err }: Console): number {
  const flags = argv.filter((word) => word.startsWith('-') && word !== '-')
  const unknown = flags.find((flag) => !['-c', '--check', '--status'].includes(flag))
  if (unknown !== undefined) {
    err(`sha256sum: unrecognized option '${unknown}'\n`)
    return 1
  }
  const files = argv.filter((word) => !flags.includes(word))
  const inputs = files.length === 0 ? ['-'] : files
  if (!flags.includes('-c') && !flags.includes('--check')) {
    for (const file of inputs) out(`${digest(read(file))}  ${file}\n`)
    return 0
  }
  const quiet = flags.includes('--status')
  const results = inputs.flatMap((list) => check(read(list).toString('utf8')))
  if (!quiet) for (const { file, good } of results) out(`${file}: ${good ? 'OK' : 'FAILED'}\n`)
  return results.length > 0 && results.every(({ good }) => good) ? 0 : 1
}

function check(list: string): readonly { file: string; good: boolean }[] {
  return list
    .split('\n')
    .map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, expected = '', file = '']) => ({
      file,
      good: isReadable(file) && digest(read(file)) === expected,
    }))
}

function isReadable(file: string): boolean {
  try {
    read(file)
    return true
  } catch {
    return false
  }
}

function read(file: string): Buffer {
  return readFileSync(file === '-' ? 0 : file)
}

function digest(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
