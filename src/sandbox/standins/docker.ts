// The stand-in for the docker command inside a build: it builds images without running anything and pushes them for real.
import { readFileSync } from 'node:fs'
import { isObject, parseJson } from '../json.ts'
import type { Console } from './console.ts'
import { runBuild } from './dockerbuildcommand.ts'
import { parseFlags } from './dockerflags.ts'
import { login, pull, push, removeImages, tagImage } from './dockerimages.ts'
import { copyOut, createContainer, inspectObjects, removeContainers } from './dockerobjects.ts'
import { RegistryError } from './dockerregistry.ts'
import { openStore, saveStore } from './dockerstore.ts'
import type { Docker } from './dockertool.ts'
import { BuildFailure } from './dockerwords.ts'
import { renderTemplate } from './gotemplate.ts'
import { UsageError } from './usage.ts'

type Command = (argv: readonly string[], docker: Docker) => number | Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  build: runBuild,
  create: createContainer,
  cp: copyOut,
  rm: removeContainers,
  inspect: inspectObjects,
  login,
  tag: tagImage,
  push,
  pull,
  rmi: removeImages,
  info,
  version: info,
  'image inspect': inspectObjects,
  'image build': runBuild,
  'image push': push,
  'image pull': pull,
  'image tag': tagImage,
  'image rm': removeImages,
  'container create': createContainer,
  'container inspect': inspectObjects,
  'container cp': copyOut,
  'container rm': removeContainers,
}

const SOCKET = 'unix:///var/run/docker.sock'

/** Docker's exit statuses: 125 for flags that it does not know, 127 where there is no docker, else 1. */
export async function runDocker(argv: readonly string[], console: Console): Promise<number> {
  const state = readState(console)
  if (state.environmentType.includes('LAMBDA')) {
    console.err('docker: command not found\n')
    return 127
  }
  if (argv[0] === '--version') {
    console.out('Docker version 28.5.2 (the stand-in of the dcf-lambda sandbox)\n')
    return 0
  }
  const [name, command, rest] = findCommand(argv)
  if (command === undefined) {
    console.err(`docker: '${name}' is not a docker command.\nSee 'docker --help'\n`)
    return 1
  }
  if (!state.privileged && rest[0] !== '--help') {
    console.err(`Cannot connect to the Docker daemon at ${SOCKET}. Is the docker daemon running?\n`)
    return 1
  }
  const architecture = state.environmentType.startsWith('ARM') ? 'arm64' : 'amd64'
  const docker: Docker = { console, store: openStore(state.store), folder: state.store, architecture }
  try {
    return await command(rest, docker)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof BuildFailure || error instanceof RegistryError))
      throw error
    console.err(`${error.message}\n`)
    return error instanceof UsageError ? error.status : 1
  } finally {
    saveStore(state.store, docker.store)
  }
}

function findCommand([first = '', second = '', ...rest]: readonly string[]): [
  string,
  Command | undefined,
  readonly string[],
] {
  const long = COMMANDS[`${first} ${second}`]
  if (long !== undefined) return [`${first} ${second}`, long, rest]
  return [first, COMMANDS[first], second === '' && rest.length === 0 ? [] : [second, ...rest]]
}

function readState({ env }: Console): { privileged: boolean; environmentType: string; store: string } {
  const file = env['DCF_STANDIN']
  const state = file === undefined ? undefined : parseJson(readFileSync(file, 'utf8'))
  if (!isObject(state)) throw new Error('the docker stand-in runs inside a build of the sandbox only')
  return {
    privileged: state['privileged'] === true,
    environmentType: String(state['environmentType']),
    store: String(state['store']),
  }
}

function info(argv: readonly string[], { console, architecture }: Docker): number {
  const { values } = parseFlags('info', argv, { valued: ['format'], plain: [], short: { f: 'format' } })
  const facts = {
    ServerVersion: '28.5.2',
    Architecture: architecture === 'arm64' ? 'aarch64' : 'x86_64',
    OSType: 'linux',
    OperatingSystem: 'the stand-in of the dcf-lambda sandbox',
  }
  const [format] = values.get('format') ?? []
  const lines = Object.entries(facts).map(([name, value]) => ` ${name}: ${value}`)
  console.out(format === undefined ? `Server:\n${lines.join('\n')}\n` : `${renderTemplate(format, facts)}\n`)
  return 0
}
