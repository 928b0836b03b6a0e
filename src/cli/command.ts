// What a command of the command line is, and how its options are read: all mistakes together.
import { parseArgs } from 'node:util'
import type { Problem } from '../core/problem.ts'
import type { Borrowed } from './identityrequest.ts'
import type { Terminal } from './terminal.ts'

export interface Option {
  readonly name: string
  /** The value's name in the help; absent for a switch. */
  readonly value?: string
  readonly isRepeated?: boolean
  readonly help: string
}

export interface Invocation {
  readonly options: ReadonlyMap<string, readonly string[]>
  readonly positionals: readonly string[]
  /** What stands behind `--`. */
  readonly rest: readonly string[]
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** What needs the network; loaded with the first call. */
  borrow(): Promise<Borrowed>
}

/** 0 done; 1 something outside refused or failed; 2 your inputs or repository are wrong; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130

export interface Command {
  readonly name: string
  readonly summary: string
  /** Names of positional arguments for the help, for example `[DIR]`. */
  readonly positionals: readonly string[]
  /** True if `-- COMMAND ...` may follow. */
  readonly takesCommand?: boolean
  readonly options: readonly Option[]
  run(invocation: Invocation): Promise<number>
}

export interface Arguments {
  readonly options: ReadonlyMap<string, readonly string[]>
  readonly positionals: readonly string[]
  readonly rest: readonly string[]
  readonly problems: readonly Problem[]
}

const common: readonly Option[] = [
  { name: 'json', help: 'one JSON document on stdout, nothing else' },
  { name: 'help', help: 'show this help' },
]

/** Reads the words behind the command's name; unknown options and missing values become problems. */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const options = [...command.options, ...common]
  const split = command.takesCommand ? words.indexOf('--') : -1
  const own = split < 0 ? words : words.slice(0, split)
  const { tokens } = parseArgs({
    args: [...own],
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const found = new Map<string, readonly string[]>()
  const positionals: string[] = []
  const problems: Problem[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = options.find(({ name }) => name === token.name)
    const problem = checkOption(command, option, token)
    if (problem !== undefined) problems.push(problem)
    else if (option !== undefined)
      found.set(option.name, [
        ...(option.isRepeated ? (found.get(option.name) ?? []) : []),
        token.value ?? 'true',
      ])
  }
  for (const extra of positionals.slice(command.positionals.length))
    problems.push(unknown(command, `The argument \`${extra}\` is one too many.`))
  return { options: found, positionals, rest: split < 0 ? [] : words.slice(split + 1), problems }
}

function checkOption(
  command: Command,
  option: Option | undefined,
  token: { readonly rawName: string; readonly value?: string | undefined },
): Problem | undefined {
  if (option === undefined) return unknown(command, `The option \`${token.rawName}\` is not known.`)
  if (option.value !== undefined && token.value === undefined)
    return unknown(command, `The option \`${token.rawName}\` needs a value.`)
  return undefined
}

function unknown(command: Command, message: string): Problem {
  return {
    code: 'DCF-INPUT-UNKNOWN',
    severity: 'error',
    message,
    help: `\`dcf-lambda ${command.name} --help\` shows what it takes.`,
  }
}

/** The one value of an option; the last where it is given several times. */
export function optionOf(invocation: Pick<Invocation, 'options'>, name: string): string | undefined {
  return invocation.options.get(name)?.at(-1)
}

export function isSet(invocation: Pick<Invocation, 'options'>, name: string): boolean {
  const value = optionOf(invocation, name)
  return value !== undefined && value !== 'false'
}

/** The help of one command. */
export function describeCommand(command: Command): readonly string[] {
  const usage = [
    'dcf-lambda',
    command.name,
    ...command.positionals,
    '[OPTIONS]',
    ...(command.takesCommand ? ['[-- COMMAND ...]'] : []),
  ]
  const rows = [...command.options, ...common].map(
    ({ name, value, help }) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    usage.join(' '),
    '',
    `  ${command.summary}`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ]
}
