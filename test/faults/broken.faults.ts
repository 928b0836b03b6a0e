// A follower that is broken on purpose fails cells that the follower passes: the table can fail.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type CellPlan, runCell } from './cell.ts'
import { findBreaches } from './invariants.ts'
import { faultKinds } from './kinds.ts'

const repository = new URL('../..', import.meta.url).pathname
const folders: string[] = []

const plain: CellPlan = { scenario: 'deploy', spoiled: [] }
const lostStatus: CellPlan = {
  scenario: 'deploy',
  spoiled: [{ operation: 'BatchGetBuilds', fault: faultKinds['reset before the answer'] }],
}
const given = {
  scenario: 'cancel',
  spoiled: [],
  policies: [],
  work: 6000,
  interrupt: { when: 'build-id', by: 'SIGINT' },
} as const satisfies CellPlan

const breakages: readonly (readonly [string, string, string, string, CellPlan, string])[] = [
  [
    'shows lines again',
    'logtail.ts',
    'this.show(fresh)',
    'this.show([...fresh, ...fresh])',
    plain,
    'deployed',
  ],
  [
    'ends without reading the rest of the log',
    'follow.ts',
    'await drainLog(',
    'void (async () => undefined)(',
    plain,
    'deployed',
  ],
  [
    'takes one lost answer for the end',
    'statuswatch.ts',
    'if (this.refusals >= refusalsBorne) throw refusal',
    'throw refusal',
    lostStatus,
    'deployed',
  ],
  [
    'forgets to withdraw the artifact',
    'abandon.ts',
    'return await cloud.withdraw(destination, stored.etag)',
    "return destination.run === stored.etag ? await cloud.withdraw(destination, stored.etag) : 'withdrawn'",
    given,
    'cancelled',
  ],
]

/** The sources, with one line of the core changed. */
function copySources(file?: string, line?: string, broken?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-broken-'))
  folders.push(folder)
  cpSync(join(repository, 'src'), join(folder, 'src'), { recursive: true })
  for (const name of ['node_modules', 'buildspecs', 'policies'])
    symlinkSync(join(repository, name), join(folder, name))
  cpSync(join(repository, 'package.json'), join(folder, 'package.json'))
  if (file !== undefined && line !== undefined && broken !== undefined) {
    const path = join(folder, 'src/core', file)
    const text = readFileSync(path, 'utf8')
    expect(text.split(line), `${file} has this line once`).toHaveLength(2)
    writeFileSync(
      path,
      text.replace(line, () => broken),
    )
  }
  return join(folder, 'src/actions/deploy.ts')
}

describe('the follower', () => {
  const whole = copySources()
  test.each([
    ['a plain deployment', plain, 'deployed'],
    ['a lost status', lostStatus, 'deployed'],
    ['a cancel', given, 'cancelled'],
  ] as const)('as it is passes %s', async (_name, plan, expected) => {
    const run = await runCell(plan, whole)
    expect(findBreaches(plan, run, expected), run.stdout + run.stderr).toEqual([])
  })

  test.each(breakages)('that %s is caught', async (_name, file, line, broken, plan, expected) => {
    const run = await runCell(plan, copySources(file, line, broken))
    expect(findBreaches(plan, run, expected)).not.toEqual([])
    // It failed for what it does, not because it could not be run.
    expect(run.seen).toContain('StartBuild')
  })
})

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
