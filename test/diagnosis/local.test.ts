// What is wrong before AWS is asked at all, and what a build's log says of lines of the repository.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectSource } from '../../src/core/source/inspect.ts'
import { asRefusal } from '../../src/edge/github/action.ts'
import { runCommand } from '../cli/run.ts'
import { goodFiles, makeTree } from '../source/memorytree.ts'
import { openStage } from '../story/sandbox.ts'
import { order } from './build.ts'
import { runDoor } from './door.ts'
import { expectTrouble, type Trouble } from './story.ts'

const NO_RULES = { include: [], exclude: [] }
const HELLO = 'examples/hello-dart'

const inputs: readonly Trouble[] = [
  {
    what: 'variables that are too many for one build',
    code: 'DCF-BUILD-VARIABLES-TOO-LARGE',
    inputs: {
      'environment-variables': `AA=${'x'.repeat(1900)}\nBB=${'x'.repeat(1900)}`,
      'artifact-key': `builds/${'k'.repeat(1000)}`,
    },
  },
  { what: 'a pattern that is not finished', code: 'DCF-INPUT-PATTERN', inputs: { include: 'config/[a-' } },
]

describe.concurrent('inputs', () => {
  it.each(inputs)('$what: $code', expectTrouble)

  it('more than S3 takes in one piece: DCF-ARCHIVE-TOO-LARGE', async () => {
    const huge = { kind: 'file', path: 'model.bin', bytes: 6 * 1024 ** 3, isExecutable: false } as const
    const { entries, ...tree } = makeTree({ ...goodFiles, 'model.bin': 'a sample' })
    const others = entries.filter(({ path }) => path !== 'model.bin')
    const report = await inspectSource({ ...tree, entries: [...others, huge] }, NO_RULES)
    expect(report.problems.map(({ code }) => code)).toContain('DCF-ARCHIVE-TOO-LARGE')
    expect(report.ok).toBe(false)
  })

  it('an option that nobody knows: DCF-INPUT-UNKNOWN', async () => {
    const run = await runCommand(['plan', '--bucket', 'name', '--json'])
    expect(run.exitCode).toBe(2)
    expect(run.stdout + run.stderr).toContain('DCF-INPUT-UNKNOWN')
  })
})

describe.concurrent('the runner', () => {
  it('a pull request from a fork: DCF-TOKEN-FORK', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcf-event-'))
    const event = join(folder, 'event.json')
    writeFileSync(
      event,
      JSON.stringify({ number: 7, pull_request: { head: { repo: { id: 2 } }, base: { repo: { id: 1 } } } }),
    )
    const run = await runDoor({
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      ACTIONS_ID_TOKEN_REQUEST_URL: '',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: '',
    })
    rmSync(folder, { recursive: true })
    expect(run.stdout).toContain('DCF-TOKEN-FORK')
    expect(run.exitCode).toBe(1)
  })

  it('an output file that cannot be written: DCF-RUNNER-FILE', async () => {
    const run = await runDoor({ GITHUB_OUTPUT: '/absent/output' })
    expect(run.stdout).toContain('DCF-RUNNER-FILE')
    expect(run.exitCode).toBe(1)
  })
})

describe.concurrent('lines of the repository', () => {
  const logs: readonly (readonly [string, string, string])[] = [
    [
      'DCF-DART-ERROR',
      'bin/server.dart:3',
      "bin/server.dart:3:5: Error: Expected ';' after this.\nError: AOT compilation failed",
    ],
    [
      'DCF-PUB-ERROR',
      'pubspec.yaml',
      'The current Dart SDK version is 3.12.1.\n\nBecause hello_dart requires SDK version >=3.11.0 <3.12.0, version solving failed.',
    ],
    [
      'DCF-DOCKERFILE-STEP',
      'Dockerfile:5',
      'Dockerfile:5\n--------------------\n   4 |     COPY . .\n   5 | >>> RUN dart test\n   6 |     \n--------------------\nERROR: failed to solve: process "/bin/sh -c dart test" did not complete successfully: exit code: 1',
    ],
  ]

  it.each(logs)('%s at %s', async (code, place, log) => {
    await using stage = await openStage({ optionalPolicies: ['deploy-role-read-build-log'] })
    order('docker', '^build .*dcf-app:base', log)(stage.sandbox)
    const { outcome, text } = await stage.deploy({ 'working-directory': HELLO })
    expect(outcome.kind, text).toBe('refused')
    const annotations = outcome.kind === 'refused' ? outcome.annotations : []
    const shown = annotations.map((one) => `${one.code} ${[one.file, one.line].filter(Boolean).join(':')}`)
    expect(shown).toEqual([`${code} ${place}`])
  })
})

it('a defect of our own is called one, and is told with its stack: DCF-INTERNAL', () => {
  const refusal = asRefusal(new TypeError('a member of undefined'))
  expect(refusal.code).toBe('DCF-INTERNAL')
  expect(refusal.detail).toContain('local.test.ts')
})
