// The standard buildspec as text: its size, its variables, its failures, and what shellcheck says of it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildCatalogue } from '../../src/core/catalogue/build.ts'

const text = readFileSync(new URL('../../buildspecs/buildspec.lambda-container.yml', import.meta.url), 'utf8')
const spec = parse(text)
const commands: string[] = spec.phases.build.commands
const [first = '', second = ''] = commands
const script = first.match(/<<'DCF_SCRIPT'\n([\s\S]*?)\nDCF_SCRIPT\n/)?.[1] ?? ''

const guide = [
  'S3_BUCKET',
  'S3_KEY',
  'FUNCTION_NAME',
  'AWS_REGION',
  'ECR_REPOSITORY_URI',
  'LAMBDA_EXECUTION_ROLE_ARN',
  'IMAGE_TAG',
  'LAMBDA_TIMEOUT_SECONDS',
  'LAMBDA_MEMORY_MB',
  'DCF_ENVIRONMENT',
]
const ours = [
  'DCF_ARTIFACT_ETAG',
  'DCF_ARTIFACT_SHA256',
  'DCF_BUCKET_OWNER',
  'DCF_RUN',
  'DCF_REPOSITORY_ID',
  'DCF_PULL_REQUEST',
  'DCF_FORCE',
  'DCF_SOURCE_DIGEST',
  'DCF_CONFIG_DIGEST',
  'DCF_HEALTH_CHECK_PATH',
  'DCF_ENVIRONMENT_VARIABLES',
]

describe('shape', () => {
  it('stays far enough below the 25,600 characters that StartBuild takes', () => {
    expect(text.length).toBeLessThan(20_000)
  })

  it('is one command that succeeds and a second that exits with the status of the script', () => {
    expect(commands).toHaveLength(2)
    expect(second).toBe('(exit "$DCF_STATUS")')
    expect(spec.version).toBe(0.2)
    expect(spec.env.shell).toBe('bash')
    expect(spec.phases.build['on-failure']).toBe('ABORT')
    expect(Object.keys(spec.phases)).toEqual(['build'])
  })

  it('exports what the action reads', () => {
    expect(spec.env['exported-variables']).toEqual([
      'FUNCTION_URL',
      'FUNCTION_ARN',
      'IMAGE_URI',
      'IMAGE_DIGEST',
      'DCF_ERROR_CODE',
    ])
  })

  it('holds no value of its own that a caller could have put in', () => {
    expect(text).not.toMatch(/\{\{(?!\.|len|json|range|end)/)
    expect(text).not.toMatch(/set -x|\beval\b/)
  })
})

describe('variables', () => {
  const checked = (script.match(/^([A-Z][A-Z0-9_]+) .*$/gm) ?? []).map((line) => line.split(' ')[0])

  it('checks the form of every variable of the plan, and knows no other', () => {
    expect(checked.toSorted()).toEqual([...guide, ...ours].toSorted())
  })

  it.each([...guide, ...ours])('uses %s beyond the check of its form', (name) => {
    const uses = script.match(new RegExp(`\\$\\{?${name}\\b`, 'g')) ?? []
    expect(uses.length).toBeGreaterThan(0)
  })
})

describe('failures', () => {
  const pairs = new Map<string, Set<string>>()
  const found = [
    ...script.matchAll(/^(\d\d) ([A-Z][A-Z0-9-]+)(?: |$)/gm),
    ...script.matchAll(/\bfail (\d\d) ([A-Z][A-Z0-9-]+)/g),
    ...script.matchAll(/<<<'(\d\d) ([A-Z][A-Z0-9-]+)'/g),
    ...[...script.matchAll(/CODE=DCF-([A-Z-]+) status=(\d\d)/g)].map((m) => [m[0], m[2], m[1]]),
    ['', '10', script.includes('CODE=DCF-BUILD-UNEXPECTED\n') ? 'BUILD-UNEXPECTED' : 'absent'],
  ]
  for (const [, status = '', code = ''] of found) {
    pairs.set(`DCF-${code}`, (pairs.get(`DCF-${code}`) ?? new Set()).add(status))
  }

  it('gives every code one exit status, the one of the catalogue, and uses every entry', () => {
    const used = [...pairs].map(([code, statuses]) => `${code} ${[...statuses].join('+')}`).toSorted()
    const listed = Object.entries(buildCatalogue)
      .map(([code, entry]) => `${code} ${entry.exitStatus}`)
      .toSorted()
    expect(used).toEqual(listed)
  })

  it('keeps exit statuses unique and clear of those of the shell', () => {
    const statuses = Object.values(buildCatalogue).map((entry) => entry.exitStatus)
    expect(new Set(statuses).size).toBe(statuses.length)
    expect(Math.min(...statuses)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...statuses)).toBeLessThanOrEqual(125)
  })
})

describe('shellcheck', () => {
  const present = spawnSync('shellcheck', ['--version']).status === 0
  if (!present && process.env['CI_STRICT'] === '1') throw new Error('shellcheck is missing')
  if (!present) console.warn('SKIPPED: shellcheck is not installed, the buildspec was not checked with it')

  it.skipIf(!present).each([
    ['the script', script],
    ['the command around it', `${first}\n${second}`],
  ])('finds nothing in %s', (_name, source) => {
    const run = spawnSync('shellcheck', ['--shell=bash', '-'], { input: `${source}\n`, encoding: 'utf8' })
    expect(run.stdout).toBe('')
  })
})
