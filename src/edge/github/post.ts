// The post step: finishes what a killed deployment could not, and copes with having nothing to go by.
import { abandon } from '../../core/abandon.ts'
import { type Endpoints, parseEndpoints } from '../../core/endpoints.ts'
import type { Unfinished } from '../../core/host.ts'
import { readRunIdentity } from '../../core/unfinished.ts'
import { describeProgress } from '../../core/words.ts'
import { isolateSdk } from '../aws/clients.ts'
import { Concealer } from '../conceal.ts'
import { createHost, type OwnHost } from '../host.ts'
import { network } from '../network.ts'
import { unfinishedState } from './action.ts'
import { createPrinter, randomHex, writeOut } from './printer.ts'
import { readInputs, readState } from './runner.ts'
import { githubTokens } from './token.ts'

/** Milliseconds that the post step takes at most. */
const limit = 60_000

/** Never fails the job: it says what it could do. Without a state, or with half of one, there is nothing to go by. */
export async function runPost(): Promise<void> {
  const unfinished = readRunIdentity(readState(unfinishedState, process.env))
  if (unfinished === undefined) return
  const concealer = new Concealer()
  const printer = createPrinter({ write: writeOut, random: randomHex, concealer })
  const print = (lines: readonly string[]) => printer.print('-', lines)
  isolateSdk(process.env)
  print(['The step ended before its build did.'])
  try {
    print([await finish(unfinished, concealer, print)])
  } catch (error) {
    print([
      'What the step left could not be cleaned up:',
      error instanceof Error ? error.message : String(error),
      `Look at the build in the console: ${unfinished.buildUrl || unfinished.project}`,
    ])
  }
}

type Print = (lines: readonly string[]) => void

async function finish(unfinished: Unfinished, concealer: Concealer, print: Print): Promise<string> {
  const { bucket, key, owner, functionName, run, etag, buildId, buildUrl } = unfinished
  const input = readInputs(['endpoint-url'], process.env)['endpoint-url'] ?? ''
  const endpoints = parseEndpoints(input, process.env)
  if (!endpoints.ok) return 'Its endpoint is not one that may be called.'
  const host = postHost(endpoints.value, concealer, print)
  try {
    const undertaking = {
      cloud: await host.connect(unfinished),
      destination: { bucket, key, owner, functionName, run },
      stored: { etag },
      build: buildId === '' ? undefined : { id: buildId, url: buildUrl },
    }
    return (await abandon(undertaking, host)).text
  } finally {
    await host.dispose()
  }
}

function postHost(endpoints: Endpoints, concealer: Concealer, print: Print): OwnHost {
  const host: OwnHost = createHost({
    signal: AbortSignal.timeout(limit),
    workspace: process.cwd(),
    endpoints,
    network: async () => network,
    token: (audience) =>
      githubTokens({
        environment: process.env,
        audience,
        fromFork: false,
        concealer,
        sleep: (milliseconds, signal) => host.sleep(milliseconds, signal),
        now: () => host.now(),
      }),
    conceal: (secret) => concealer.add(secret),
    tell: (progress) => print(describeProgress(progress)),
    publish: () => undefined,
    remember: () => undefined,
  })
  return host
}
