// Starts a program that serves HTTP on a free port of the loopback address, and ends it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
  close(): Promise<void>
}

export interface Command {
  readonly program: string
  words(port: number): readonly string[]
  env(port: number): Readonly<Record<string, string>>
}

export async function startEmulator(command: Command): Promise<Emulator> {
  const port = await findPort()
  const child = spawn(command.program, command.words(port), {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...command.env(port) },
    stdio: 'ignore',
  })
  const endpoint = `http://127.0.0.1:${port}`
  await waitFor(endpoint, child, command.program)
  return { endpoint, close: () => end(child) }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function waitFor(endpoint: string, child: ChildProcess, program: string): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${program} ended with status ${child.exitCode}`)
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await sleep(250)
  }
  child.kill()
  throw new Error(`${program} did not answer within a minute`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
