// The list of what the sandbox offers. A new service is one file in services/ and one line here.
import { createGithubDoors, type GithubAccess } from './identity/github.ts'
import type { SandboxOptions } from './options.ts'
import type { Door, Service } from './service.ts'
import { createS3Service } from './services/s3.ts'
import { createStsService } from './services/sts.ts'
import type { World } from './world.ts'

/** AWS services, each recognised by its name in the credential scope. `options` carries what builds need (stand-ins, real). */
export function createServices(world: World, _options: SandboxOptions): readonly Service[] {
  return [createStsService(world), createS3Service(world)]
}

/** Parts that are no AWS service, asked in this order before the services are: the registry belongs here. */
export function createDoors(world: World, github: GithubAccess): readonly Door[] {
  return [...createGithubDoors(world, github)]
}
