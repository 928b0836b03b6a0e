// Runs a command in this process and keeps what it says.
import { type Command, readArguments } from '../../src/cli/command.ts'
import { borrowed } from '../../src/cli/full.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

export interface Said {
  readonly exitCode: number
  readonly printed: string
  readonly complained: string
  /** The document of `--json`. */
  readonly document: unknown
}

export async function say(
  command: Command,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const { options, positionals, rest, problems } = readArguments(command, words)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const printed: string[] = []
  const complained: string[] = []
  let document: unknown
  const terminal: Terminal = {
    isJson: options.has('json'),
    print: (lines) => void printed.push(...lines),
    complain: (lines) => void complained.push(...lines),
    show: () => undefined,
    document: (value) => {
      document = value
    },
  }
  const signal = new AbortController().signal
  const exitCode = await command.run({
    options,
    positionals,
    rest,
    terminal,
    environment,
    signal,
    borrow: async () => borrowed,
  })
  return { exitCode, printed: printed.join('\n'), complained: complained.join('\n'), document }
}
