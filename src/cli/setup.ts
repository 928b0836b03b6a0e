// `setup`: three decisions in, the files that set an AWS account up out.
import { join } from 'node:path'
import type { Problem } from '../core/problem.ts'
import { completeRequest, explainMissingIds, needsIds } from '../core/setup/complete.ts'
import { planSetup } from '../core/setup/files.ts'
import { deployStack } from '../core/setup/nextsteps.ts'
import { readSetup } from '../core/setup/options.ts'
import { type SetupRequest, valuesOf } from '../core/setup/request.ts'
import { listSubjects } from '../core/setup/subject.ts'
import { explainProblem } from '../core/words.ts'
import { placeFiles } from '../edge/files/place.ts'
import { askRepository } from '../edge/github/repository.ts'
import { policySources } from '../edge/policies.ts'
import { type Command, type ExitCode, type Invocation, isSet } from './command.ts'
import { setupOptions } from './setupoptions.ts'
import { textsOf } from './texts.ts'

const defaultFolder = 'dcf-aws-setup'

/** The command. */
export const setup: Command = {
  name: 'setup',
  summary:
    'Write what an AWS account needs for deployments of one repository: a stack, or commands, and workflows.',
  positionals: [],
  options: setupOptions,
  run: runSetup,
}

async function runSetup(invocation: Invocation): Promise<ExitCode> {
  const texts = textsOf(invocation)
  const checked = readSetup(texts)
  if (!checked.ok) return refuse(invocation, checked.problems, 2)
  const namesPlaces = texts['branch'] !== undefined || texts['environment'] !== undefined
  const completed = await complete(invocation, checked.value, namesPlaces)
  if (completed.request === undefined) return refuse(invocation, completed.problems, 1)
  const { request } = completed
  const folder = texts['out'] ?? defaultFolder
  const placed = placeFiles(folder, planSetup(request, policySources), isSet(invocation, 'force'))
  if (placed.problems.length > 0) return refuse(invocation, placed.problems, 2)
  for (const problem of completed.problems) invocation.terminal.complain(explainProblem(problem))
  const paths = [...placed.written, ...placed.unchanged].map((path) => join(folder, path)).sort()
  const next = [deployStack(request, join(folder, 'template.yaml'))]
  invocation.terminal.print(describe(request, paths, next))
  invocation.terminal.document({
    ok: true,
    repository: `${request.owner}/${request.name}`,
    repositoryId: request.ids?.repository,
    ownerId: request.ids?.owner,
    values: valuesOf(request),
    issuer: request.issuer,
    audience: request.audience,
    subjects: listSubjects(request),
    folder,
    files: paths,
    next,
    problems: completed.problems,
  })
  return 0
}

interface Answer {
  /** Absent if GitHub could not be asked. */
  readonly request?: SetupRequest
  readonly problems: readonly Problem[]
}

async function complete(
  invocation: Invocation,
  request: SetupRequest,
  namesPlaces: boolean,
): Promise<Answer> {
  if (!needsIds(request)) return { request, problems: [] }
  const { api, token } = findApi(invocation, request)
  invocation.terminal.print([`Asking ${api} for the ids of ${request.owner}/${request.name} ...`])
  const answer = await askRepository({ api, repository: `${request.owner}/${request.name}`, token })
  if (answer.kind === 'found') return completeRequest(request, answer.facts, namesPlaces)
  return { problems: [explainMissingIds(request, answer.reason)] }
}

/** The API that the environment names belongs to the server that it names; a token goes nowhere else. */
function findApi(
  { environment }: Invocation,
  request: SetupRequest,
): { readonly api: string; readonly token: string | undefined } {
  const isOurs = (environment['GITHUB_SERVER_URL'] ?? 'https://github.com') === request.server.url
  if (!isOurs) return { api: request.server.api, token: undefined }
  const api = environment['GITHUB_API_URL'] ?? request.server.api
  const isSafe = /^https:\/\/|^http:\/\/127\.0\.0\.1:\d+$/.test(api)
  return {
    api: isSafe ? api : request.server.api,
    token: environment['GITHUB_TOKEN'] ?? environment['GH_TOKEN'],
  }
}

function refuse({ terminal }: Invocation, problems: readonly Problem[], exitCode: ExitCode): ExitCode {
  terminal.complain(problems.flatMap(explainProblem))
  terminal.document({ ok: false, problems })
  return exitCode
}

function describe(
  request: SetupRequest,
  paths: readonly string[],
  next: readonly string[],
): readonly string[] {
  return [
    `${request.owner}/${request.name} -> AWS account ${request.account}, ${request.region}`,
    '',
    'Trusted, word for word:',
    ...listSubjects(request).map((subject) => `  ${subject}`),
    '',
    'Written:',
    ...paths.map((path) => `  ${path}`),
    '',
    'Next, with an identity that may create roles in that account:',
    ...next.map((command) => `  ${command}`),
    'and then copy workflows/ to .github/workflows/ of the repository. NEXT-STEPS.md says it all.',
  ]
}
