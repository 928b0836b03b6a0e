// Completes a request with what GitHub knows of the repository: its exact name, its numbers, its default branch.
import type { Problem } from '../problem.ts'
import type { SetupRequest } from './request.ts'
import type { Context } from './subject.ts'

/** What GitHub's API says of a repository. */
export interface KnownRepository {
  readonly fullName: string
  readonly id: string
  readonly ownerId: string
  readonly defaultBranch: string
}

export interface Completed {
  readonly request: SetupRequest
  readonly problems: readonly Problem[]
}

/** True if tokens of this repository may carry numbers that were not given. */
export function needsIds(request: SetupRequest): boolean {
  return request.server.hasSubjectsWithIds && request.ids === undefined
}

/** The request in GitHub's own spelling. `namesPlaces` is false where no branch or environment was asked for. */
export function completeRequest(
  request: SetupRequest,
  known: KnownRepository,
  namesPlaces: boolean,
): Completed {
  const [owner = request.owner, name = request.name] = known.fullName.split('/')
  const typed = `${request.owner}/${request.name}`
  const completed = {
    ...request,
    owner,
    name,
    ids: { owner: known.ownerId, repository: known.id },
    contexts: namesPlaces ? request.contexts : request.contexts.map((context) => onBranch(context, known)),
  }
  const problems: readonly Problem[] =
    typed === known.fullName
      ? []
      : [
          {
            code: 'DCF-SETUP-REPOSITORY-NAME',
            severity: 'notice',
            message: `\`${typed}\` is \`${known.fullName}\` on GitHub.`,
            help: "Nothing is to be done: the files use GitHub's spelling.",
          },
        ]
  return { request: completed, problems }
}

function onBranch(context: Context, known: KnownRepository): Context {
  return context.kind === 'branch' ? { kind: 'branch', name: known.defaultBranch } : context
}

/** The commands that find the numbers, for a place from which GitHub can be reached. */
export function listIdCommands(request: SetupRequest): readonly string[] {
  const { owner, name, server } = request
  const host = server.url === 'https://github.com' ? '' : ` --hostname ${server.url.slice('https://'.length)}`
  return [
    `gh api${host} repos/${owner}/${name} --jq '"--repository-id \\(.id) --owner-id \\(.owner.id)"'`,
    `curl -fsS ${server.api}/repos/${owner}/${name} | jq -r '"--repository-id \\(.id) --owner-id \\(.owner.id)"'`,
  ]
}

/** What to say where GitHub could not be asked. */
export function explainMissingIds(request: SetupRequest, reason: string): Problem {
  const [command = ''] = listIdCommands(request)
  return {
    code: 'DCF-SETUP-REPOSITORY-IDS',
    severity: 'error',
    message: `The ids of \`${request.owner}/${request.name}\` and its owner are not known: ${reason}.`,
    help: `Run this where GitHub is reachable, and add what it prints to the command: ${command}`,
  }
}
