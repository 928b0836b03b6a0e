// Writes the fault table into docs/reliability.md: `node test/faults/summary.ts`.
import { readFileSync, writeFileSync } from 'node:fs'
import { isSuccess } from './invariants.ts'
import { type FaultName, faultKinds } from './kinds.ts'
import { operations } from './operations.ts'
import { pairCount } from './pairs.ts'
import { hopeless, table } from './table.ts'

const page = new URL('../../docs/reliability.md', import.meta.url).pathname
const marks = ['<!-- fault table -->', '<!-- end of the fault table -->'] as const

/** The page with the table of today in it. */
export function withTable(text: string): string {
  const [start, end] = marks.map((mark) => text.indexOf(mark))
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error('the marks are missing')
  return `${text.slice(0, start + marks[0].length)}\n\n${describeTable()}\n\n${text.slice(end)}`
}

export function readPage(): string {
  return readFileSync(page, 'utf8')
}

function describeTable(): string {
  const faults = Object.keys(faultKinds) as FaultName[]
  const cells = operations.length * faults.length
  const failing = operations.flatMap((operation) =>
    faults
      .filter((fault) => !isHarmless(table[operation][fault]))
      .map((fault) => `| \`${operation}\` | ${fault} | \`${table[operation][fault]}\` |`),
  )
  return [
    `${operations.length} operations × ${faults.length} faults = ${cells} cells, ${hopeless.length} faults that never pass, ${pairCount} sequences of two: ${cells + hopeless.length + pairCount} cells.`,
    '',
    `Operations: ${operations.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    `Faults, and how many requests each spoils: ${faults.map((name) => `${name} (${timesOf(name)})`).join(', ')}.`,
    '',
    `In ${cells - failing.length} of the ${cells} cells the run ends as it would without the fault: the deployment succeeds, the cancel leaves nothing, the function is removed. In the others it fails, with one error of this code:`,
    '',
    '| operation | fault | code |',
    '| --- | --- | --- |',
    ...failing,
    '',
    'Faults that never pass:',
    '',
    '| operation | fault | the run ends with |',
    '| --- | --- | --- |',
    ...hopeless.map(([operation, fault, expected]) => `| \`${operation}\` | ${fault} | \`${expected}\` |`),
  ].join('\n')
}

function timesOf(fault: FaultName): string {
  const { times } = faultKinds[fault]
  return Number.isFinite(times) ? String(times) : 'all'
}

function isHarmless(expected: string): boolean {
  return isSuccess(expected) || expected === 'cancelled'
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(page, withTable(readPage()))
