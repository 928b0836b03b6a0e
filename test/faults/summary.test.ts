// docs/reliability.md shows the table that is tested.
import { expect, test } from 'vitest'
import { drawPairs, pairCount } from './pairs.ts'
import { readPage, withTable } from './summary.ts'

test('the page is what `node test/faults/summary.ts` writes', () => {
  const page = readPage()
  expect(withTable(page)).toBe(page)
})

test('the pairs are the same in every run, and no two faults meet the same operation', () => {
  expect(drawPairs()).toEqual(drawPairs())
  expect(drawPairs()).toHaveLength(pairCount)
  for (const { faults } of drawPairs()) expect(faults[0]?.[0]).not.toBe(faults[1]?.[0])
})
