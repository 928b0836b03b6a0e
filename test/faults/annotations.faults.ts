// A failed build of a package in a sub-folder: annotations on the lines of the repository, and the last useful lines in
// the summary.
import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCommands } from '../printer/runner.ts'
import { type CellPlan, openBed, runIn } from './cell.ts'

const lines = [
  '[Container] 2026/11/28 12:00:00.000000 Running command ...',
  '#12 [build 5/5] RUN dart compile exe bin/server.dart -o bin/server',
  "#12 2.345 bin/server.dart:7:3: Error: Undefined name 'answer'.",
  '#12 2.345   answer();',
  '#12 2.345   ^^^^^^',
  '#12 2.346 Error: AOT compilation failed',
  '#12 ERROR: process "/bin/sh -c dart compile exe" did not complete successfully: exit code: 64',
  'Dockerfile:8',
  '--------------------',
  '   8 | >>> RUN dart compile exe bin/server.dart -o bin/server',
  '--------------------',
  '::error file=bin/server.dart,line=1::forged',
  '',
]

test('errors stand on their lines', async () => {
  const failure = { status: 23, code: 'DCF-IMAGE-BUILD-FAILED' }
  const plan: CellPlan = {
    scenario: 'deploy',
    spoiled: [],
    inputs: { 'working-directory': 'services/hello' },
    script: { lines, failure, work: 500 },
  }
  const bed = await openBed(plan)
  try {
    const source = join(bed.folder, 'source')
    const moved = join(bed.folder, 'moved')
    renameSync(source, moved)
    mkdirSync(join(source, 'services'), { recursive: true })
    cpSync(moved, join(source, 'services/hello'), { recursive: true })
    const run = await runIn(bed, plan)
    expect(run.outputs.get('error-code')).toBe('DCF-IMAGE-BUILD-FAILED')
    const errors = readCommands(run.stdout).filter(({ name }) => name === 'error')
    expect(errors.map(({ line }) => line.split('::')[1])).toEqual([
      'error title=DCF-IMAGE-BUILD-FAILED',
      expect.stringMatching(/^error (?=.*file=services\/hello\/bin\/server\.dart)(?=.*line=7)(?=.*col=3)/),
      expect.stringMatching(/^error (?=.*file=services\/hello\/Dockerfile)(?=.*line=8)/),
    ])
    expect(run.summary).toContain('AOT compilation failed')
    expect(run.summary).not.toContain('[Container]')
  } finally {
    await bed.close()
  }
})
