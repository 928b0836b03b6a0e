// A redeployment keeps what it does not change, and skips itself when there is nothing to change.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVERY_OPTIONAL_POLICY } from '../../../src/sandbox/options.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { functionOf, openRealAccount } from '../account.ts'
import { deploy, mustDeploy, type Run } from '../deployment.ts'
import { docker, useEngine } from '../engine.ts'
import { createProject, type Project, setVersion } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
let project: Project
let first: Run
let second: Run
const VPC = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] }
const CORS = { AllowOrigins: ['https://example.com'] }
const SETTINGS = { 'environment-variables': 'COLOUR=blue' }

beforeAll(async () => {
  sandbox = await openRealAccount(EVERY_OPTIONAL_POLICY)
  project = createProject()
  first = mustDeploy(await deploy(sandbox, project, SETTINGS))
  const fn = functionOf(sandbox)
  fn.served = {
    ...fn.served,
    environment: { ...fn.served.environment, BY_HAND: 'kept' },
    extras: { ...fn.served.extras, VpcConfig: VPC },
  }
  fn.reservedConcurrency = 5
  fn.tags.set('team', 'blue')
  if (fn.url !== undefined) fn.url = { ...fn.url, cors: CORS }
  setVersion(project, 'one', 'two')
  second = mustDeploy(
    await deploy(sandbox, project, {
      'environment-variables': 'COLOUR=red\nSHAPE=round',
      'lambda-memory-mb': '640',
      'lambda-timeout-seconds': '20',
    }),
  )
})
afterAll(async () => {
  await sandbox.close()
  project.remove()
})

test('the new code answers at the same URL', async () => {
  expect(second.outputs['function-url']).toBe(first.outputs['function-url'])
  expect(await (await fetch(`${second.outputs['function-url']}version`)).text()).toBe('two')
})

test('what was asked for has changed', async () => {
  const environment = await (await fetch(`${second.outputs['function-url']}environment`)).json()
  expect(environment).toMatchObject({ COLOUR: 'red', SHAPE: 'round', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '640' })
  expect(functionOf(sandbox).served).toMatchObject({ timeout: 20, memorySize: 640 })
})

test('other variables, VPC, concurrency, URL settings and tags are kept', async () => {
  const environment = await (await fetch(`${second.outputs['function-url']}environment`)).json()
  expect(environment).toMatchObject({ BY_HAND: 'kept' })
  const fn = functionOf(sandbox)
  expect(fn.served.extras).toMatchObject({ VpcConfig: VPC })
  expect(fn).toMatchObject({ reservedConcurrency: 5, url: { cors: CORS } })
  expect(Object.fromEntries(fn.tags)).toMatchObject({ team: 'blue' })
})

test('code and configuration came one after the other without a conflict', () => {
  const updates = sandbox.journal.entries.filter(({ operation }) => operation.startsWith('UpdateFunction'))
  expect(updates.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
    'UpdateFunctionCode 200',
    'UpdateFunctionConfiguration 200',
  ])
})

test('an unchanged source is not built again, and its URL is asked', async () => {
  const settings = {
    'environment-variables': 'COLOUR=red\nSHAPE=round',
    'lambda-memory-mb': '640',
    'lambda-timeout-seconds': '20',
    'skip-unchanged': 'true',
  }
  sandbox.journal.clear()
  const run = await deploy(sandbox, project, settings)
  expect(run).toMatchObject({
    exitCode: 0,
    outputs: { status: 'unchanged', 'function-url': second.outputs['function-url'] },
  })
  expect(sandbox.journal.operations('codebuild')).toEqual([])
  expect(sandbox.journal.operations('s3')).toEqual([])
})

test('a machine that has built nothing yet takes the unchanged steps from the cache image', async () => {
  await docker('builder', 'prune', '--all', '--force')
  project.edit('bin/server.dart', "const version = 'two'", "const version = 'three'")
  const run = mustDeploy(await deploy(sandbox, project))
  expect(run.log).toMatch(/CACHED/)
  expect(run.log.split('\n').filter((line) => line.includes('stand-in for `dart pub get`'))).toEqual([])
  expect(await (await fetch(`${run.outputs['function-url']}version`)).text()).toBe('three')
})
