// CodeBuild: which of its operations the sandbox knows, what each needs, and what it answers.
import { AwsError } from '../../awserror.ts'
import type { Exchange } from '../../exchange.ts'
import type { Access, Operation, Service } from '../../service.ts'
import { answerJson, readTarget, refuseJson, unknownOperation } from '../jsonprotocol.ts'
import { type Members, parseMembers } from '../members.ts'
import type { Build } from '../project.ts'
import { showBuild, showProject } from './show.ts'
import { accessOfStartBuild, type BuildOffice, projectArn, startBuild } from './startbuild.ts'

export function createCodebuildService(office: BuildOffice): Service {
  return {
    name: 'codebuild',
    protocol: 'json',
    understand: (exchange) => understand(exchange, office),
    refuse: refuseJson,
    close: () => closeBuilds(office),
  }
}

function understand(exchange: Exchange, office: BuildOffice): Operation {
  const name = readTarget(exchange, 'CodeBuild_20161006')
  const input = parseMembers(exchange.body.toString('utf8'))
  const parameters = input.plain()
  switch (name) {
    case 'StartBuild': {
      const run: Operation['run'] = (caller) =>
        answerJson({ build: show(startBuild(input, caller, office), office) })
      return { name, access: accessOfStartBuild(input, office.world), parameters, run }
    }
    case 'BatchGetBuilds':
      return {
        name,
        access: accessOfIds(name, input, office),
        parameters,
        run: () => answerJson(getBuilds(input, office)),
      }
    case 'StopBuild':
      return {
        name,
        access: accessOfIds(name, input, office),
        parameters,
        run: () => answerJson({ build: stopBuild(input, office) }),
      }
    case 'ListBuildsForProject':
      return {
        name,
        access: accessOfProjects(name, [input.text('projectName') ?? ''], office),
        parameters,
        run: () => answerJson(listBuilds(input, office)),
      }
    case 'BatchGetProjects':
      return {
        name,
        access: accessOfProjects(name, input.texts('names') ?? [], office),
        parameters,
        run: () => answerJson(getProjects(input, office)),
      }
    default:
      throw unknownOperation()
  }
}

/** Builds have no ARN in policies: CodeBuild asks for the project that the build's id names. */
function accessOfIds(name: string, input: Members, office: BuildOffice): readonly Access[] {
  const ids = input.texts('ids') ?? [input.text('id') ?? '']
  return accessOfProjects(
    name,
    ids.map((id) => plainId(id).split(':')[0] ?? ''),
    office,
  )
}

function accessOfProjects(
  name: string,
  projects: readonly string[],
  { world }: BuildOffice,
): readonly Access[] {
  return [...new Set(projects)].map((project) => ({
    action: `codebuild:${name}`,
    resource: projectArn(project, world),
  }))
}

/** AWS takes a build's ARN wherever it takes its id. */
function plainId(id: string): string {
  return id.includes(':build/') ? id.slice(id.indexOf(':build/') + ':build/'.length) : id
}

function show(build: Build, { world, switches }: BuildOffice): unknown {
  return showBuild(build, world, switches.codebuild.withholdExports)
}

function getBuilds(input: Members, office: BuildOffice): unknown {
  const ids = countedList(input, 'ids')
  const builds = ids.map((id) => office.world.builds.get(plainId(id)))
  return {
    builds: builds.filter((build) => build !== undefined).map((build) => show(build, office)),
    buildsNotFound: ids.filter((_id, index) => builds[index] === undefined),
  }
}

function getProjects(input: Members, { world }: BuildOffice): unknown {
  const names = countedList(input, 'names')
  const projects = names.map((name) => world.projects.get(name))
  return {
    projects: projects.filter((project) => project !== undefined).map(showProject),
    projectsNotFound: names.filter((_name, index) => projects[index] === undefined),
  }
}

/** 1 to 100 texts, as the service model has it. */
function countedList(input: Members, member: string): readonly string[] {
  const texts = input.texts(member) ?? []
  if (texts.length >= 1 && texts.length <= 100) return texts
  const bound = texts.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 100'
  const message = `1 validation error detected: Value '[${texts.join(', ')}]' at '${member}' failed to satisfy constraint: Member must have length ${bound}`
  throw new AwsError('InvalidInputException', message)
}

/** Answers at once with the build as it is; it ends a little later. Stopping an ended build changes nothing. */
function stopBuild(input: Members, office: BuildOffice): unknown {
  const id = plainId(input.text('id') ?? '')
  const build = office.world.builds.get(id)
  if (build === undefined) throw new AwsError('ResourceNotFoundException', `Build ${id} cannot be found`)
  if (build.status === 'IN_PROGRESS') build.stop.abort()
  return show(build, office)
}

function listBuilds(input: Members, { world }: BuildOffice): unknown {
  const name = input.text('projectName') ?? ''
  if (!world.projects.has(name)) {
    throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectArn(name, world)}`)
  }
  const ids = [...world.builds.values()]
    .filter((build) => build.project.name === name)
    .map((build) => build.id)
  return { ids: input.text('sortOrder') === 'ASCENDING' ? ids : ids.reverse() }
}

/** Stops what still runs and waits until it has ended. */
async function closeBuilds({ world }: BuildOffice): Promise<void> {
  const builds = [...world.builds.values()]
  for (const build of builds) if (build.status === 'IN_PROGRESS') build.stop.abort()
  await Promise.all(builds.map((build) => build.ended))
}
