// A sandbox with real parts, and what the tests ask of it besides.
import { join } from 'node:path'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { LambdaFunction } from '../../src/sandbox/services/function.ts'

const LOG: readonly OptionalPolicy[] = ['deploy-role-read-build-log']

/** Docker, the AWS CLI and functions are real; the log may be read, so that a failure shows why. */
export function openRealAccount(policies: readonly OptionalPolicy[] = LOG): Promise<Sandbox> {
  return startSandbox({ real: true, optionalPolicies: policies })
}

/** The same account with stand-ins for `aws`, `docker` and the running function. */
export function openStandinAccount(policies: readonly OptionalPolicy[] = LOG): Promise<Sandbox> {
  const main = join(import.meta.dirname, '..', '..', 'src', 'sandbox', 'standins', 'entry.ts')
  return startSandbox({ optionalPolicies: policies, standinEntry: [process.execPath, main] })
}

export function functionOf(sandbox: Sandbox, name = 'echo'): LambdaFunction {
  const found = sandbox.world.functions.get(name)
  if (found === undefined) throw new Error(`there is no function ${name}`)
  return found
}

/** What the function's program wrote, oldest first. */
export function functionLog(sandbox: Sandbox, name = 'echo'): string {
  const group = sandbox.world.logGroups.get(`/aws/lambda/${name}`)
  return [...(group?.streams.values() ?? [])]
    .flatMap((stream) => stream.events.map((event) => event.message))
    .join('')
}

/** The log of the last build. */
export function buildLog(sandbox: Sandbox): string {
  const group = sandbox.world.logGroups.get(`/aws/codebuild/${sandbox.names.project}`)
  const last = [...(group?.streams.values() ?? [])].at(-1)
  return last?.events.map((event) => event.message).join('') ?? ''
}
