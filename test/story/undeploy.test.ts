// Undeploy: partial states and repeats end well, and nothing of anybody else is touched.
import { expect, test } from 'vitest'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'
import { codeOf, openStage, type Stage } from './sandbox.ts'

function place({ sandbox }: Stage, description: string): void {
  const { account, region, partition } = sandbox.world
  const role = sandbox.names.executionRoleArn
  sandbox.world.functions.set(
    'hello_dart',
    createForeignFunction({
      name: 'hello_dart',
      account,
      region,
      partition,
      now: Date.now(),
      role,
      packageType: 'Image',
      description,
    }),
  )
}

const ours = `dcf/aws-lambda-deploy repo=1296269 pr=- src=${'a'.repeat(16)} cfg=${'b'.repeat(16)} img=${'c'.repeat(16)}`

test('what is half there is removed, and a second run says absent', async () => {
  await using stage = await openStage()
  place(stage, ours)
  const first = await stage.undeploy()
  expect(first.outcome.kind, first.text).toBe('removed')
  expect(first.facts.removed).toEqual(['function'])
  expect(first.facts.remaining).toContain('log group /aws/lambda/hello_dart')
  expect((await stage.undeploy()).outcome.kind).toBe('absent')
})

test('a function of somebody else stays, unless force is given', async () => {
  await using stage = await openStage()
  place(stage, 'hand-made')
  const refused = await stage.undeploy()
  expect(codeOf(refused)).toBe('DCF-FUNCTION-FOREIGN')
  expect(stage.sandbox.world.functions.size).toBe(1)
  expect((await stage.undeploy({ force: 'true' })).outcome.kind).toBe('removed')
})

test('a failure in the middle says what is done, and a second run finishes', async () => {
  await using stage = await openStage()
  place(stage, ours)
  const fault = {
    kind: 'error',
    status: 403,
    code: 'AccessDeniedException',
    message: 'User is not authorized to perform: lambda:DeleteFunction',
  } as const
  stage.sandbox.faults.add({ service: 'lambda', operation: 'DeleteFunction', effect: fault, times: 1 })
  const first = await stage.undeploy()
  expect(codeOf(first)).toBe('DCF-UNDEPLOY-DENIED')
  expect(first.text).toContain('lambda:DeleteFunction')
  expect(first.text).toContain('Nothing was removed.')
  const second = await stage.undeploy()
  expect(second.outcome.kind, second.text).toBe('removed')
})

test('a deletion that takes its time is waited for', async () => {
  await using stage = await openStage()
  place(stage, ours)
  stage.sandbox.world.switches.lambda.deleting = 1500
  const run = await stage.undeploy()
  expect(run.outcome.kind, run.text).toBe('removed')
})

test('a role that may not look is refused without force', async () => {
  await using stage = await openStage()
  place(stage, ours)
  const policies = stage.sandbox.world.roles.get('dcf-gke-role')?.policies
  for (const [name, policy] of policies ?? [])
    policies?.set(
      name,
      JSON.parse(JSON.stringify(policy).replaceAll('"lambda:GetFunction"', '"none:Nothing"')),
    )
  expect(codeOf(await stage.undeploy())).toBe('DCF-UNDEPLOY-UNSEEN')
  expect(stage.sandbox.world.functions.size).toBe(1)
})

test("with bucket-name this function's artifact is withdrawn, and no other's", async () => {
  await using stage = await openStage()
  stage.sandbox.world.switches.codebuild.fate = { status: 'FAULT', phase: 'PROVISIONING', message: 'x' }
  await stage.deploy()
  const bucket = stage.sandbox.world.buckets.get(stage.sandbox.names.bucket)
  const withdrawn = () => bucket?.objects.get('builds/app.zip')?.metadata['dcf-withdrawn']
  expect(withdrawn()).toBeUndefined()
  await stage.undeploy({ 'bucket-name': stage.sandbox.names.bucket, 'function-name': 'other' })
  expect(withdrawn()).toBeUndefined()
  const run = await stage.undeploy({ 'bucket-name': stage.sandbox.names.bucket })
  expect(run.outcome.kind, run.text).toBe('absent')
  expect(run.facts.removed).toEqual(['artifact'])
  expect(withdrawn()).toBe('true')
})
