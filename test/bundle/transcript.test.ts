// The built bundles as the runner runs them: environment in; stdout, outputs, summary and requests out.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EVERY_OPTIONAL_POLICY } from '../../src/sandbox/options.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { findNodes, runStep, type Transcript } from './step.ts'

const entry = [
  process.execPath,
  fileURLToPath(new URL('../../src/sandbox/standins/entry.ts', import.meta.url)),
]

async function withSandbox(story: (sandbox: Sandbox) => Promise<void>, everyPolicy = false): Promise<void> {
  const sandbox = await startSandbox({
    standinEntry: entry,
    optionalPolicies: everyPolicy ? EVERY_OPTIONAL_POLICY : [],
  })
  try {
    await story(sandbox)
  } finally {
    await sandbox.close()
  }
}

/** What no transcript may hold. */
function expectNoSecrets(sandbox: Sandbox, { stdout, stderr, summary, outputs, state }: Transcript): void {
  const all = [stdout, stderr, summary, ...outputs.values(), ...state.values()].join('\n')
  expect(all).not.toContain(sandbox.requestToken)
  expect(all).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/)
  expect(all).not.toMatch(/\bASIA[A-Z0-9]{16}\b/)
  expect(all).not.toContain('add-mask')
}

describe.each(findNodes())('on Node %s', (_, node) => {
  test("deploy and undeploy with the guide's permissions", async () => {
    await withSandbox(async (sandbox) => {
      const deployed = await runStep(sandbox, 'deploy', { node })
      expect(deployed.stderr).toBe('')
      expect(deployed.exitCode, deployed.stdout).toBe(0)
      expect(deployed.outputs.get('status')).toBe('deployed')
      expect([...deployed.outputs.keys()].sort()).toEqual(
        [
          'artifact-sha256',
          'build-id',
          'build-url',
          'deployment',
          'function-arn',
          'function-name',
          'function-url',
          'image-digest',
          'image-uri',
          'source-digest',
          'status',
        ].sort(),
      )
      expect(deployed.outputs.get('image-uri')).toBe(
        `${sandbox.names.ecrRepositoryUri}@${deployed.outputs.get('image-digest')}`,
      )
      expect(JSON.parse(deployed.outputs.get('deployment') ?? '')).toMatchObject({
        status: 'deployed',
        functionName: 'hello_dart',
        account: '123456789012',
        commit: sandbox.github.sha,
      })
      expect(deployed.summary).toContain('deployed')
      expect(deployed.stdout).not.toContain('::error')
      expectNoSecrets(sandbox, deployed)
      expect(sandbox.journal.operations('s3').filter((one) => one === 's3:PutObject')).toHaveLength(1)
      expect(
        sandbox.journal.operations('codebuild').filter((one) => one === 'codebuild:StartBuild'),
      ).toHaveLength(1)
      expect((await fetch(deployed.outputs.get('function-url') ?? '')).status).toBe(200)

      const removed = await runStep(sandbox, 'undeploy', { node })
      expect(removed.exitCode, removed.stdout).toBe(0)
      expect(removed.outputs.get('status')).toBe('removed')
      expect(JSON.parse(removed.outputs.get('removed') ?? '')).toContain('function')
      expectNoSecrets(sandbox, removed)
      const absent = await runStep(sandbox, 'undeploy', { node })
      expect([absent.exitCode, absent.outputs.get('status'), absent.outputs.get('removed')]).toEqual([
        0,
        'absent',
        '[]',
      ])
    })
  })

  test('wrong inputs: one annotation each, exit code 1, no call', async () => {
    await withSandbox(async (sandbox) => {
      const run = await runStep(sandbox, 'deploy', {
        node,
        inputs: { 'role-to-assume': '', 'aws-region': 'nowhere', force: 'yes' },
      })
      expect(run.exitCode).toBe(1)
      expect(run.stdout.match(/^::error /gm)).toHaveLength(3)
      expect([run.outputs.get('status'), run.outputs.get('error-code')]).toEqual([
        'failed',
        'DCF-INPUT-MISSING',
      ])
      expect(run.summary).toContain('DCF-INPUT-MISSING')
      expect(sandbox.journal.entries).toEqual([])
    })
  })

  test('a refusal: exactly one annotation, with stage, cause and remedy', async () => {
    await withSandbox(async (sandbox) => {
      sandbox.world.buckets.clear()
      const run = await runStep(sandbox, 'deploy', { node })
      expect(run.exitCode).toBe(1)
      const annotations = run.stdout.match(/^::error .*$/gm) ?? []
      expect(annotations).toHaveLength(1)
      expect(annotations[0]).toContain('DCF-BUCKET-MISSING (upload)')
      expect(annotations[0]).toContain('AWS request id')
      expect(run.outputs.get('error-code')).toBe('DCF-BUCKET-MISSING')
      expect(run.outputs.has('function-url')).toBe(false)
      expectNoSecrets(sandbox, run)
    })
  })

  test('a failed build: its own code, its last lines in the summary, the id before the end', async () => {
    await withSandbox(async (sandbox) => {
      sandbox.world.switches.codebuild.fate = {
        status: 'FAILED',
        phase: 'BUILD',
        message: 'Error while executing command: x. Reason: exit status 36',
      }
      const run = await runStep(sandbox, 'deploy', { node })
      expect([run.exitCode, run.outputs.get('error-code')]).toEqual([1, 'DCF-IMAGE-TAG-IMMUTABLE'])
      expect(run.outputs.get('build-id')).toMatch(/^dcf-lambda-build:/)
      expect(run.summary).toContain('aws codebuild batch-get-builds')
      expect(run.state.get('unfinished')).toBe('')
    }, true)
  })

  test('a plan on a machine without anything', () => {
    const env = { PATH: '/usr/bin:/bin' }
    const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
    const cwd = fileURLToPath(new URL('../../examples/hello-dart', import.meta.url))
    const run = spawnSync(node, [cli, 'plan', '--json'], { env, cwd, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
    const document = JSON.parse(run.stdout)
    expect(document).toMatchObject({ ok: true, functionName: 'hello_dart', problems: [] })
    expect(document.files.map((file: { path: string }) => file.path)).toContain('pubspec.yaml')
  })

  test('the bundle needs nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcf-alone-'))
    try {
      cpSync('dist/deploy', join(folder, 'somewhere'), { recursive: true })
      await withSandbox(async (sandbox) => {
        const script = join(folder, 'somewhere/index.js')
        const run = await runStep(sandbox, 'deploy', { node, script, inputs: { plan: 'true' } })
        expect([run.exitCode, run.outputs.get('status')], run.stdout).toEqual([0, 'planned'])
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
