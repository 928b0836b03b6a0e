import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findTool, isStrict } from '../../scripts/workflows/tools.ts'

const SCRIPT = resolve('scripts/workflows/lint.ts')
const hasTools = findTool('actionlint') !== null && findTool('zizmor') !== null
if (!hasTools) console.warn('SKIPPED the linters themselves: run .ci/install-tools.sh actionlint zizmor')

// Both linters are programs of their own, and this machine may be busy.
vi.setConfig({ testTimeout: 120_000 })

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dcf-lint-test-'))
  for (const path of ['action.yml', 'undeploy/action.yml', '.github']) {
    cpSync(path, join(root, path), { recursive: true })
  }
  for (const path of ['dist/deploy/index.js', 'dist/deploy/post.js', 'dist/undeploy/index.js']) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  mkdirSync(join(root, 'docs'))
  execFileSync('git', ['init', '-q', root])
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function lint(environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment }
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8', env })
  return { status, output: stdout + stderr }
}

describe.skipIf(!hasTools && !isStrict())('the linters themselves', () => {
  const page = (block: string) => writeFileSync(join(root, 'docs/page.md'), `\`\`\`yaml\n${block}\`\`\`\n`)

  test('find nothing in this repository', () => {
    const { status, output } = lint()
    expect(status, output).toBe(0)
    expect(output).toContain('actionlint found nothing')
    expect(output).toContain('zizmor found nothing')
  })

  test('find an input that the action does not have, in an example', () => {
    page('- name: Deploy\n  uses: dcf/aws-lambda-deploy@v1\n  with:\n    role: x\n')
    const { status, output } = lint()
    expect(status, output).toBe(1)
    expect(output).toContain('input "role" is not defined')
  })

  test('find an action that is not pinned, in an example, also one named like ours', () => {
    page('- name: Deploy\n  uses: dcf/aws-lambda-deploy-fork@v1\n')
    const { status, output } = lint()
    expect(status, output).toBe(1)
    expect(output).toContain('unpinned-uses')
  })
})

test('a missing linter is said, and fails where a skip is a failure', () => {
  const nowhere = { DCF_CACHE: join(root, 'nowhere') }
  const relaxed = lint({ ...nowhere, CI_STRICT: '' })
  expect([relaxed.status, relaxed.output.match(/SKIPPED/g)?.length]).toEqual([0, 2])
  expect(relaxed.output).toContain('run .ci/install-tools.sh actionlint')
  expect(lint({ ...nowhere, CI_STRICT: '1' }).status).toBe(1)
})
