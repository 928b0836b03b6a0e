// Runs functions as containers of the host's Docker engine: the real counterpart of the Function URL's stand-in.
import type { Tokens } from '../services/ecr/token.ts'
import type { LambdaFunction, Version } from '../services/function.ts'
import type { Invoker } from '../services/functionurl/invoker.ts'
import type { World } from '../world.ts'
import type { Plant } from './container.ts'
import { createDocker } from './docker.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { findGateway, type Gateway } from './gateway.ts'
import { type Instance, StartFailure, startInstance } from './instance.ts'
import { createLabel, removeLeftovers } from './leftovers.ts'
import type { RealParts } from './parts.ts'
import { createPuller } from './puller.ts'

export interface ContainerInvoker extends Invoker {
  /** Ends every container and takes the images of the sandbox's registry off the engine. */
  close(): Promise<void>
}

export function createContainerInvoker(world: World, tokens: Tokens, parts: RealParts): ContainerInvoker {
  const docker = createDocker(parts.dockerHost)
  const puller = createPuller(world, tokens, docker)
  const label = createLabel()
  const fleets = new Map<LambdaFunction, Fleet>()
  let gateway: Promise<Gateway> | undefined

  async function launch(fn: LambdaFunction, version: Version, patience: number): Promise<Instance> {
    if (version.image === undefined)
      throw new StartFailure('Runtime.InvalidEntrypoint', 'The function has no image.')
    gateway ??= removeLeftovers(docker).then(() => findGateway(docker))
    const plant: Plant = { world, docker, label, gateway: await gateway }
    const { reference, extensions } = await puller.pull(version.image).catch(failPull)
    return startInstance({ fn, version, image: reference, extensions, patience }, plant)
  }

  return {
    invoke: ({ fn, version, event, requestId }) => {
      const fleet = fleets.get(fn) ?? createFleet((wanted, patience) => launch(fn, wanted, patience))
      fleets.set(fn, fleet)
      return fleet.run(version, {
        requestId,
        event: JSON.stringify(event),
        traceId: event.headers['x-amzn-trace-id'] ?? '',
        timeout: version.timeout * 1000,
      })
    },
    forget: async (fn) => {
      const fleet = fleets.get(fn)
      fleets.delete(fn)
      await fleet?.end()
    },
    close: async () => {
      await Promise.all([...fleets.values()].map((fleet) => fleet.end()))
      const { stdout } = await docker.run([
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=dcf-sandbox=${label}`,
      ])
      const left = stdout.toString('utf8').split('\n').filter(Boolean)
      if (left.length > 0) await docker.run(['rm', '--force', ...left])
      await puller.removeAll()
      docker.close()
    },
  }
}

function failPull(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  throw new StartFailure('Image.PullFailed', message)
}
