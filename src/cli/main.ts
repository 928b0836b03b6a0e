#!/usr/bin/env -S node --
// The command line's door: finds the command, reads its options, and sets the exit code. The `--` above keeps Node
// from taking `--env-file` for its own option, which it does wherever the option stands.
import { explainProblem } from '../core/words.ts'
import { Concealer } from '../edge/conceal.ts'
import { catchInterrupts } from '../edge/interrupt.ts'
import { type Command, describeCommand, readArguments } from './command.ts'
import { pack } from './pack.ts'
import { plan } from './plan.ts'
import { createTerminal } from './terminal.ts'

/** In this bundle; all others come with the one that holds the AWS SDK and the sandbox. */
const light: Readonly<Record<string, Command>> = { plan, pack }

async function main(words: readonly string[]): Promise<number> {
  const [name = '', ...rest] = words
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  const terminal = createTerminal(process, new Concealer(), own.includes('--json'))
  const command = await findCommand(name)
  if (command === undefined) {
    const isHelp = ['', '--help', '-h', 'help'].includes(name)
    const lines = await describeAll()
    if (isHelp) terminal.print(lines)
    else terminal.complain([`\`${name}\` is not a command.`, '', ...lines])
    return isHelp ? 0 : 2
  }
  const read = readArguments(command, rest)
  if (read.options.has('help')) {
    terminal.print(describeCommand(command))
    return 0
  }
  if (read.problems.length > 0) {
    terminal.complain(read.problems.flatMap(explainProblem))
    terminal.document({ status: 'failed', problems: read.problems })
    return 2
  }
  const interrupt = catchInterrupts()
  const code = await command.run({
    ...read,
    terminal,
    environment: { ...process.env },
    signal: interrupt.signal,
    borrow: async () => (await loadFull()).borrowed,
  })
  interrupt.release()
  return code
}

/** In the sources a module, in dist/ the bundle of that name beside this one. */
function loadFull(): Promise<typeof import('./full.ts')> {
  return import(/* webpackIgnore: true */ './full.ts')
}

async function findCommand(name: string): Promise<Command | undefined> {
  if (Object.hasOwn(light, name)) return light[name]
  return (await listCommands()).find((command) => command.name === name)
}

async function listCommands(): Promise<readonly Command[]> {
  return [...Object.values(light), ...(await loadFull()).commands]
}

async function describeAll(): Promise<readonly string[]> {
  const rows = (await listCommands()).map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`)
  return [
    'dcf-lambda COMMAND [OPTIONS]',
    '',
    ...rows,
    '',
    '`dcf-lambda COMMAND --help` shows the options of a command.',
  ]
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.exitCode = 1
    process.stderr.write(
      `This is a defect of dcf-lambda; please open an issue with this text.\n${error instanceof Error ? error.stack : String(error)}\n`,
    )
  },
)
