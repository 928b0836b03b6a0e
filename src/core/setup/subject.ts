// The `sub` claims that the role trusts: one repository, named contexts, in both of GitHub's forms.

export interface RepositoryIds {
  readonly owner: string
  readonly repository: string
}

/** Where in the repository a deployment may come from. */
export type Context =
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'pull-request' }

export interface Subjects {
  readonly owner: string
  readonly name: string
  /** Absent where tokens carry none (GitHub Enterprise Server). */
  readonly ids?: RepositoryIds | undefined
  readonly contexts: readonly Context[]
}

/**
 * Every exact `sub`, in the name form and in the form with ids.
 *
 * Repositories made, renamed or transferred after 15 July 2026 send `repo:OWNER@ID/NAME@ID:...`, older ones
 * `repo:OWNER/NAME:...` unless they opted in; a rename changes the form, so both are trusted from the start.
 */
export function listSubjects(subjects: Subjects): readonly string[] {
  const { owner, name, ids } = subjects
  const repositories = [`repo:${owner}/${name}`]
  if (ids !== undefined) repositories.push(`repo:${owner}@${ids.owner}/${name}@${ids.repository}`)
  return subjects.contexts.flatMap((context) =>
    repositories.map((repository) => `${repository}:${describeContext(context)}`),
  )
}

function describeContext(context: Context): string {
  switch (context.kind) {
    case 'branch':
      return `ref:refs/heads/${escapeColons(context.name)}`
    case 'environment':
      return `environment:${escapeColons(context.name)}`
    case 'pull-request':
      return 'pull_request'
  }
}

/** GitHub writes a colon inside a value as `%3A`. */
function escapeColons(value: string): string {
  return value.replaceAll(':', '%3A')
}
