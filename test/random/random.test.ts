// Random faults, random cancels: whatever happens to a deployment, it starts one build at most, and leaves none behind
// that can still pass its fence. The real story and the real edge over real sockets; only waiting is quicker.
import { describe, expect, test } from 'vitest'
import { readContext } from '../../src/core/context.ts'
import { deploy } from '../../src/core/deploy.ts'
import type { Host } from '../../src/core/host.ts'
import { parseDeployInputs } from '../../src/core/inputs.ts'
import { codeOf, type Outcome, statusOf } from '../../src/core/outcome.ts'
import { connect } from '../../src/edge/aws/connect.ts'
import { Concealer } from '../../src/edge/conceal.ts'
import { githubTokens } from '../../src/edge/github/token.ts'
import { createHost } from '../../src/edge/host.ts'
import { readBuildspec } from '../../src/edge/kit.ts'
import { network } from '../../src/edge/network.ts'
import { type Bed, openBed, stepEnvironment } from '../faults/cell.ts'
import { type FaultName, faultKinds } from '../faults/kinds.ts'
import { operations } from '../faults/operations.ts'
import type { Spoiled } from '../faults/proxy.ts'
import { createRandom } from '../printer/hostile.ts'

/** One thousand in CI. */
const count = Number(process.env['DCF_RUNS'] ?? (process.env['CI'] === undefined ? 24 : 1000))
const seed = Number(process.env['DCF_SEED'] ?? 6120)
/** So much faster waits pass than they say. */
const haste = 25
/** Runs side by side. */
const lanes = count > 100 ? 24 : 8

/** Silence is left to the table: nothing can hurry it. */
const quickFaults = (Object.keys(faultKinds) as FaultName[]).filter(
  (name) => name !== 'silence' && name !== 'slow drip',
)

interface Draw {
  readonly spoiled: readonly Spoiled[]
  /** Milliseconds until a cancel, as the run counts them. */
  readonly cancelAfter: number | undefined
  readonly text: string
}

function draw(random: () => number): Draw {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const spoiled = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    // Half of the faults meet the one call that must not be made twice.
    const operation = random() < 0.5 ? 'StartBuild' : pick(operations)
    const name = pick(quickFaults)
    const times = 1 + Math.floor(random() * 4)
    return { operation, fault: faultKinds[name], times, after: Math.floor(random() * 2), name }
  })
  const cancelAfter = random() < 0.3 ? random() * 15_000 : undefined
  const text = `${spoiled.map((one) => `${one.operation}: ${one.name} x${one.times} after ${one.after}`).join('; ')}; cancel ${cancelAfter}`
  return { spoiled, cancelAfter, text }
}

async function run({ spoiled, cancelAfter }: Draw): Promise<{
  readonly bed: Bed
  readonly outcome: Outcome
  readonly endedAt: number
  readonly remembered: number
}> {
  const plan = {
    scenario: 'deploy',
    spoiled,
    policies: [],
    script: { download: 30, work: 250, finish: 20, lines: ['one', 'two'] },
  } as const
  const bed = await openBed(plan)
  const environment = stepEnvironment(bed, plan)
  const controller = new AbortController()
  const timer =
    cancelAfter === undefined
      ? undefined
      : setTimeout(() => controller.abort(new Error('cancelled')), cancelAfter / haste)
  let remembered = 0
  const host = hurriedHost(bed, environment, controller.signal, (unfinished) => {
    remembered += unfinished === undefined ? 0 : 1
    if (unfinished !== undefined) expect(unfinished.idempotencyToken).toMatch(/^[0-9a-f]{64}$/)
  })
  const texts = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith('INPUT_') ? [[name.slice(6).toLowerCase(), value]] : [],
    ),
  )
  const inputs = parseDeployInputs(texts, environment)
  const context = readContext({ environment, payload: undefined, random: '1' })
  if (!inputs.ok || !context.ok) throw new Error('the inputs are wrong')
  const outcome = await deploy(
    { inputs: inputs.value, context: context.value, buildspec: readBuildspec() },
    host,
  )
  clearTimeout(timer)
  const endedAt = Date.now()
  await host.dispose()
  await Promise.all([...bed.sandbox.world.builds.values()].map((build) => build.ended))
  return { bed, outcome, endedAt, remembered }
}

/** The host of every door, with a clock that runs faster. */
function hurriedHost(
  bed: Bed,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  remember: Host['remember'],
): ReturnType<typeof createHost> {
  const begun = Date.now()
  const now = () => begun + (Date.now() - begun) * haste
  const concealer = new Concealer()
  const closers: (() => void)[] = []
  const endpoint = `http://127.0.0.1:${bed.proxy.port}`
  const endpoints = {
    STS: endpoint,
    S3: endpoint,
    CODEBUILD: endpoint,
    CLOUDWATCH_LOGS: endpoint,
    LAMBDA: endpoint,
  }
  const sleep = (milliseconds: number, either?: AbortSignal) => host.sleep(milliseconds / haste, either)
  const token = (audience: string) =>
    githubTokens({ environment, audience, fromFork: false, concealer, sleep, now })
  const host = createHost({
    signal,
    workspace: environment['GITHUB_WORKSPACE'] ?? '',
    endpoints,
    network: async () => network,
    token,
    tell: () => undefined,
    conceal: (secret) => concealer.add(secret),
    publish: () => undefined,
    remember,
  })
  return {
    ...host,
    now,
    sleep,
    connect: (identity) =>
      connect({
        identity,
        endpoints,
        token: token(identity.audience),
        signal,
        sleep,
        now,
        random: Math.random,
        conceal: (secret) => concealer.add(secret),
        atEnd: (close) => closers.push(close),
        note: () => undefined,
        openArchive: host.openArchive,
      }),
    dispose: async () => {
      for (const close of closers) close()
      await host.dispose()
    },
  }
}

function findBreaches(result: Awaited<ReturnType<typeof run>>): readonly string[] {
  const { bed, outcome, endedAt } = result
  const builds = bed.sandbox.world.builds.size
  const isUp = outcome.kind === 'deployed'
  return [
    ...(builds > 1 ? [`${builds} builds`] : []),
    ...(isUp && builds !== 1 ? ['deployed without a build'] : []),
    ...(builds === 1 && result.remembered === 0 ? ['StartBuild was sent before the state was saved'] : []),
    ...(!isUp && bed.builds.some((build) => (build.passedFence ?? 0) > endedAt)
      ? ['a build passed its fence after the end']
      : []),
    ...(outcome.kind === 'refused' && outcome.refusal.code === 'DCF-INTERNAL' ? ['a defect'] : []),
  ]
}

describe(`${count} random runs, seed ${seed}`, () => {
  test('one build at most in each, and none that can still pass its fence', {
    timeout: 1_800_000,
  }, async () => {
    const random = createRandom(seed)
    const draws = Array.from({ length: count }, () => draw(random))
    const tally = new Map<string, number>()
    let next = 0
    async function lane(): Promise<void> {
      for (let index = next++; index < draws.length; index = next++) {
        const drawn = draws[index] as Draw
        const result = await run(drawn)
        const shown = codeOf(result.outcome) ?? statusOf(result.outcome)
        tally.set(shown, (tally.get(shown) ?? 0) + 1)
        const breaches = findBreaches(result)
        await result.bed.close()
        expect(breaches, `seed ${seed}, run ${index}: ${drawn.text} -> ${shown}`).toEqual([])
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    console.log(`${count} runs: ${[...tally].map(([name, times]) => `${name} ${times}`).join(', ')}`)
    expect(tally.get('deployed') ?? 0).toBeGreaterThan(count / 5)
  })
})
