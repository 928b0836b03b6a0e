// The one way to print on a runner. Nothing printed here can speak to the runner.
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
      const lines = texts.flatMap((text) => neutralLines(concealer.conceal(text)))
      if (lines.length === 0) return
      const token = `dcf${random(16)}`
      const body = lines.map((line) => `${mark} ${line}\n`).join('')
      write(`::stop-commands::${token}\n${body}::${token}::\n`)
    },
  }
}
