// Our annotations are what the runner's own toolkit writes.
import { error, notice, warning } from '@actions/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCommand } from '../../src/edge/github/command.ts'

/** What the toolkit writes to stdout. */
function capture(write: () => void): string {
  const original = process.stdout.write
  let text = ''
  process.stdout.write = (piece: string | Uint8Array) => {
    text += String(piece)
    return true
  }
  try {
    write()
  } finally {
    process.stdout.write = original
  }
  return text
}

test.each([
  ['error', error],
  ['warning', warning],
  ['notice', notice],
] as const)('%s is written as @actions/core writes it', (name, toolkit) => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 1 }),
      fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1 }), { nil: undefined }),
      (message, title, file, line) => {
        const theirs = capture(() =>
          toolkit(message, {
            title,
            ...(file === undefined ? {} : { file }),
            ...(line === undefined ? {} : { startLine: line }),
          }),
        )
        expect(formatCommand(name, { title, file, line }, message)).toBe(theirs.replace(/\r\n$/, '\n'))
      },
    ),
  )
})
