// The one way to print from the command line: neutral text, colours only where they are seen, JSON alone on stdout.
import { neutralLine, neutralLines } from '../core/neutral.ts'
import type { Progress } from '../core/progress.ts'
import { describeProgress } from '../core/words.ts'
import type { Concealer } from '../edge/conceal.ts'

export interface Terminal {
  readonly isJson: boolean
  /** Lines for the person; on stderr when stdout belongs to the JSON document. */
  print(lines: readonly string[]): void
  /** A mistake or a refusal, on stderr. */
  complain(lines: readonly string[]): void
  show(progress: Progress): void
  /** The one document of `--json`; prints nothing otherwise. */
  document(value: unknown): void
}

export interface Streams {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

export function createTerminal({ stdout, stderr }: Streams, concealer: Concealer, isJson: boolean): Terminal {
  const plain = process.env['NO_COLOR'] !== undefined
  const write = (stream: NodeJS.WriteStream, lines: readonly string[], style = '') => {
    const dressed = stream.isTTY && !plain && style !== ''
    const neutral = lines.flatMap((line) => neutralLines(concealer.conceal(line)))
    if (neutral.length > 0)
      stream.write(neutral.map((line) => `${dressed ? `\u001b[${style}m${line}\u001b[0m` : line}\n`).join(''))
  }
  const people = isJson ? stderr : stdout
  return {
    isJson,
    print: (lines) => write(people, lines),
    complain: (lines) => write(stderr, lines, '31'),
    show: (progress) => {
      const lines = describeProgress(progress)
      if (progress.kind === 'log')
        write(
          people,
          lines.map((line) => `| ${line}`),
          '2',
        )
      else write(people, lines, progress.kind === 'step' ? '1' : '')
    },
    document: (value) => {
      if (isJson) stdout.write(`${concealer.conceal(JSON.stringify(value, undefined, 2))}\n`)
    },
  }
}

/** A value of a table, cut to a width. */
export function cell(text: string, width: number): string {
  const neutral = neutralLine(text.replace(/[\r\n]/g, ' '))
  return neutral.length > width ? `${neutral.slice(0, width - 1)}…` : neutral.padEnd(width)
}
