// The list of what the sandbox offers. A new service is one file in services/ and one line here.
import { authorize, createPermits, permitsPrincipal } from './identity/authorize.ts'
import { createGithubDoors, type GithubAccess } from './identity/github.ts'
import type { Journal } from './journal.ts'
import type { SandboxOptions } from './options.ts'
import { createRunBuild } from './runner/run.ts'
import type { Door, Service, StreamDoor } from './service.ts'
import { createCodebuildService } from './services/codebuild/service.ts'
import { createEcrService } from './services/ecr/service.ts'
import type { Tokens } from './services/ecr/token.ts'
import type { Invoker } from './services/functionurl/invoker.ts'
import { openFunctionUrl } from './services/functionurl/server.ts'
import { createLambdaService } from './services/lambda/service.ts'
import { createLogsService } from './services/logs/service.ts'
import type { Authorize } from './services/permission.ts'
import { createRegistryDoor } from './services/registry/door.ts'
import { createS3Service } from './services/s3.ts'
import { createStsService } from './services/sts.ts'
import type { World } from './world.ts'

/** AWS services, each recognised by its name in the credential scope. `options` carries what builds need (stand-ins, real). */
export function createServices(
  world: World,
  options: SandboxOptions,
  { tokens, invoker }: { readonly tokens: Tokens; readonly invoker: Invoker },
): readonly Service[] {
  const office = { world, switches: world.switches, permits: createPermits(world), permitsPrincipal }
  const urlOffice = { ...office, invoker }
  const runBuild = options.runBuild ?? createRunBuild(options.standinEntry)
  return [
    createStsService(world),
    createS3Service(world),
    createCodebuildService({ ...office, runBuild, real: options.real }),
    createLogsService(office),
    createLambdaService({ ...office, openUrl: (request) => openFunctionUrl(request, urlOffice) }),
    createEcrService({ ...office, tokens, authorize: authorizeIn(world) }),
  ]
}

/** Parts that are no AWS service, asked in this order before the services are. */
export function createDoors(world: World, github: GithubAccess): readonly Door[] {
  return [...createGithubDoors(world, github)]
}

/** Parts that stream, asked before everything else. */
export function createStreamDoors(world: World, tokens: Tokens, journal: Journal): readonly StreamDoor[] {
  return [
    createRegistryDoor({ world, switches: world.switches, authorize: authorizeIn(world), tokens, journal }),
  ]
}

function authorizeIn(world: World): Authorize {
  return (caller, access) => authorize(world, caller, access, 'json')
}
