// With exactly the policies of `policies/` everything works; without any single action of them, what the table says.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogue } from '../../src/core/catalogue.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Expectation, type Holder, type Occasion, rows, writeTable } from './expected.ts'
import { actionsOf, without } from './policies.ts'
import { type Ended, functionFiles, openSandbox, runAction } from './runs.ts'

const patience = { timeout: 180_000 }

/** The state that an occasion begins with, whatever the run before it left. */
async function prepare(sandbox: Sandbox, on: Occasion): Promise<void> {
  if (on === 'deploy') {
    sandbox.world.functions.clear()
    return
  }
  const found = sandbox.world.functions.get('hello')
  if (found !== undefined && on === 'redeploy') return
  sandbox.world.functions.clear()
  expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
}

function perform(sandbox: Sandbox, on: Occasion): Promise<Ended> {
  if (on === 'undeploy') return runAction(sandbox, 'undeploy')
  return runAction(sandbox, 'deploy')
}

describe('with the policies as they are', patience, () => {
  test('deploy, redeploy and undeploy succeed, and no run calls what the table says is unused', async () => {
    const sandbox = await openSandbox()
    try {
      const statuses: (string | undefined)[] = []
      for (const action of ['deploy', 'deploy', 'undeploy', 'undeploy'] as const)
        statuses.push((await runAction(sandbox, action)).outputs['status'])
      expect(statuses).toEqual(['deployed', 'deployed', 'removed', 'absent'])
      const called = new Set(
        sandbox.journal.entries.map(({ service, operation }) => `${service}:${operation}`),
      )
      expect(called).toContain('lambda:CreateFunction')
      const unused = rows.filter(
        ({ holder, without: left }) => left.kind === 'unused' && holder === 'deployRole',
      )
      expect(unused.map(({ action }) => action).filter((action) => called.has(action))).toEqual([])
    } finally {
      await sandbox.close()
    }
  })

  test('a function of other content is deployed over it', async () => {
    const sandbox = await openSandbox()
    try {
      const first = await runAction(sandbox, 'deploy')
      const files = { ...functionFiles, 'bin/other.dart': '// more\n' }
      const second = await runAction(sandbox, 'deploy', {}, files)
      expect([first.outputs['status'], second.outputs['status']]).toEqual(['deployed', 'deployed'])
      expect(second.outputs['function-url']).toBe(first.outputs['function-url'])
      expect(second.outputs['source-digest']).not.toBe(first.outputs['source-digest'])
    } finally {
      await sandbox.close()
    }
  })
})

describe('without a single action', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await openSandbox()
  })
  afterAll(() => sandbox.close())

  test('the table has a row for every action of the policies, and no other', () => {
    const holders: readonly Holder[] = ['deployRole', 'serviceRole', 'executionRole', 'repository']
    const actions = holders.flatMap((holder) =>
      actionsOf(sandbox, holder).map((action) => `${holder} ${action}`),
    )
    expect(rows.map(({ holder, action }) => `${holder} ${action}`).sort()).toEqual([...actions].sort())
  })

  test.each(rows.filter((row) => row.without.kind !== 'unused'))(
    '$holder $action',
    async ({ holder, action, without: expected }) => {
      const { holders, on } = caseOf(expected, holder)
      await prepare(sandbox, on)
      if (expected.kind === 'no log') sandbox.world.logGroups.clear()
      const ended = await without(sandbox, { holders: [holder], action }, () => perform(sandbox, on))
      check(sandbox, ended, expected)
      if (expected.kind !== 'granted twice') return
      // A layer that is there already is not pushed again.
      sandbox.world.repositories.get(sandbox.names.repository)?.blobs.clear()
      const files = { ...functionFiles, 'bin/fresh.dart': `// ${action}\n` }
      const both = await without(sandbox, { holders, action }, () => runAction(sandbox, 'deploy', {}, files))
      expect(both.outputs['error-code'], both.log).toBe(expected.code)
    },
    180_000,
  )
})

test('every code of the table is in the catalogue', () => {
  const codes = rows.flatMap(({ without: expected }) => ('code' in expected ? [expected.code] : []))
  expect(codes.filter((code) => !Object.hasOwn(catalogue, code))).toEqual([])
})

test('docs/permissions.md holds the table', () => {
  const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8')
  expect(page).toContain(writeTable())
})

function caseOf(
  expected: Expectation,
  holder: Holder,
): { readonly holders: readonly Holder[]; readonly on: Occasion } {
  const on = 'on' in expected ? expected.on : 'redeploy'
  return { holders: expected.kind === 'granted twice' ? [holder, expected.other] : [holder], on }
}

function check(sandbox: Sandbox, ended: Ended, expected: Expectation): void {
  if (expected.kind === 'fails') {
    expect(ended.outputs['error-code'], ended.log).toBe(expected.code)
    expect(ended.exitCode).toBe(1)
    return
  }
  expect(ended.exitCode, ended.log).toBe(0)
  if (expected.kind === 'reduced') expect(ended.log).toContain(expected.says)
  if (expected.kind !== 'no log') return
  const lines = [...sandbox.world.logGroups.values()].flatMap((group) =>
    [...group.streams.values()].flatMap((stream) => stream.events),
  )
  expect(lines).toEqual([])
}
