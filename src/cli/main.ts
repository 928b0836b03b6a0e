#!/usr/bin/env node
// The command line's door: finds the command, reads its options, and sets the exit code.
import { explainProblem } from '../core/words.ts'
import { Concealer } from '../edge/conceal.ts'
import { catchInterrupts } from '../edge/interrupt.ts'
import { type Command, describeCommand, readArguments } from './command.ts'
import { createTerminal } from './terminal.ts'

/** Loaded on demand: `plan` must not pay for the AWS SDK. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import(/* webpackMode: "eager" */ './demo.ts')).demo,
  sandbox: async () => (await import(/* webpackMode: "eager" */ './sandbox.ts')).sandbox,
  plan: async () => (await import(/* webpackMode: "eager" */ './plan.ts')).plan,
  pack: async () => (await import(/* webpackMode: "eager" */ './pack.ts')).pack,
  deploy: async () => (await import(/* webpackMode: "eager" */ './deploy.ts')).deploy,
  setup: async () => (await import(/* webpackMode: "eager" */ './setup.ts')).setup,
  doctor: async () => (await import(/* webpackMode: "eager" */ './doctor.ts')).doctor,
  init: async () => (await import(/* webpackMode: "eager" */ './init.ts')).init,
  undeploy: async () => (await import(/* webpackMode: "eager" */ './undeploy.ts')).undeploy,
}

async function main(words: readonly string[]): Promise<number> {
  const [name = '', ...rest] = words
  if (name === 'stand-in') return standIn(rest)
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  const terminal = createTerminal(process, new Concealer(), own.includes('--json'))
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    const isHelp = ['', '--help', '-h', 'help'].includes(name)
    const lines = await describeAll()
    if (isHelp) terminal.print(lines)
    else terminal.complain([`\`${name}\` is not a command.`, '', ...lines])
    return isHelp ? 0 : 2
  }
  const command = await load()
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
  const code = await command.run({ ...read, terminal, environment: process.env, signal: interrupt.signal })
  interrupt.release()
  return code
}

async function describeAll(): Promise<readonly string[]> {
  const all = await Promise.all(Object.values(commands).map((load) => load()))
  return [
    'dcf-lambda COMMAND [OPTIONS]',
    '',
    ...all.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`),
    '',
    '`dcf-lambda COMMAND --help` shows the options of a command.',
  ]
}

async function standIn([tool = '', ...words]: readonly string[]): Promise<number> {
  const standins = await import(/* webpackMode: "eager" */ '../sandbox/standins/main.ts')
  return standins.main(tool, words)
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
