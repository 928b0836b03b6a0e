// Starts the stand-in of AWS and GitHub on this machine, seeded with the account of the customer guide.
import { randomBytes } from 'node:crypto'
import { createAdminDoor } from './admin.ts'
import { createClock } from './clock.ts'
import { type Counter, dispatch } from './dispatch.ts'
import { createFaults, type Faults } from './faults.ts'
import { createGithubIdentity, type GithubIdentity } from './identity/claims.ts'
import { createJournal, type Journal } from './journal.ts'
import type { SandboxOptions } from './options.ts'
import { createContainerInvoker } from './real/invoker.ts'
import { findRealParts } from './real/parts.ts'
import { stepEnvironment } from './runnerenv.ts'
import { createWorld, type SeededNames, seedWorld } from './seed.ts'
import { listen } from './server.ts'
import { createTokens } from './services/ecr/token.ts'
import { createStandinInvoker } from './services/functionurl/standin.ts'
import { createDoors, createServices, createStreamDoors } from './services.ts'
import type { World } from './world.ts'

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
  /** What a step of a workflow needs beyond what the runner (or act) sets itself. */
  readonly env: Readonly<Record<string, string>>
  readonly names: SeededNames
  readonly world: World
  readonly journal: Journal
  readonly faults: Faults
  /** Whom the next token speaks of; change it to change the event. */
  readonly github: GithubIdentity
  /** Bearer of the token endpoint. */
  readonly requestToken: string
  /** Secret of `/_sandbox/journal` and `/_sandbox/faults`, sent as `x-sandbox-secret`. */
  readonly secret: string
  close(): Promise<void>
}

/**
 * Listens on 127.0.0.1 and resolves once requests are served.
 * @throws Error that says what `real` needs and this machine has not.
 */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const settings = fillOptions(options)
  const world = createWorld(createClock())
  const journal = createJournal()
  const faults = createFaults()
  const secret = randomBytes(24).toString('base64url')
  const requestToken = randomBytes(24).toString('base64url')
  const tokens = createTokens(world.clock)
  const invoker = settings.real
    ? createContainerInvoker(world, tokens, await findRealParts())
    : createStandinInvoker(world)
  const services = createServices(world, settings, { tokens, invoker })
  const streams = createStreamDoors(world, tokens, journal)
  const doors = [
    createAdminDoor({ journal, faults, secret }),
    ...createDoors(world, { identity: settings.github, requestToken }),
  ]
  const counter: Counter = { world, services, doors, journal, faults }
  const listening = await listen(settings.port, {
    streams,
    hosts: settings.hosts,
    handle: (exchange) => dispatch(exchange, counter),
  })
  world.endpoint = `http://127.0.0.1:${listening.port}`
  const names = seedWorld(world, settings)
  return {
    endpoint: world.endpoint,
    env: stepEnvironment({ endpoint: world.endpoint, requestToken, github: settings.github }),
    names,
    world,
    journal,
    faults,
    github: settings.github,
    requestToken,
    secret,
    close: async () => {
      await listening.close()
      for (const part of [...services, ...doors, ...streams]) await part.close?.()
      await invoker.close?.()
    },
  }
}

function fillOptions(options: Partial<SandboxOptions>): SandboxOptions {
  return {
    port: options.port ?? 0,
    optionalPolicies: options.optionalPolicies ?? [],
    github: options.github ?? createGithubIdentity(),
    standinEntry: options.standinEntry ?? [],
    real: options.real ?? false,
    hosts: options.hosts ?? [],
    ...(options.runBuild === undefined ? {} : { runBuild: options.runBuild }),
  }
}
