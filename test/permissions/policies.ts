// Takes actions out of the sandbox's policies, and puts them back.
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { listOf, statementsOf } from '../policies/rules.ts'
import type { Holder } from './expected.ts'

/** Every action that a holder's policy allows. */
export function actionsOf(sandbox: Sandbox, holder: Holder): readonly string[] {
  return documentsOf(sandbox, holder).flatMap(([, document]) =>
    statementsOf(document).flatMap((statement) => listOf(statement['Action'])),
  )
}

/** Runs `use` while nobody of the holders may do `action`. */
export async function without<T>(
  sandbox: Sandbox,
  { holders, action }: { readonly holders: readonly Holder[]; readonly action: string },
  use: () => Promise<T>,
): Promise<T> {
  const before = holders.map((holder) => [holder, documentsOf(sandbox, holder)] as const)
  for (const [holder, documents] of before)
    for (const [name, document] of documents) replace(sandbox, holder, [name, strip(document, action)])
  try {
    return await use()
  } finally {
    for (const [holder, documents] of before) for (const named of documents) replace(sandbox, holder, named)
  }
}

type Named = readonly [name: string, document: unknown]

const roleOf = { deployRole: 'role', serviceRole: 'serviceRole', executionRole: 'executionRole' } as const

function documentsOf({ world, names }: Sandbox, holder: Holder): readonly Named[] {
  if (holder === 'repository') return [['repository', world.repositories.get(names.repository)?.policy]]
  return [...(world.roles.get(names[roleOf[holder]])?.policies ?? [])]
}

function replace({ world, names }: Sandbox, holder: Holder, [name, document]: Named): void {
  const repository = world.repositories.get(names.repository)
  if (holder !== 'repository') world.roles.get(names[roleOf[holder]])?.policies.set(name, document)
  else if (repository !== undefined) repository.policy = document
}

/** The document without the action. */
export function strip(document: unknown, action: string): unknown {
  const statements = statementsOf(document).map((statement) => ({
    ...statement,
    Action: listOf(statement['Action']).filter((name) => name !== action),
  }))
  return { Version: '2012-10-17', Statement: statements.filter((statement) => statement.Action.length > 0) }
}
