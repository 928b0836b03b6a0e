// Sequences of two faults in one run. Which two, a seed decides; what they must come to, the table: the first of them
// in the order of the operations that ends the run.
import { createRandom } from '../printer/hostile.ts'
import { type Expected, isSuccess } from './invariants.ts'
import { type FaultName, faultKinds } from './kinds.ts'
import type { OperationName } from './operations.ts'
import { table } from './table.ts'

export interface Pair {
  readonly faults: readonly (readonly [OperationName, FaultName])[]
  readonly expected: Expected
}

export const pairSeed = Number(process.env['DCF_SEED'] ?? 7310)
export const pairCount = 60

/** In the order in which a deployment calls them. */
const deployOperations: readonly OperationName[] = [
  'GetIdToken',
  'AssumeRoleWithWebIdentity',
  'GetFunction',
  'PutObject',
  'StartBuild',
  'BatchGetBuilds',
  'GetLogEvents',
  'GetFunctionUrlConfig',
]

export function drawPairs(): readonly Pair[] {
  const random = createRandom(pairSeed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const names = Object.keys(faultKinds) as FaultName[]
  return Array.from({ length: pairCount }, () => {
    const first = Math.floor(random() * (deployOperations.length - 1))
    const second = first + 1 + Math.floor(random() * (deployOperations.length - 1 - first))
    const faults = [first, second].map(
      (index) => [deployOperations[index] as OperationName, pick(names)] as const,
    )
    const results = faults.map(([operation, fault]) => table[operation][fault])
    return { faults, expected: results.find((result) => !isSuccess(result)) ?? 'deployed' }
  })
}
