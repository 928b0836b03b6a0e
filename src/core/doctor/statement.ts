// The exact statement that a role lacks, taken from the policies of the setup and cut down to what is missing.
import { type Data, isList } from '../setup/data.ts'
import { type Filling, fillPolicy, type PolicySources } from '../setup/policy.ts'
import type { Target } from '../target.ts'

/** Whose permission it is. */
export type Holder = 'deploy role' | 'CodeBuild service role'

/** The policies with the customer's names in them. */
export interface Remedies {
  readonly sources: PolicySources
  readonly filling: Filling
}

export function createRemedies(sources: PolicySources, target: Target, artifactKey: string): Remedies {
  return {
    sources,
    filling: {
      partition: target.role.partition,
      account: target.role.account,
      region: target.region,
      bucket: target.bucket,
      project: target.project,
      repository: target.repository.name,
      serviceRole: '',
      executionRole: target.executionRole.name,
      issuerHost: '',
      audience: '',
      subjects: [],
      artifactKeys: [artifactKey],
    },
  }
}

/** Statements with exactly these actions, as JSON on one line; undefined if no policy of ours has one of them. */
export function writeStatements(
  remedies: Remedies,
  holder: Holder,
  actions: readonly string[],
): string | undefined {
  const statements = documentsOf(remedies.sources, holder)
    .flatMap((document) => statementsOf(fillPolicy(document, remedies.filling)))
    .flatMap((statement) => {
      const missing = actionsOf(statement).filter((action) => actions.includes(action))
      return missing.length === 0 ? [] : [{ ...statement, Action: missing }]
    })
  return statements.length === 0 ? undefined : JSON.stringify(statements)
}

function documentsOf({ deployRole, serviceRole, optional }: PolicySources, holder: Holder): readonly Data[] {
  return holder === 'deploy role'
    ? [deployRole, optional['read-build-log'], optional['stop-build'], optional['verify-public-access']]
    : [serviceRole, optional['layer-cache']]
}

type Statement = Readonly<Record<string, Data>>

function statementsOf(document: Data): readonly Statement[] {
  if (typeof document !== 'object' || isList(document)) return []
  const statements = document['Statement']
  if (statements === undefined || typeof statements !== 'object' || !isList(statements)) return []
  return statements.filter(
    (statement): statement is Statement => typeof statement === 'object' && !isList(statement),
  )
}

function actionsOf(statement: Statement): readonly string[] {
  const actions = statement['Action']
  if (actions === undefined) return []
  const list = typeof actions === 'object' && isList(actions) ? actions : [actions]
  return list.filter((action) => typeof action === 'string')
}
