// Every operation under every fault, faults that never pass, and sequences of two: each cell a process of the built
// bundle, each held against the table and against what must hold in every cell.
import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { bundles, type CellPlan, runCell } from './cell.ts'
import { type Expected, findBreaches, isSuccess } from './invariants.ts'
import { type FaultName, faultKinds } from './kinds.ts'
import { type OperationName, operations } from './operations.ts'
import { drawPairs, pairSeed } from './pairs.ts'
import type { Spoiled } from './proxy.ts'
import { hopeless, table } from './table.ts'

const tally = { cells: 0, passed: 0, milliseconds: 0 }

describe.concurrent('one fault', () => {
  for (const operation of operations)
    for (const fault of Object.keys(faultKinds) as FaultName[])
      test(`${operation}: ${fault}`, () =>
        check(
          planFor(operation, [spoil(operation, fault)], table[operation][fault]),
          table[operation][fault],
        ))
})

describe.concurrent('a fault that never passes', () => {
  for (const [operation, fault, expected] of hopeless)
    test(`${operation}: ${fault}, for ever`, () =>
      check(planFor(operation, [{ ...spoil(operation, fault), times: 1e9 }], expected), expected))
})

describe.concurrent(`two faults, seed ${pairSeed}`, () => {
  for (const [index, { faults, expected }] of drawPairs().entries())
    test(`${index + 1}. ${faults.map((pair) => pair.join(': ')).join(', then ')}`, () =>
      check(
        planFor(
          'StartBuild',
          faults.map(([operation, fault]) => spoil(operation, fault)),
          expected,
        ),
        expected,
      ))
})

async function check(plan: CellPlan, expected: Expected): Promise<void> {
  tally.cells += 1
  const run = await runCell(plan)
  tally.milliseconds += run.took
  expect(findBreaches(plan, run, expected), `${run.stdout}\n${run.stderr}\n${run.seen.join(' ')}`).toEqual([])
  tally.passed += 1
}

function spoil(operation: OperationName, fault: FaultName): Spoiled {
  return { operation, fault: faultKinds[fault] }
}

/** Deployments that will fail have a long build, so that giving up has to stop it before its fence. */
function planFor(operation: OperationName, spoiled: readonly Spoiled[], expected: Expected): CellPlan {
  if (/^(?:Delete|Remove)/.test(operation)) return { scenario: 'undeploy', spoiled }
  if (operation === 'HeadObject' || operation === 'StopBuild')
    return { scenario: 'cancel', spoiled, work: 5000, interrupt: { when: 'build-id', by: 'SIGINT' } }
  return { scenario: 'deploy', spoiled, ...(isSuccess(expected) ? {} : { work: 14_000 }) }
}

afterAll(() => {
  const text = `${tally.passed} of ${tally.cells} cells as expected; bundles: ${bundles}; mean ${Math.round(tally.milliseconds / tally.cells)} ms a cell\n`
  process.stdout.write(text)
  const report = process.env['DCF_REPORT']
  if (report !== undefined) writeFileSync(report, JSON.stringify(tally))
})
