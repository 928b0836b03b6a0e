// The real parts that setup.sh has made ready, for the tests: engines, registry, emulator.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** `26`, the same with the containerd image store, and 20.10. */
export type EngineName = '26' | '26c' | '20'

function read(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run these suites by test/containers/run.ts`)
  return value
}

export const cache = read('DCF_CONTAINERS_CACHE')
export const emulator = read('DCF_CONTAINERS_RIE')
export const registry = read('DCF_CONTAINERS_REGISTRY')

export function registryPassword(): string {
  return readFileSync(read('DCF_CONTAINERS_REGISTRY_PASSWORD_FILE'), 'utf8')
}

/** Makes this engine, with its own client, the one that everything in this process uses. */
export function useEngine(name: EngineName): void {
  process.env['DOCKER_HOST'] = `unix://${cache}/run/docker-${name}.sock`
  process.env['HOME'] = join(cache, `home-${name}`)
  process.env['PATH'] = `${cache}/bin-${name}:${cache}/bin-aws:${process.env['PATH']}`
}

/** Standard output of the engine's own client, trimmed. */
export async function docker(...words: readonly string[]): Promise<string> {
  const { stdout } = await execute('docker', words, { maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

export async function dockerLogin(host: string, password: string): Promise<void> {
  const child = execute('docker', ['login', '--username', 'AWS', '--password-stdin', host])
  child.child.stdin?.end(password)
  await child
}
