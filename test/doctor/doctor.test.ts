// The doctor in the sandbox: a sound account, every mistake of the guide, and more.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { doctor } from '../../src/cli/doctor.ts'
import { EVERY_OPTIONAL_POLICY, type OptionalPolicy } from '../../src/sandbox/options.ts'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { openSandbox, runAction } from '../permissions/runs.ts'
import { treeOf } from '../policies/rules.ts'
import { say } from '../setup/capture.ts'
import { faults, mistakes } from './mistakes.ts'
import { writePage } from './page.ts'

const patience = { timeout: 240_000 }

/** Runs `use` in an account of its own. */
async function inAccount<T>(
  use: (sandbox: Sandbox) => Promise<T>,
  optional: readonly OptionalPolicy[] = [],
): Promise<T> {
  const sandbox = await openSandbox(optional)
  try {
    return await use(sandbox)
  } finally {
    await sandbox.close()
  }
}

function askDoctor(sandbox: Sandbox) {
  const { names } = sandbox
  const words = Object.entries({
    'role-to-assume': names.roleArn,
    'aws-region': names.region,
    'bucket-name': names.bucket,
    'codebuild-project': names.project,
    'ecr-repository-uri': names.ecrRepositoryUri,
    'lambda-execution-role-arn': names.executionRoleArn,
  }).flatMap(([name, value]) => [`--${name}`, value])
  return say(doctor, words, runnerEnvironment(sandbox))
}

function kindsOf(document: unknown): Readonly<Record<string, unknown>> {
  const checks = treeOf(document)['checks']
  if (!Array.isArray(checks)) throw new Error('no checks')
  return Object.fromEntries(
    checks.map((check) => [treeOf(check)['id'], treeOf(treeOf(check)['verdict'])['kind']]),
  )
}

describe('a sound account', patience, () => {
  test("with the guide's permissions alone nothing fails, and nothing but the build stays", async () => {
    await inAccount(async (sandbox) => {
      const said = await askDoctor(sandbox)
      expect(said.exitCode, said.printed).toBe(0)
      const kinds = kindsOf(said.document)
      const unknown = Object.keys(kinds).filter((id) => kinds[id] === 'unknown')
      expect(Object.values(kinds)).not.toContain('fail')
      expect(unknown).toEqual([
        'trust-conditions',
        'build-pull',
        'build-log',
        'build-stop',
        'function-policy',
      ])
      const { world } = sandbox
      expect([...world.buckets.values()].flatMap((bucket) => [...bucket.objects.keys()])).toEqual([])
      expect(
        [...world.repositories.values()].flatMap((repository) => [...repository.manifests.keys()]),
      ).toEqual([])
      expect(world.functions.size).toBe(0)
      expect(world.builds.size).toBe(1)
    })
  })

  test('with every optional permission only the trust policy cannot be told', async () => {
    await inAccount(async (sandbox) => {
      const kinds = kindsOf((await askDoctor(sandbox)).document)
      expect(Object.keys(kinds).filter((id) => kinds[id] !== 'pass')).toEqual(['trust-conditions'])
    }, EVERY_OPTIONAL_POLICY)
  })

  test('an archive that lies there is not touched', async () => {
    await inAccount(async (sandbox) => {
      expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
      const before = [...(sandbox.world.buckets.get(sandbox.names.bucket)?.objects.values() ?? [])]
      const said = await askDoctor(sandbox)
      expect(said.exitCode, said.printed).toBe(0)
      expect([...(sandbox.world.buckets.get(sandbox.names.bucket)?.objects.values() ?? [])]).toEqual(before)
      expect(sandbox.world.functions.size).toBe(1)
    })
  })

  test('no token, credential or key is told', async () => {
    await inAccount(async (sandbox) => {
      const said = await askDoctor(sandbox)
      expect(JSON.stringify(said)).not.toMatch(/eyJ|ASIA[A-Z0-9]{12}|aws_secret/i)
      expect(JSON.stringify(said)).not.toContain(sandbox.requestToken)
    })
  })
})

describe("the guide's mistakes", patience, () => {
  test.each(mistakes.map((mistake) => [mistake.number, mistake.title, mistake] as const))(
    '%i. %s',
    async (_, __, { made, deployment, doctor: expected }) => {
      await inAccount(async (sandbox) => {
        if (made.isSecond === true) expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
        made.change?.(sandbox)
        const examined = await runAction(sandbox, 'deploy', { ...made.inputs, doctor: 'true' })
        expect(examined.outputs['error-code'], examined.log).toBe(expected)
        const deployed = await runAction(sandbox, 'deploy', made.inputs)
        expect(deployed.outputs['error-code'], deployed.log).toBe(deployment)
      })
    },
  )

  test('docs/guide-mistakes.md says it', () => {
    const page = readFileSync(new URL('../../docs/guide-mistakes.md', import.meta.url), 'utf8')
    expect(page).toBe(writePage())
  })
})

describe('more faults of an account', patience, () => {
  test.each(faults)('%s', async (_, made, code, says) => {
    await inAccount(async (sandbox) => {
      made.change?.(sandbox)
      const examined = await runAction(sandbox, 'deploy', { doctor: 'true' })
      expect(examined.exitCode, examined.log).toBe(1)
      expect(examined.outputs['error-code'], examined.log).toBe(code)
      expect(examined.log).toContain(says)
      expect(sandbox.world.functions.size).toBe(0)
    })
  })
})
