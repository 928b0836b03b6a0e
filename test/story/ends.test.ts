// The ways in which a build can end badly, and what the run makes of them.
import { StopBuildCommand } from '@aws-sdk/client-codebuild'
import { describe, expect, test } from 'vitest'
import { actAs, allow, waitFor } from '../sandbox/account.ts'
import { codeOf, openStage } from './sandbox.ts'

describe('a build that ends badly', () => {
  test.each([
    [
      'FAILED',
      'Error while executing command: (exit "$DCF_STATUS"). Reason: exit status 36',
      'DCF-IMAGE-TAG-IMMUTABLE',
    ],
    ['FAILED', 'Error while executing command: something. Reason: exit status 1', 'DCF-BUILD-FAILED'],
    ['FAULT', 'Build container found dead before completing the build.', 'DCF-BUILD-FAULT'],
    ['TIMED_OUT', 'Build has timed out.', 'DCF-BUILD-TIMED-OUT'],
  ] as const)('%s: %s', async (status, message, code) => {
    await using stage = await openStage()
    stage.sandbox.world.switches.codebuild.fate = { status, phase: 'BUILD', message }
    const run = await stage.deploy()
    expect(codeOf(run), run.text).toBe(code)
    expect(run.text).toContain(message)
    expect(run.facts.functionUrl).toBeUndefined()
    expect(run.facts.buildId).toMatch(/^dcf-lambda-build:/)
    expect(run.kept.at(-1)).toBeUndefined()
  })

  test('stopped by somebody', async () => {
    await using stage = await openStage()
    allow(stage.sandbox, 'dcf-gke-role', 'codebuild:StopBuild')
    const running = stage.deploy()
    const id = await waitFor(() => [...stage.sandbox.world.builds.keys()][0])
    await actAs(stage.sandbox, 'dcf-gke-role').codebuild.send(new StopBuildCommand({ id }))
    expect(codeOf(await running)).toBe('DCF-BUILD-STOPPED')
  })

  test("the buildspec's own code is shown with cause and remedy, also when exported variables are withheld", async () => {
    await using stage = await openStage()
    stage.sandbox.world.switches.codebuild.withholdExports = true
    stage.sandbox.world.repositories.clear()
    const run = await stage.deploy()
    expect(codeOf(run), run.text).toMatch(/^DCF-ECR-/)
    expect(stage.sandbox.world.functions.size).toBe(0)
  })
})

test('throttled status calls do not fail the run', async () => {
  await using stage = await openStage()
  stage.sandbox.world.switches.codebuild.fate = { status: 'FAULT', phase: 'BUILD', message: 'x' }
  stage.sandbox.faults.add({
    service: 'codebuild',
    operation: 'BatchGetBuilds',
    effect: { kind: 'throttle' },
    times: 3,
  })
  expect(codeOf(await stage.deploy())).toBe('DCF-BUILD-FAULT')
})

test('a newer run of the same function takes over', async () => {
  await using stage = await openStage()
  const older = stage.deploy()
  await waitFor(() => [...stage.sandbox.world.builds.keys()][0])
  const newer = stage.deploy({}, { environment: { GITHUB_RUN_ID: '9002' } })
  const [first, second] = await Promise.all([older, newer])
  expect(first.outcome.kind, first.text).toBe('superseded')
  expect(second.outcome.kind, second.text).toBe('deployed')
})

test("without the guide's undeploy statement it deploys all the same, and says that the URL is unverified", async () => {
  await using stage = await openStage()
  const policies = stage.sandbox.world.roles.get('dcf-gke-role')?.policies
  for (const [name, policy] of policies ?? [])
    policies?.set(name, JSON.parse(JSON.stringify(policy).replaceAll('"lambda:', '"none:')))
  const run = await stage.deploy()
  expect(run.outcome.kind, run.text).toBe('deployed')
  expect(run.facts.urlVerified).toBe(false)
  expect(run.text).toContain('unverified')
})

test('cancelled in the middle: no build that can still pass its fence', async () => {
  await using stage = await openStage()
  const controller = new AbortController()
  const running = stage.deploy({}, { signal: controller.signal })
  await waitFor(() => [...stage.sandbox.world.builds.keys()][0])
  controller.abort(new Error('cancelled'))
  const run = await running
  expect(run.outcome.kind).toBe('cancelled')
  expect(run.text).toContain('withdrawn')
  const build = await waitFor(() => {
    const [found] = stage.sandbox.world.builds.values()
    return found?.status === 'IN_PROGRESS' ? undefined : found
  })
  expect(build.status).toBe('FAILED')
  expect(stage.sandbox.world.functions.size).toBe(0)
  expect(run.kept.at(-1)).toBeUndefined()
})
