// The tables by which the buildspec sorts what it is told, read by the buildspec's own function in a real bash.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/core/catalogue/entry.ts'
import { type Code, catalogue } from '../../src/core/catalogue.ts'
import { BUILDSPEC } from '../buildspec/account.ts'
import { type Saying, sayings } from './texts.ts'

const script = BUILDSPEC.replace(/^ {3}/gm, '')

/** Where each table begins. */
const places: Readonly<Record<Saying['table'], string>> = {
  customer: 'build "${CACHE[@]}"',
  wrapper: 'build --file "$WORK/wrapper/Dockerfile"',
  push: 'push "$IMAGE_TAG" ||',
  login: 'if ! docker login',
  artifact: 'if ! ask s3api get-object',
  lambda: 'refused() {',
  state: 'settle() {',
}

function between(start: string, end: string, after = 0): string {
  const from = script.indexOf(start, after)
  const to = script.indexOf(end, from + start.length)
  expect(Math.min(from, to), start).toBeGreaterThan(0)
  return script.slice(from, to)
}

const functions = ['say() {', 'fail() {', 'sort_out() {']
  .map((name) => `${between(name, '\n}\n')}\n}\n`)
  .join('')

function rowsOf(table: Saying['table']): string {
  return between("<<'ROWS'\n", '\nROWS\n', script.indexOf(places[table])).slice("<<'ROWS'\n".length)
}

function sort({ table, text }: Saying): string {
  const run = spawnSync('bash', ['-c', `set -euo pipefail\n${functions}sort_out "$1"`, 'sort', text], {
    input: `${rowsOf(table)}\n`,
    encoding: 'utf8',
  })
  return `${run.status} ${run.stdout.trim()}`
}

describe('the build calls', () => {
  it.each(sayings)('$code: $text', (saying) => {
    const entry: Entry = catalogue[saying.code]
    expect(sort(saying)).toBe(`${entry.exitStatus} [dcf] error ${saying.code}`)
  })
})

it('no row of a table is without a text that it recognises', () => {
  const recognised = new Set(sayings.map(({ table, code }) => `${table} ${code}`))
  const tables: readonly Saying['table'][] = [
    'customer',
    'wrapper',
    'push',
    'login',
    'artifact',
    'lambda',
    'state',
  ]
  const rows = tables.flatMap((table) =>
    rowsOf(table)
      .split('\n')
      .map((row) => `${table} DCF-${row.split(' ')[1]}`),
  )
  expect(rows.filter((row) => !recognised.has(row))).toEqual([])
})

it('the literal texts by which people search are among the recognised', () => {
  const said = sayings.map(({ text }) => text).join('\n')
  const codes = new Set<Code>(sayings.map(({ code }) => code))
  const unknown = [...codes].flatMap((code) => {
    const { texts = [] }: Entry = catalogue[code]
    return texts.filter((text) => !said.includes(text)).map((text) => `${code}: ${text}`)
  })
  expect(unknown).toEqual([])
})
