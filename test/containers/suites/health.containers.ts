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

describe('a program that answers 503', () => {
  let run: Run
  let url: string
  let before: Run
  beforeAll(async () => {
    const kept = project('kept')
    before = mustDeploy(
      await deploy(sandbox, kept, inputs('kept', { 'environment-variables': 'COLOUR=blue' })),
    )
    url = before.outputs['function-url'] ?? ''
    setVersion(kept, 'one', 'two')
    setHealth(kept, 200, 503)
    const worse = { 'environment-variables': 'COLOUR=red\nSHAPE=round', 'lambda-memory-mb': '256' }
    run = await deploy(sandbox, kept, inputs('kept', worse))
  })

  test('fails the redeployment with a code of its own', () => {
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { status: 'failed', 'error-code': 'DCF-HEALTH-CHECK-ROLLED-BACK' },
    })
    expect(run.outputs).not.toHaveProperty('function-url')
    expect(run.log).toContain('the version before serves again')
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
  let runs: readonly Run[]
  beforeAll(async () => {
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
    runs = await Promise.all([
      deploy(sandbox, failing, inputs('failing')),
      deploy(sandbox, dying, inputs('dying', { 'lambda-timeout-seconds': '5' })),
      deploy(sandbox, refusing, inputs('refusing')),
    ])
  })

  test('that answers 500 fails and says what is left', () => {
    expect(runs[0]).toMatchObject({ exitCode: 1, outputs: { 'error-code': 'DCF-HEALTH-CHECK-FIRST' } })
    expect(runs[0]?.log).toContain('left in the account: function failing')
  })

  test('whose program dies at its start fails the same way', () => {
    expect(runs[1]).toMatchObject({ exitCode: 1, outputs: { 'error-code': 'DCF-HEALTH-CHECK-FIRST' } })
  })

  test('whose program itself says 403 is an answer', () => {
    expect(runs[2]).toMatchObject({ exitCode: 0, outputs: { status: 'deployed' } })
  })

  test('with health-check-path none does not ask', async () => {
    const silent = project('silent')
    setHealth(silent, 200, 500)
    const run = mustDeploy(await deploy(sandbox, silent, inputs('silent', { 'health-check-path': 'none' })))
    expect((await fetch(run.outputs['function-url'] ?? '')).status).toBe(500)
  })
})
