// What this machine has for the act suite: act itself, two versions of Node.js, a Docker Engine. What is missing is
// said loudly and skipped; under CI_STRICT=1 it is a failure.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findTool, isStrict } from '../../scripts/workflows/tools.ts'

export interface Machine {
  readonly act: string
  readonly node20: string
  readonly node24: string
  /** DOCKER_HOST of an engine that answers, `null` when there is none. */
  readonly docker: string | null
}

export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'missing'; readonly why: string }

/** Looks for everything and for nothing else; installs nothing. */
export function findMachine(): Found<Machine> {
  const act = findTool('act')
  const node20 = findTool('node20')
  if (act === null) return miss('act is not installed; run .ci/install-tools.sh act')
  if (node20 === null) return miss('Node.js 20 is not installed; run .ci/install-tools.sh node20')
  const node24 = readNode24()
  if (node24 === null) return miss(`Node.js 24 is not there, this is ${process.version}; run \`npm ci\``)
  return { kind: 'found', value: { act, node20, node24, docker: findDocker() } }
}

/** True when the suite must be skipped; throws instead where a skip is a failure. */
export function mustSkip(what: string, why: string | null): boolean {
  if (why === null) return false
  if (isStrict()) throw new Error(`${what} cannot run: ${why}`)
  console.warn(`SKIPPED ${what}: ${why}`)
  return true
}

/** Makes sure that the engine has an image with that Node.js, and returns its name. */
export function prepareImage(docker: string, node: string): string {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  const tag = `dcf-act:node-${version}`
  const script = new URL('image.sh', import.meta.url).pathname
  execFileSync(script, [node, tag], {
    env: { ...process.env, DOCKER_HOST: docker },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return tag
}

function miss(why: string): { readonly kind: 'missing'; readonly why: string } {
  return { kind: 'missing', why }
}

function readNode24(): string | null {
  return process.version.startsWith('v24.') ? process.execPath : null
}

/** The engine of DOCKER_HOST, that of the container suite, or the machine's own. */
function findDocker(): string | null {
  const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache/dcf-aws-lambda-deploy')
  const suite = join(cache, 'run/env.sh')
  const written = existsSync(suite)
    ? /DOCKER_HOST='([^']+)'/.exec(readFileSync(suite, 'utf8'))?.[1]
    : undefined
  const hosts = [process.env['DOCKER_HOST'], written, 'unix:///var/run/docker.sock']
  return hosts.find((host) => host !== undefined && answers(host)) ?? null
}

function answers(host: string): boolean {
  const { status } = spawnSync('docker', ['version'], {
    env: { ...process.env, DOCKER_HOST: host },
    timeout: 20_000,
  })
  return status === 0
}
