// Green only if it answers: what a build does when the new code does not, with programs that really do not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { functionOf, openRealAccount } from '../account.ts'
import { deploy, mustDeploy, type Run } from '../deployment.ts'
import { useEngine } from '../engine.ts'
import { createProject, type Project, setHealth, setVersion } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
const projects: Project[] = []
beforeAll(async () => {
  sandbox = await openRealAccount()
  // The guide's service role reads one key; whoever uses others allows them.
  const Resource = `arn:aws:s3:::${sandbox.names.bucket}/builds/*`
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource }
  const keys = { Version: '2012-10-17', Statement: [statement] }
  sandbox.world.roles.get(sandbox.names.serviceRole)?.policies.set('keys', keys)
})
afterAll(async () => {
  await sandbox.close()
  for (const project of projects) project.remove()
})

function project(name: string): Project {
  const made = createProject(name)
  projects.push(made)
  return made
}

/** Every function has an artifact of its own, so that the deployments of this file can run side by side. */
function inputs(name: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { 'artifact-key': `builds/${name}.zip`, ...more }
}

let runs: Readonly<Record<'kept' | 'failing' | 'dying' | 'refusing' | 'silent', Run>>
let url: string
let before: Run
// A program that answers 5xx at its root is not ready for the adapter, so that each look takes as long as the function may.
const short = { 'lambda-timeout-seconds': '3' }

beforeAll(async () => {
  const kept = project('kept')
  before = mustDeploy(
    await deploy(sandbox, kept, inputs('kept', { ...short, 'environment-variables': 'COLOUR=blue' })),
  )
  url = before.outputs['function-url'] ?? ''
  setVersion(kept, 'one', 'two')
  setHealth(kept, 200, 503)
  const failing = project('failing')
  setHealth(failing, 200, 500)
  const dying = project('dying')
  dying.edit(
    'bin/server.dart',
    'final port =',
    "if (version == 'one') throw StateError('no');\n  final port =",
  )
  const refusing = project('refusing')
  setHealth(refusing, 200, 403)
  const silent = project('silent')
  setHealth(silent, 200, 500)
  const fourth = await deploy(sandbox, refusing, inputs('refusing'))
  const fifth = await deploy(sandbox, silent, inputs('silent', { ...short, 'health-check-path': 'none' }))
  const worse = { ...short, 'environment-variables': 'COLOUR=red\nSHAPE=round', 'lambda-memory-mb': '256' }
  // Side by side: each waits a minute for its answer.
  const [first, second, third] = await Promise.all([
    deploy(sandbox, kept, inputs('kept', worse)),
    deploy(sandbox, failing, inputs('failing', short)),
    deploy(sandbox, dying, inputs('dying', short)),
  ])
  runs = { kept: first, failing: second, dying: third, refusing: fourth, silent: fifth }
})

describe('a redeployment whose program answers 503', () => {
  test('fails with a code of its own', () => {
    const { kept } = runs
    expect(kept).toMatchObject({
      exitCode: 1,
      outputs: { status: 'failed', 'error-code': 'DCF-HEALTH-CHECK-ROLLED-BACK' },
    })
    expect(kept.outputs).not.toHaveProperty('function-url')
    expect(kept.log).toContain('the version before serves again')
  })

  test('leaves the code and the configuration that served before', async () => {
    expect(await (await fetch(`${url}version`)).text()).toBe('one')
    const { served } = functionOf(sandbox, 'kept')
    expect(served).toMatchObject({ memorySize: 512, environment: { COLOUR: 'blue' } })
    expect(served.environment).not.toHaveProperty('SHAPE')
    expect(served.image?.digest).toBe(before.outputs['image-digest'])
  })

  test('leaves a mark that no later run takes for a success', () => {
    expect(functionOf(sandbox, 'kept').served.description).toMatch(/ src=- /)
  })
})

describe('a first deployment', () => {
  test('that answers 500 fails and says what is left', () => {
    expect(runs.failing).toMatchObject({ exitCode: 1, outputs: { 'error-code': 'DCF-HEALTH-CHECK-FIRST' } })
    expect(runs.failing.log).toContain('left in the account: function failing')
  })

  test('whose program dies at its start fails the same way', () => {
    expect(runs.dying).toMatchObject({ exitCode: 1, outputs: { 'error-code': 'DCF-HEALTH-CHECK-FIRST' } })
  })

  test('whose program itself says 403 is an answer', async () => {
    expect(mustDeploy(runs.refusing).outputs['status']).toBe('deployed')
    expect((await fetch(runs.refusing.outputs['function-url'] ?? '')).status).toBe(403)
  })

  test('with health-check-path none does not ask', async () => {
    const silent = mustDeploy(runs.silent)
    expect(silent.log).not.toMatch(/^\| \[dcf\] calling /m)
    expect((await fetch(silent.outputs['function-url'] ?? '')).status).toBe(502)
  })
})
