// The one way to print on a runner. Nothing printed here can speak to the runner.
import { randomBytes } from 'node:crypto'
import { neutralLines } from '../../core/neutral.ts'
import type { Concealer } from '../conceal.ts'

export interface Printer {
  /** Prints texts from anywhere, each line behind the mark. */
  print(mark: '|' | '-', texts: readonly string[]): void
}

export interface PrinterParts {
  /** Must write its whole argument at once. */
  write(text: string): void
  /** Hexadecimal digits that nobody outside can guess. */
  random(bytes: number): string
  readonly concealer: Concealer
}

/**
 * Each batch is one write: `stop-commands` with a fresh token, the neutral lines behind a mark, and the token that
 * resumes. A crash or a signal can therefore never leave the runner with its commands switched off.
 */
export function createPrinter({ write, random, concealer }: PrinterParts): Printer {
  return {
    print(mark, texts) {
      const lines = texts
        .flatMap((text) => neutralLines(concealer.conceal(text)))
        // Once more: what was dropped between two letters may have kept a secret from being seen.
        .map((line) => concealer.conceal(line))
      if (lines.length === 0) return
      const token = `dcf${random(16)}`
      const body = lines.map((line) => `${mark} ${line}\n`).join('')
      write(`::stop-commands::${token}\n${body}::${token}::\n`)
    },
  }
}

/** Writes to stdout before it returns. A reader that went away must not keep a run from cleaning up. */
export function writeOut(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined)
  process.stdout.write(text)
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
