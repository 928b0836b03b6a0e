// Runs the host's `docker` for the sandbox, with a client configuration of its own, so that no password of the sandbox's
// registry lands in the user's.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface DockerResult {
  /** Exit status of the client; 127 when it could not be started. */
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Docker {
  run(args: readonly string[], input?: string): Promise<DockerResult>
  /** Standard output, trimmed. @throws Error with what the client said. */
  must(args: readonly string[], input?: string): Promise<string>
  /** Each line of output until the command ends; resolves with its exit status then. */
  follow(args: readonly string[], line: (text: string) => void): Promise<number>
  close(): void
}

/** Most of an answer that is read: a tar of `/opt/extensions`. */
const MOST_OUTPUT = 256 * 1024 * 1024

/** DOCKER_HOST and the current context are honoured: the engine is asked once and named from then on. */
export function createDocker(host: string): Docker {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-docker-'))
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_CONFIG: folder }
  const run: Docker['run'] = (args, input) =>
    new Promise((resolve) => {
      const child = execFile(
        'docker',
        args,
        { env, encoding: 'buffer', maxBuffer: MOST_OUTPUT },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 127
          resolve({ status, stdout, stderr: stderr.toString('utf8').trim() || (error?.message ?? '') })
        },
      )
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input ?? '')
    })
  return {
    run,
    must: async (args, input) => {
      const { status, stdout, stderr } = await run(args, input)
      if (status !== 0) throw new Error(`docker ${args[0]} ended with status ${status}: ${stderr}`)
      return stdout.toString('utf8').trim()
    },
    follow: (args, line) => follow(args, { env, line }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function follow(
  args: readonly string[],
  { env, line }: { readonly env: NodeJS.ProcessEnv; readonly line: (text: string) => void },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn('docker', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream.setEncoding('utf8')
      stream.on('data', (data: string) => {
        const parts = (rest + data).split('\n')
        rest = parts.pop() ?? ''
        for (const part of parts) line(part)
      })
      stream.on('close', () => {
        if (rest !== '') line(rest)
      })
    }
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}
