// The door of the stand-ins: one program that plays the tool it was called as.
import { runAws } from './aws.ts'
import type { Console } from './console.ts'
import { runCurl } from './curl.ts'
import { runDocker } from './docker.ts'
import { findOrder } from './order.ts'
import { runSha256sum } from './sha256sum.ts'
import { runUnzip } from './unzip.ts'

const TOOLS: Readonly<
  Record<string, (argv: readonly string[], console: Console) => number | Promise<number>>
> = {
  aws: runAws,
  docker: runDocker,
  unzip: runUnzip,
  sha256sum: runSha256sum,
  curl: runCurl,
}

/** Plays `tool` with the arguments that it was called with, and gives the exit status. */
export async function main(tool: string, argv: readonly string[]): Promise<number> {
  const run = TOOLS[tool]
  const console: Console = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
  }
  if (run === undefined) {
    console.err(`there is no stand-in for ${tool}\n`)
    return 127
  }
  const order = findOrder(tool, argv, process.env)
  if (order === undefined) return run(argv, console)
  const print = order.status === 0 ? console.out : console.err
  print(`${order.prints}\n`)
  return order.status
}
