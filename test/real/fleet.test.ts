import { describe, expect, test } from 'vitest'
import { createFleet, type Launch } from '../../src/sandbox/real/fleet.ts'
import { type Call, type Instance, StartFailure } from '../../src/sandbox/real/instance.ts'
import type { Version } from '../../src/sandbox/services/function.ts'
import type { InvokeOutcome } from '../../src/sandbox/services/functionurl/invoker.ts'

const call: Call = { requestId: 'r', event: '{}', traceId: '', timeout: 1000 }

function version(digest: string): Version {
  return {
    image: { uri: `repository@${digest}`, repository: 'repository', digest },
    codeSha256: digest,
    role: 'role',
    timeout: 1,
    memorySize: 128,
    description: '',
    environment: {},
    architectures: ['x86_64'],
    extras: {},
  }
}

/** Instances that answer when they are told to, and a record of what became of each. */
function createYard() {
  const started: string[] = []
  const stopped: string[] = []
  const open: (() => void)[] = []
  const launch: Launch = async ({ image }) => {
    const name = `${image?.digest}-${started.length}`
    started.push(name)
    let over = false
    const instance: Instance = {
      invoke: () =>
        new Promise<InvokeOutcome>((resolve) => {
          open.push(() => resolve({ kind: 'payload', text: name }))
        }),
      isOver: () => over,
      stop: async () => {
        over = true
        stopped.push(name)
      },
    }
    return instance
  }
  return { started, stopped, open, launch }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a fleet', () => {
  test('uses an instance again, one call at a time', async () => {
    const yard = createYard()
    const fleet = createFleet(yard.launch)
    const [first, second] = [fleet.run(version('a'), call), fleet.run(version('a'), call)]
    await settle()
    expect(yard.started).toEqual(['a-0', 'a-1'])
    for (const answer of yard.open.splice(0)) answer()
    expect(await Promise.all([first, second])).toMatchObject([{ text: 'a-0' }, { text: 'a-1' }])
    const third = fleet.run(version('a'), call)
    await settle()
    yard.open.shift()?.()
    expect(await third).toMatchObject({ text: 'a-0' })
    await fleet.end()
    expect(yard.stopped).toEqual(['a-0', 'a-1'])
  })

  test('ends what an update left behind, but not in the middle of a call', async () => {
    const yard = createYard()
    const fleet = createFleet(yard.launch)
    const old = fleet.run(version('a'), call)
    await settle()
    const fresh = fleet.run(version('b'), call)
    await settle()
    expect(yard.stopped).toEqual([])
    for (const answer of yard.open.splice(0)) answer()
    expect(await Promise.all([old, fresh])).toMatchObject([{ text: 'a-0' }, { text: 'b-1' }])
    const next = fleet.run(version('b'), call)
    await settle()
    expect(yard.stopped).toEqual(['a-0'])
    yard.open.shift()?.()
    await next
  })

  test('lets the eleventh call wait for its turn', async () => {
    const yard = createYard()
    const fleet = createFleet(yard.launch)
    const calls = Array.from({ length: 11 }, () => fleet.run(version('a'), call))
    await settle()
    expect(yard.started).toHaveLength(10)
    yard.open.shift()?.()
    await calls[0]
    await settle()
    expect([yard.started.length, yard.open.length]).toEqual([10, 10])
    for (const answer of yard.open.splice(0)) answer()
    await Promise.all(calls)
  })

  test('tries an initialisation that ran out of time once more, within the function’s timeout', async () => {
    const patiences: number[] = []
    const fleet = createFleet(async (_, patience) => {
      patiences.push(patience)
      throw new StartFailure('Init.Timedout', 'too slow')
    })
    expect(await fleet.run(version('a'), call)).toEqual({
      kind: 'error',
      type: 'Init.Timedout',
      message: 'too slow',
    })
    expect(patiences).toEqual([10_000, 1000])
  })

  test('replaces an instance that is over', async () => {
    const yard = createYard()
    let isFirst = true
    const fleet = createFleet(async (of, patience) => {
      const instance = await yard.launch(of, patience)
      if (!isFirst) return instance
      isFirst = false
      const died: InvokeOutcome = { kind: 'error', type: 'Runtime.ExitError', message: 'gone' }
      return { ...instance, invoke: async () => died, isOver: () => true }
    })
    expect(await fleet.run(version('a'), call)).toMatchObject({ type: 'Runtime.ExitError' })
    const next = fleet.run(version('a'), call)
    await settle()
    yard.open.shift()?.()
    expect(await next).toMatchObject({ text: 'a-1' })
  })
})
