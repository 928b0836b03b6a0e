// What runs in a customer's shell: `setup.sh` and the doctor's buildspec, before shellcheck, and within CodeBuild's limits.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { planSetup } from '../../src/core/setup/files.ts'
import { policySources } from '../../src/edge/policies.ts'
import { treeOf } from '../policies/rules.ts'
import { requestOf, variants } from './variants.ts'

const buildspec = readFileSync(new URL('../../buildspecs/buildspec.doctor.yml', import.meta.url), 'utf8')
const build = treeOf(treeOf(treeOf(parse(buildspec))['phases'])['build'])
const command = Array.isArray(build['commands']) ? build['commands'].join('\n') : ''
const script = /<<'DCF_SCRIPT'\n([\s\S]*?)\nDCF_SCRIPT\n/.exec(command)?.[1] ?? ''

const isPresent = spawnSync('shellcheck', ['--version']).status === 0
if (!isPresent) {
  if (process.env['CI_STRICT'] === '1') throw new Error('shellcheck is missing')
  console.warn(
    'SKIPPED: shellcheck is not installed, setup.sh and the buildspec of the doctor were not checked with it',
  )
}

function findFaults(source: string): string {
  return spawnSync('shellcheck', ['--shell=bash', '-'], { input: `${source}\n`, encoding: 'utf8' }).stdout
}

describe.skipIf(!isPresent)('shellcheck', () => {
  test.each(variants)('finds nothing in setup.sh: %s', (_, options) => {
    const file = planSetup(requestOf(options), policySources).find(({ path }) => path === 'commands/setup.sh')
    expect(file?.text).toContain('set -euo pipefail')
    expect(findFaults(file?.text ?? 'fi')).toBe('')
  })

  test('finds nothing in the script of the doctor', () => {
    expect(script).toContain('found docker ok')
    expect(findFaults(script)).toBe('')
  })

  test('finds a planted fault', () => {
    expect(findFaults(script.replace('"$S3_BUCKET"', '$S3_BUCKET'))).toContain('SC2086')
  })
})

test('the buildspec of the doctor fits into StartBuild', () => {
  expect(buildspec.length).toBeLessThan(25_600)
})

test('the doctor names a function, an upload or an image that does not exist in whatever could change something', () => {
  const changes = /\b(?:create|update|delete|put|add|tag|complete|upload)-[a-z-]+/
  const lines = script.split('\n').filter((line) => changes.test(line) && /\b(?:ask|try) /.test(line))
  const harmless =
    /"\$\{name\[@\]\}"|"\$\{upload\[@\]\}"|\$DCF_DOCTOR_FUNCTION_ARN|--image-manifest '\{\}'|--generate-cli-skeleton/
  expect(lines.length).toBeGreaterThanOrEqual(8)
  expect(lines.filter((line) => !harmless.test(line))).toEqual([])
})
