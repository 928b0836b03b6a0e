// `sandbox`: the stand-in of AWS and GitHub on this machine, until interrupted or for as long as a command runs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { EVERY_OPTIONAL_POLICY } from '../sandbox/options.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { type Command, type Invocation, isSet, optionOf } from './command.ts'
import { rejectAll } from './localrun.ts'
import { missingRealParts } from './realparts.ts'
import { standinEntry } from './standin.ts'

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'Serve the stand-in of AWS and GitHub on 127.0.0.1, until interrupted or while COMMAND runs.',
  positionals: [],
  takesCommand: true,
  options: [
    { name: 'real', help: 'run the real AWS CLI and Docker in builds, and the function as a container' },
    { name: 'port', value: 'N', help: 'port to listen on; default is any free one' },
    { name: 'env-file', value: 'FILE', help: 'write the environment of a step there, with mode 0600' },
  ],
  run: async (invocation) => {
    const port = Number(optionOf(invocation, 'port') ?? '0')
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      const message = `\`--port\` is \`${optionOf(invocation, 'port') ?? ''}\`.`
      return rejectAll(invocation, [
        { code: 'DCF-INPUT-INVALID', severity: 'error', message, help: 'It must be a port from 0 to 65535.' },
      ])
    }
    const real = isSet(invocation, 'real')
    const missing = real ? await missingRealParts() : undefined
    if (missing !== undefined) return rejectAll(invocation, [missing])
    const running = await startSandbox({
      port,
      optionalPolicies: EVERY_OPTIONAL_POLICY,
      standinEntry: standinEntry(),
      real,
    })
    try {
      announce(invocation, running)
      return await serve(invocation, running)
    } finally {
      await running.close()
    }
  },
}

function announce(invocation: Invocation, running: Sandbox): void {
  const { terminal } = invocation
  const file = optionOf(invocation, 'env-file')
  if (file !== undefined) writeEnvironment(file, running.env)
  terminal.print([
    `The sandbox is ready at ${running.endpoint}. It is a stand-in: nothing of it is AWS or GitHub.`,
    ...Object.entries(running.names).map(([name, value]) => `  ${name}: ${value}`),
    ...(file === undefined ? [] : [`The environment of a step is in ${file}.`]),
    ...(invocation.rest.length > 0 ? [] : ['Ctrl+C stops it.']),
  ])
  terminal.document({
    endpoint: running.endpoint,
    names: running.names,
    environment: running.env,
    secret: running.secret,
  })
}

/** It holds the bearer of the token endpoint: readable by its owner only, also where a file of that name was there before. */
function writeEnvironment(file: string, environment: Readonly<Record<string, string>>): void {
  rmSync(file, { force: true })
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(file, lines.join(''), { mode: 0o600, flag: 'wx' })
}

/** The caller's environment without its own AWS settings, plus what a step needs and where the journal is. */
function commandEnvironment(environment: Invocation['environment'], running: Sandbox): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'))
  return {
    ...Object.fromEntries(kept),
    ...running.env,
    DCF_SANDBOX_URL: running.endpoint,
    DCF_SANDBOX_SECRET: running.secret,
  }
}

async function serve({ rest, signal, terminal, environment }: Invocation, running: Sandbox): Promise<number> {
  const [program, ...words] = rest
  if (program === undefined) {
    // A pending promise keeps no process alive, but the listening server does.
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    return 0
  }
  const child = spawn(program, words, {
    env: commandEnvironment(environment, running),
    stdio: ['inherit', terminal.isJson ? 2 : 'inherit', 'inherit'],
  })
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    terminal.complain([
      `\`${program}\` cannot be started: ${error instanceof Error ? error.message : String(error)}`,
      'Check its name, and that it is on PATH.',
    ])
    return 1
  })
  const ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : 1))
  return Promise.race([failed, ended])
}
