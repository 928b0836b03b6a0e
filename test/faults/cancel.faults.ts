// A cancel in every stage, by either signal, with and without the permission to stop builds; and what the post step
// finishes for a step that was killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readOutputs } from '../../src/cli/bundlestep.ts'
import { type Bed, bundles, type CellPlan, openBed, runCell, stepEnvironment } from './cell.ts'
import { findBreaches } from './invariants.ts'
import { type FaultName, faultKinds } from './kinds.ts'
import type { OperationName } from './operations.ts'

const guideOnly = { policies: [] } as const
/** Each stage is held open by a server that says nothing. */
const stages: readonly OperationName[] = [
  'GetIdToken',
  'AssumeRoleWithWebIdentity',
  'GetFunction',
  'PutObject',
  'StartBuild',
  'BatchGetBuilds',
]

describe.concurrent('a signal while a server says nothing', () => {
  for (const seen of stages)
    for (const by of ['SIGINT', 'SIGTERM'] as const)
      test(`${seen}, ${by}`, async () => {
        const spoiled = [{ operation: seen, fault: faultKinds.silence, times: 1e9 }]
        await cancelled({ scenario: 'cancel', spoiled, work: 9000, interrupt: { when: { seen }, by } })
      })
})

describe.concurrent('a signal', () => {
  for (const by of ['SIGINT', 'SIGTERM'] as const) {
    test(`${by}: the build is stopped, id and link are shown`, async () => {
      const run = await cancelled({
        scenario: 'cancel',
        spoiled: [],
        work: 9000,
        interrupt: { when: 'build-id', by },
      })
      expect(run.builds.map((build) => build.status)).toEqual(['STOPPED'])
      const id = run.outputs.get('build-id') ?? 'none'
      expect(run.stdout).toContain(
        `The build was stopped. The build: ${id} https://us-east-1.console.aws.amazon.com/`,
      )
      expect(run.unfinished).toBe('')
    })

    test(`${by} with the guide's permissions: the fence stops the build, and what that leaves is said`, async () => {
      const run = await cancelled({
        ...guideOnly,
        scenario: 'cancel',
        spoiled: [],
        work: 9000,
        interrupt: { when: 'build-id', by },
      })
      expect(run.builds.map((build) => build.status)).toEqual(['FAILED'])
      expect(run.builds[0]?.passedFence).toBeUndefined()
      expect(run.stdout).toContain('can only be stopped by a role with `codebuild:StopBuild`')
      expect(run.unfinished).toBe('')
    })
  }

  test('while StartBuild is answered late: the build that started is stopped', async () => {
    const spoiled = [
      {
        operation: 'StartBuild',
        fault: { times: 1, spoil: () => ({ kind: 'late', milliseconds: 900 }) as const },
      },
    ]
    const run = await cancelled({
      scenario: 'cancel',
      spoiled,
      work: 9000,
      interrupt: { when: { seen: 'StartBuild' }, by: 'SIGINT' },
    })
    expect(run.builds.map((build) => build.status)).toEqual(['STOPPED'])
  })

  test('while the answer to StartBuild is lost: no build can pass its fence', async () => {
    const spoiled = [
      { operation: 'StartBuild', fault: faultKinds['answer lost after its effect'], times: 1e9 },
    ]
    const run = await cancelled({
      ...guideOnly,
      scenario: 'cancel',
      spoiled,
      work: 9000,
      interrupt: { when: { seen: 'StartBuild' }, by: 'SIGINT' },
    })
    expect(run.builds.map((build) => build.passedFence)).toEqual([undefined])
  })

  test('an equal archive of a newer run is not withdrawn', async () => {
    const plan: CellPlan = { ...guideOnly, scenario: 'cancel', spoiled: [], work: 9000 }
    const bed = await openBed(plan)
    try {
      const child = start(bed, plan)
      await untilBuild(bed)
      const objects = bed.sandbox.world.buckets.get(bed.sandbox.names.bucket)?.objects
      const stored = objects?.get('builds/app.zip')
      if (objects === undefined || stored === undefined) throw new Error('nothing was uploaded')
      objects.set(stored.key, {
        ...stored,
        metadata: { ...stored.metadata, 'dcf-run': '1296269/-/9/1/ffffffff' },
      })
      child.kill('SIGINT')
      await once(child, 'close')
      expect(objects.get(stored.key)?.metadata).toMatchObject({ 'dcf-run': '1296269/-/9/1/ffffffff' })
      expect(objects.get(stored.key)?.metadata['dcf-withdrawn']).toBeUndefined()
    } finally {
      await bed.close()
    }
  })
})

describe.concurrent("the tombstone's own faults, with the guide's permissions", () => {
  const faults = (Object.keys(faultKinds) as FaultName[]).filter((name) =>
    Number.isFinite(faultKinds[name].times),
  )
  for (const name of faults)
    test(name, async () => {
      // The first PutObject is the archive's.
      const spoiled = [{ operation: 'PutObject', fault: faultKinds[name], after: 1 }]
      const interrupt = { when: 'build-id', by: 'SIGINT' } as const
      const run = await cancelled({ ...guideOnly, scenario: 'cancel', spoiled, work: 9000, interrupt })
      expect(run.builds.map((build) => build.passedFence)).toEqual([undefined])
      expect(run.unfinished).toBe('')
    })
})

test('what could not be withdrawn is left to the post step, and said', async () => {
  const spoiled = [{ operation: 'PutObject', fault: faultKinds['access denied'], after: 1 }]
  const interrupt = { when: 'build-id', by: 'SIGINT' } as const
  const run = await runCell({ ...guideOnly, scenario: 'cancel', spoiled, work: 3000, interrupt })
  expect(run.outputs.get('status')).toBe('cancelled')
  expect(run.stdout).toContain('it may still change the function. Stop it in the console.')
  expect(run.unfinished).not.toBe('')
})

describe.concurrent('the post step', () => {
  test('finishes what a killed step left', async () => {
    const plan: CellPlan = { scenario: 'cancel', spoiled: [], work: 9000 }
    const bed = await openBed(plan)
    try {
      const child = start(bed, plan)
      await untilBuild(bed)
      child.kill('SIGKILL')
      await once(child, 'close')
      const state = readOutputs(readFileSync(join(bed.folder, 'state'), 'utf8')).get('unfinished') ?? ''
      const post = await runPost(bed, plan, state)
      expect(post.code).toBe(0)
      expect(post.text).toContain('The build was stopped.')
      await Promise.all([...bed.sandbox.world.builds.values()].map((build) => build.ended))
      expect(bed.builds.map((build) => build.status)).toEqual(['STOPPED'])
    } finally {
      await bed.close()
    }
  })

  test.each(['', '{', '{"roleArn":"x"}', 'null', '[]'])('copes with the state %j', async (state) => {
    const plan: CellPlan = { scenario: 'deploy', spoiled: [] }
    const bed = await openBed(plan)
    try {
      const post = await runPost(bed, plan, state)
      expect(post).toEqual({ code: 0, text: '' })
      expect(bed.proxy.seen).toEqual([])
    } finally {
      await bed.close()
    }
  })
})

test('stdout that nobody reads any more does not end the run', async () => {
  const plan: CellPlan = { scenario: 'deploy', spoiled: [] }
  const bed = await openBed(plan)
  try {
    const child = start(bed, plan)
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(readOutputs(readFileSync(join(bed.folder, 'output'), 'utf8')).get('status')).toBe('deployed')
  } finally {
    await bed.close()
  }
})

async function cancelled(plan: CellPlan) {
  const run = await runCell(plan)
  expect(findBreaches(plan, run, 'cancelled'), `${run.stdout}\n${run.stderr}\n${run.seen.join(' ')}`).toEqual(
    [],
  )
  return run
}

function start(bed: Bed, plan: CellPlan) {
  const child = spawn(process.execPath, [join(bundles, 'deploy/index.js')], {
    env: stepEnvironment(bed, plan),
    cwd: join(bed.folder, 'source'),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.stdout.resume()
  return child
}

async function untilBuild(bed: Bed): Promise<void> {
  while (!readFileSync(join(bed.folder, 'output'), 'utf8').includes('build-id<<')) await sleep(20)
}

async function runPost(
  bed: Bed,
  plan: CellPlan,
  state: string,
): Promise<{ readonly code: unknown; readonly text: string }> {
  writeFileSync(join(bed.folder, 'state'), '')
  appendFileSync(join(bed.folder, 'summary'), '')
  const child = spawn(process.execPath, [join(bundles, 'deploy/post.js')], {
    env: stepEnvironment(bed, plan, { STATE_unfinished: state }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (data) => {
    text += String(data)
  })
  child.stderr.on('data', (data) => {
    text += String(data)
  })
  const [code]: unknown[] = await once(child, 'close')
  return { code, text }
}
