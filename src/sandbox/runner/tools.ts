// The folder of programs that a build finds first: stand-ins for `aws` and `docker`, and what the host lacks.
import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { BuildJob, ToolOrder } from './job.ts'

/** What the stand-ins have to know of the build; written beside them, never into the build's environment. */
export interface StandinState {
  readonly privileged: boolean
  readonly environmentType: string
  /** Folder of the image store. */
  readonly store: string
  readonly orders: readonly ToolOrder[]
}

export interface Tools {
  /** Value of PATH. */
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

/** @throws Error that says how to get a tool that `real` needs and the host has not. */
export function prepareTools(root: string, job: BuildJob, entry: readonly string[]): Tools {
  const bin = join(root, 'bin')
  const state: StandinState = {
    privileged: job.privileged,
    environmentType: job.environmentType,
    store: join(root, 'images'),
    orders: job.orders ?? [],
  }
  const stateFile = join(root, 'standin.json')
  mkdirSync(bin, { recursive: true })
  writeFileSync(stateFile, JSON.stringify(state))
  const lacking = ['unzip', 'sha256sum', 'curl'].filter((tool) => findTool(tool) === undefined)
  for (const tool of [...(job.real ? [] : ['aws', 'docker']), ...lacking]) {
    writeLauncher(join(bin, tool), [...entry, tool], {
      DCF_STANDIN: stateFile,
      NODE_COMPILE_CACHE: join(root, 'cache'),
    })
  }
  const path = [bin, process.env['PATH'] ?? '', '/usr/local/bin', '/usr/bin', '/bin']
    .filter(Boolean)
    .join(delimiter)
  return { path, env: job.real ? realEnvironment(root, job) : {} }
}

/** The cache of compiled code makes every call of a build but the first about three times as quick (Node 22 and later). */
function writeLauncher(
  file: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`)
  const words = [...settings, 'exec', ...command.map(quote)].join(' ')
  writeFileSync(file, `#!/bin/sh\n${words} "$@"\n`)
  chmodSync(file, 0o755)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** The build has a home of its own, so the engine and the plugins that the user's configuration names are handed on. */
function realEnvironment(root: string, { privileged }: BuildJob): Record<string, string> {
  for (const [tool, how] of [
    ['docker', 'install Docker Engine or Docker Desktop'],
    ['aws', 'install the AWS CLI, version 2.31.13 or 1.42.50 at least'],
  ] as const) {
    if (findTool(tool) === undefined) throw new Error(`\`${tool}\` is not on PATH: ${how}`)
  }
  const config = process.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '/root', '.docker')
  const plugins = join(config, 'cli-plugins')
  mkdirSync(join(root, 'home', '.docker'), { recursive: true })
  if (existsSync(plugins)) symlinkSync(plugins, join(root, 'home', '.docker', 'cli-plugins'))
  // CodeBuild runs an engine in privileged mode only.
  const none = `unix://${join(root, 'no-engine.sock')}`
  return { DOCKER_HOST: privileged ? (process.env['DOCKER_HOST'] ?? askEngine()) : none }
}

function askEngine(): string {
  const format = '{{.Endpoints.docker.Host}}'
  try {
    return execFileSync('docker', ['context', 'inspect', '--format', format], { encoding: 'utf8' }).trim()
  } catch {
    return 'unix:///var/run/docker.sock'
  }
}

function findTool(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
