// A MiniStack of its own for a test: an empty account on a free port of the loopback address.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Tools } from './tools.ts'

const run = promisify(execFile)

export interface Ministack {
  /** Environment in which `aws` and scripts talk to it, and to nothing else. */
  readonly env: Readonly<Record<string, string>>
  /** One AWS CLI command; the answer parsed, or undefined where there is none. */
  aws(...words: readonly string[]): Promise<unknown>
  close(): Promise<void>
}

export const ministackAccount = '000000000000'

export async function startMinistack(tools: Tools): Promise<Ministack> {
  const port = await findPort()
  const child = spawn(tools.ministack, [], {
    env: {
      PATH: process.env['PATH'],
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      DOCKER_HOST: 'unix:///nonexistent',
    },
    stdio: 'ignore',
  })
  const env = {
    PATH: `${tools.bin}:${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }
  await waitFor(`http://127.0.0.1:${port}/`, child)
  return {
    env,
    aws: async (...words) => {
      const { stdout } = await run('aws', [...words, '--output', 'json'], { env, timeout: 60_000 })
      return stdout.trim() === '' ? undefined : JSON.parse(stdout)
    },
    close: async () => {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function waitFor(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with ${child.exitCode}`)
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await sleep(250)
  }
  child.kill()
  throw new Error('MiniStack did not answer within a minute')
}
