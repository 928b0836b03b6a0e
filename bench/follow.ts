// How soon a run ends after its build, how late its lines are, and what that costs in calls: ours against the rule of
// AWS's own action, on the same builds in the same virtual time; and the built bundle on a real build of 20 seconds.
import { follow } from '../src/core/follow.ts'
import { openBed, runIn } from '../test/faults/cell.ts'
import { createFakeAccount, type FakeAccount, numberedLines, throttle } from '../test/follow/fakeaccount.ts'
import { createVirtualHost, createVirtualTime, type VirtualHost } from '../test/follow/virtual.ts'
import { followAsRival } from './followrival.ts'

interface Measured {
  /** Seconds. */
  readonly late: number
  readonly p50: number
  readonly p95: number
  readonly callsPerMinute: number
  readonly lost: number
}

interface Case {
  readonly seconds: number
  readonly throttled: boolean
}

type Follower = (account: FakeAccount, host: VirtualHost) => Promise<unknown>

const ours: Follower = (account, host) =>
  follow(account.cloud, account.started, { patience: 36_000_000, hideLog: false }, host)
const rounds = 40
const linesASecond = 5

async function measureOnce(
  { seconds, throttled }: Case,
  follower: Follower,
  seed: number,
): Promise<Measured> {
  const time = createVirtualTime()
  const begun = time.now()
  // The phase of a build's end against the looks is what luck decides.
  const duration = seconds * 1000 + seed * 137
  const lines = numberedLines(Math.floor((duration / 1000) * linesASecond), 0, duration)
  const before = (_operation: string, call: number) => {
    if (throttled && call % 3 === 0) throw throttle()
  }
  const account = createFakeAccount(time, { duration, lines, latency: 1000 }, { before })
  const host = createVirtualHost(time, seed)
  await time.run(follower(account, host))
  const delays = host.lines
    .map(({ at }, index) => (at - begun - (lines[index]?.[0] ?? 0)) / 1000)
    .sort((a, b) => a - b)
  return {
    late: (time.now() - account.endsAt) / 1000,
    p50: delays[Math.floor(delays.length * 0.5)] ?? Number.NaN,
    p95: delays[Math.floor(delays.length * 0.95)] ?? Number.NaN,
    callsPerMinute: account.calls.length / ((time.now() - begun) / 60_000),
    lost: lines.length - host.lines.length,
  }
}

async function measure(one: Case, follower: Follower): Promise<Measured> {
  const all: Measured[] = []
  for (let seed = 0; seed < rounds; seed += 1) all.push(await measureOnce(one, follower, seed))
  const median = (pick: (measured: Measured) => number) =>
    all.map(pick).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  return {
    late: median((each) => each.late),
    p50: median((each) => each.p50),
    p95: median((each) => each.p95),
    callsPerMinute: median((each) => each.callsPerMinute),
    lost: Math.max(...all.map((each) => each.lost)),
  }
}

function row(name: string, one: Case, measured: Measured, rival: Measured): string {
  const { late, p50, p95, callsPerMinute, lost } = measured
  const numbers = [late, p50, p95, callsPerMinute].map((value) => value.toFixed(1))
  const ratio = name === 'ours' ? (measured.late / rival.late).toFixed(2) : '1'
  return `| ${one.seconds} s${one.throttled ? ', every third call throttled' : ''} | ${name} | ${numbers.join(' | ')} | ${lost} | ${ratio} |`
}

/** The built bundle in real time: 100 lines over 20 seconds, each readable a second after its stamp. */
async function measureBundle(): Promise<readonly string[]> {
  const lines = numberedLines(100, 0, 20_000).map(([, text]) => text)
  const plan = {
    scenario: 'deploy',
    spoiled: [],
    script: { lines, download: 0, work: 20_000, finish: 0 },
  } as const
  const bed = await openBed(plan)
  bed.sandbox.world.switches.logs.latency = 1000
  try {
    const run = await runIn(bed, plan)
    const ended = bed.builds[0]?.ended ?? Number.NaN
    const calls = run.seen.filter((name) => name === 'BatchGetBuilds' || name === 'GetLogEvents')
    const shown = run.stdout.split('\n').filter((line) => /^\| line \d+$/.test(line))
    return [
      `The built bundle, real time: the process ended ${((run.exitedAt - ended) / 1000).toFixed(1)} s after the build, ${shown.length} of 100 lines (${new Set(shown).size} different), ${calls.length} status and log calls.`,
    ]
  } finally {
    await bed.close()
  }
}

console.log(
  '| build | follower | end to exit, s | line delay p50, s | p95, s | calls a minute | lines lost | end to exit against the rival |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
for (const seconds of [20, 180, 600])
  for (const throttled of [false, true]) {
    const one = { seconds, throttled }
    const rival = await measure(one, followAsRival)
    console.log(row('ours', one, await measure(one, ours), rival))
    console.log(row('rival', one, rival, rival))
  }
console.log(
  `\nMedians of ${rounds} builds each, ${linesASecond} lines a second, one second of log latency.\n`,
)
for (const line of await measureBundle()) console.log(line)
