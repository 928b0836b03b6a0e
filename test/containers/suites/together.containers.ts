// Two deployments at once, and what Lambda and the registry make a build wait for.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { buildLog, functionOf, openRealAccount } from '../account.ts'
import { deploy, mustDeploy, startDeploy } from '../deployment.ts'
import { useEngine } from '../engine.ts'
import { createProject, type Project, setVersion } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
let projects: Project[]
beforeEach(async () => {
  sandbox = await openRealAccount()
  projects = []
})
afterEach(async () => {
  await sandbox.close()
  for (const project of projects) project.remove()
})

function project(version: string): Project {
  const made = createProject()
  projects.push(made)
  setVersion(made, 'one', version)
  return made
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1200) throw new Error('it did not come to that within a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('of two deployments of one function the newer one serves, and the older one says that it was superseded', async () => {
  const older = startDeploy(sandbox, project('older'))
  await until(() => buildLog(sandbox).includes('building the image'))
  const newer = startDeploy(sandbox, project('newer'))
  const runs = [await older.end, await newer.end]
  expect(runs[0]).toMatchObject({ exitCode: 1, outputs: { status: 'superseded' } })
  const url = mustDeploy(runs[1] ?? runs[0]!).outputs['function-url']
  expect(await (await fetch(`${url}version`)).text()).toBe('newer')
})

test('two functions that share a bucket and key do not take each other’s code', async () => {
  sandbox.world.switches.codebuild.queued = 2000
  const runs = await Promise.all([
    deploy(sandbox, project('left'), { 'function-name': 'left' }),
    deploy(sandbox, project('right'), { 'function-name': 'right' }),
  ])
  const outcomes = await Promise.all(
    runs.map(async (run) => {
      if (run.exitCode !== 0) return run.outputs['error-code']
      return (await fetch(`${run.outputs['function-url']}version`)).text()
    }),
  )
  expect(['left', 'DCF-ARTIFACT-REPLACED']).toContain(outcomes[0])
  expect(['right', 'DCF-ARTIFACT-REPLACED']).toContain(outcomes[1])
  expect(outcomes).not.toEqual(['DCF-ARTIFACT-REPLACED', 'DCF-ARTIFACT-REPLACED'])
})

test('a role that is not yet assumable, a throttling registry and another update are waited for', async () => {
  sandbox.world.switches.lambda.unassumable = 1
  sandbox.world.switches.registry.throttle = 1
  const first = mustDeploy(await deploy(sandbox, project('first')))
  expect(first.log).toContain('cannot be assumed by Lambda')
  const fn = functionOf(sandbox)
  fn.lastUpdate = 'InProgress'
  fn.transition = { kind: 'updating', until: sandbox.world.clock.now() + 3000, next: fn.served }
  const second = mustDeploy(await deploy(sandbox, project('second')))
  expect(await (await fetch(`${second.outputs['function-url']}version`)).text()).toBe('second')
})
