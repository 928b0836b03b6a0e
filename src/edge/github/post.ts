// The post step: finishes what a killed deployment could not, and copes with having nothing to go by.
import { randomBytes } from 'node:crypto'
import { abandon } from '../../core/abandon.ts'
import { parseEndpoints } from '../../core/endpoints.ts'
import type { Unfinished } from '../../core/host.ts'
import { readRunIdentity } from '../../core/unfinished.ts'
import { isolateSdk } from '../aws/clients.ts'
import { Concealer } from '../conceal.ts'
import { createHost } from '../host.ts'
import { network } from '../network.ts'
import { unfinishedState } from './action.ts'
import { createPrinter } from './printer.ts'
import { readInputs, readState } from './runner.ts'
import { githubTokens } from './token.ts'

/** Milliseconds that the post step takes at most. */
const limit = 60_000

/** Never fails the job: it says what it could do. */
export async function runPost(): Promise<void> {
  const concealer = new Concealer()
  const printer = createPrinter({
    write: (text) => process.stdout.write(text),
    random: (bytes) => randomBytes(bytes).toString('hex'),
    concealer,
  })
  const unfinished = readRunIdentity(readState(unfinishedState, process.env))
  if (unfinished === undefined) return
  isolateSdk(process.env)
  try {
    printer.print('-', [
      'The step ended before its build did.',
      await finish(unfinished, concealer, (lines) => printer.print('-', lines)),
    ])
  } catch (error) {
    printer.print('-', [
      'What the step left could not be cleaned up:',
      error instanceof Error ? error.message : String(error),
    ])
  }
}

async function finish(
  unfinished: Unfinished,
  concealer: Concealer,
  print: (lines: readonly string[]) => void,
): Promise<string> {
  const environment = process.env
  const endpoints = parseEndpoints(
    readInputs(['endpoint-url'], environment)['endpoint-url'] ?? '',
    environment,
  )
  if (!endpoints.ok) return 'Its endpoint is not one that may be called.'
  const host = createHost({
    signal: AbortSignal.timeout(limit),
    workspace: process.cwd(),
    endpoints: endpoints.value,
    network: async () => network,
    token: (audience) =>
      githubTokens({
        environment,
        audience,
        fromFork: false,
        concealer,
        sleep: (milliseconds) => host.sleep(milliseconds),
        now: () => host.now(),
      }),
    tell: (progress) => {
      if (progress.kind === 'note')
        print(progress.detail === undefined ? [progress.text] : [progress.text, progress.detail])
    },
    publish: () => undefined,
    remember: () => undefined,
  })
  const cloud = await host.connect(unfinished)
  const { bucket, key, owner, functionName, run, etag, buildId } = unfinished
  return abandon(
    {
      cloud,
      destination: { bucket, key, owner, functionName, run },
      stored: { etag },
      buildId: buildId === '' ? undefined : buildId,
    },
    host,
  )
}
