// StartBuild: checks, idempotency and the account's limit, then a build that lives on by itself.
import { randomUUID } from 'node:crypto'
import { AwsError } from '../../awserror.ts'
import type { Role } from '../../identity/role.ts'
import type { Access, Caller } from '../../service.ts'
import type { World } from '../../world.ts'
import type { Members } from '../members.ts'
import type { PermitsPrincipal } from '../permission.ts'
import type { Build, Project } from '../project.ts'
import { readConditions } from './conditions.ts'
import { type Lifecycle, liveThrough } from './lifecycle.ts'
import { checkStartBuild, mergeSettings } from './settings.ts'

/** AWS forgets an idempotency token after five minutes. */
const TOKEN_LIFE = 5 * 60_000

export interface BuildOffice extends Lifecycle {
  readonly permitsPrincipal: PermitsPrincipal
}

/** What StartBuild needs: the project, and PassRole where the service role is overridden. */
export function accessOfStartBuild(input: Members, world: World): readonly Access[] {
  const project = {
    action: 'codebuild:StartBuild',
    resource: projectArn(input.text('projectName') ?? '', world),
    context: readConditions(input),
  }
  const role = input.text('serviceRoleOverride')
  if (role === undefined) return [project]
  return [
    project,
    {
      action: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': ['codebuild.amazonaws.com'] },
    },
  ]
}

export function projectArn(name: string, { account, region, partition }: World): string {
  return `arn:${partition}:codebuild:${region}:${account}:project/${name}`
}

/** Throws ResourceNotFoundException, InvalidInputException and AccountLimitExceededException as AWS does. */
export function startBuild(input: Members, caller: Caller, office: BuildOffice): Build {
  const { world } = office
  checkStartBuild(input)
  const name = input.text('projectName') ?? ''
  const project = world.projects.get(name)
  if (project === undefined) {
    throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectArn(name, world)}`)
  }
  const earlier = findByToken(input, world)
  if (earlier !== undefined) return earlier
  const settings = mergeSettings(project, input)
  const role = findServiceRole(settings.serviceRole, office)
  refuseOverLimit(office)
  const build = createBuild(project, settings, input, { caller, world })
  world.builds.set(build.id, build)
  launch(build, role, office)
  return build
}

function findByToken(input: Members, world: World): Build | undefined {
  const token = input.text('idempotencyToken')
  if (token === undefined) return undefined
  const since = world.clock.now() - TOKEN_LIFE
  const earlier = [...world.builds.values()].find(
    (one) => one.idempotency?.token === token && one.startTime > since,
  )
  if (earlier === undefined) return undefined
  if (earlier.idempotency?.parameters === input.canonical()) return earlier
  throw new AwsError(
    'InvalidInputException',
    `The idempotency token ${token} was already used with other parameters`,
  )
}

function findServiceRole(arn: string, { world, permitsPrincipal }: BuildOffice): Role {
  const role = [...world.roles.values()].find((one) => one.arn === arn)
  const access = { action: 'sts:AssumeRole', resource: arn }
  if (
    role !== undefined &&
    permitsPrincipal({ policy: role.trust, principal: 'codebuild.amazonaws.com', access })
  )
    return role
  throw new AwsError(
    'InvalidInputException',
    `CodeBuild is not authorized to perform: sts:AssumeRole on ${arn}`,
  )
}

function refuseOverLimit({ world, switches }: BuildOffice): void {
  const maximum = switches.codebuild.maximumBuilds
  if (maximum === undefined) return
  const running = [...world.builds.values()].filter((build) => build.status === 'IN_PROGRESS').length
  if (running < maximum) return
  throw new AwsError(
    'AccountLimitExceededException',
    `Cannot have more than ${maximum} builds in queue for the account`,
  )
}

function createBuild(
  project: Project,
  settings: Build['settings'],
  input: Members,
  { caller, world }: { readonly caller: Caller; readonly world: World },
): Build {
  project.builds += 1
  const id = `${project.name}:${randomUUID()}`
  const token = input.text('idempotencyToken')
  return {
    id,
    arn: `arn:${world.partition}:codebuild:${world.region}:${world.account}:build/${id}`,
    number: project.builds,
    project,
    settings,
    startTime: world.clock.now(),
    initiator: caller.arn.split(':assumed-role/')[1] ?? caller.arn,
    currentPhase: 'SUBMITTED',
    status: 'IN_PROGRESS',
    phases: [],
    exported: [],
    stop: new AbortController(),
    ended: Promise.resolve(),
    ...(token === undefined ? {} : { idempotency: { token, parameters: input.canonical() } }),
  }
}

/** A runner that throws is a mistake of the sandbox; as at AWS, the customer sees a build with status FAULT. */
function launch(build: Build, role: Role, office: BuildOffice): void {
  build.ended = liveThrough(build, role, office).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    build.phases.push({
      phaseType: 'COMPLETED',
      startTime: office.world.clock.now(),
      contexts: [{ statusCode: 'INTERNAL_SERVICE_ERROR', message }],
    })
    build.currentPhase = 'COMPLETED'
    build.endTime = office.world.clock.now()
    build.status = 'FAULT'
  })
}
