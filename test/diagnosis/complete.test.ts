// No code without a test that brings it about, no trap without a code, no failure without its words.
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explainBuild } from '../../src/core/build.ts'
import type { Entry } from '../../src/core/catalogue/entry.ts'
import { type Code, catalogue } from '../../src/core/catalogue.ts'
import { pageOf } from '../../src/core/diagnosis.ts'
import { knownCode, Refusal } from '../../src/core/refusal.ts'
import { explainRefusal } from '../../src/core/words.ts'
import { traps } from './traps.ts'

const entries: readonly (readonly [string, Entry])[] = Object.entries(catalogue)
const codes = Object.keys(catalogue)

/** Codes that no account, repository or network can bring about, and why. */
const exceptions: Readonly<Partial<Record<Code, string>>> = {
  'DCF-AWS-DENIED':
    'a step on the way only: calls with optional permissions end in a notice, and all others have codes of their own',
}

/** A mention in a list of expectations counts; one in this file does not. */
function provoked(): ReadonlySet<string> {
  const files = globSync('test/**/*.ts', { exclude: ['test/diagnosis/{complete.test,traps}.ts'] })
  return new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/DCF-[A-Z0-9-]*[A-Z0-9]/g) ?? []))
}

it('every code is brought about by a test', () => {
  const found = provoked()
  const missing = codes.filter((code) => !found.has(code) && !Object.hasOwn(exceptions, code))
  expect(missing).toEqual([])
})

it('no exception stands for a code that a test brings about by now', () => {
  const found = provoked()
  expect(Object.keys(exceptions).filter((code) => found.has(code) || !codes.includes(code))).toEqual([])
})

it('no test waits for a code that does not exist', () => {
  const known = new Set(codes)
  const strange = [...provoked()].filter(
    (code) => !known.has(code) && !codes.some((one) => one.startsWith(code)),
  )
  expect(strange).toEqual([])
})

describe('every code', () => {
  const page = readFileSync('docs/problems.md', 'utf8')
  it.each(entries)('%s has a cause, one remedy and a page', (code, entry) => {
    for (const text of [entry.title, entry.cause, entry.remedy]) {
      expect(text).not.toMatch(/\bTODO\b|undefined|\s$|^\s/)
      expect(text.length).toBeGreaterThan(10)
    }
    expect(entry.title).not.toMatch(/\.$/)
    expect(entry.cause).toMatch(/[.]$/)
    expect(entry.remedy).toMatch(/[.`]$/)
    const [, anchor = ''] = pageOf(knownCode(code) ?? 'DCF-INTERNAL').split('#')
    expect(page).toContain(`### ${code}\n`)
    expect(anchor).toBe(code.toLowerCase())
  })
})

describe('a failed build whose exported variables are withheld', () => {
  const ended = entries.filter(([, { exitStatus }]) => exitStatus !== undefined)
  it.each(ended)('is told as %s, with cause, remedy and page', (code, { exitStatus, cause, remedy }) => {
    const message = `Error while executing command: (exit "$DCF_STATUS"). Reason: exit status ${exitStatus}`
    const failure = explainBuild({
      id: 'dcf-lambda-build:1',
      arn: 'arn',
      status: 'FAILED',
      isOver: true,
      currentPhase: 'COMPLETED',
      phases: [{ type: 'BUILD', status: 'FAILED', durationSeconds: 1, messages: [message] }],
      log: { kind: 'disabled' },
      exported: {},
    })
    expect(failure?.code).toBe(code)
    const refusal = new Refusal(failure?.code ?? 'DCF-INTERNAL', { detail: failure?.detail ?? '' })
    const shown = explainRefusal(refusal)
    for (const line of [cause, remedy, pageOf(refusal.code)]) expect(shown).toContain(line)
    expect(shown.join('\n')).toContain(message)
  })
})

it('no two codes have the same remedy', () => {
  const byRemedy = new Map<string, string[]>()
  for (const [code, { remedy }] of entries) byRemedy.set(remedy, [...(byRemedy.get(remedy) ?? []), code])
  const shared = [...byRemedy.values()].filter((codes) => codes.length > 1)
  expect(shared).toEqual([])
})

describe('the known traps', () => {
  it.each(traps)('$source: $trap', ({ codes: named, unneeded }) => {
    const found = provoked()
    expect(named.length > 0 || unneeded !== undefined).toBe(true)
    expect(named.filter((code) => !found.has(code))).toEqual([])
  })
})
