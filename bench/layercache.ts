// Measures what the layer cache in the repository saves: the build phase of real builds, each on an engine that holds no
// build cache, as a ratio to the first build of the same round. Run it by `test/containers/run.ts`'s environment:
//   bash test/containers/setup.sh && . ~/.cache/dcf-aws-lambda-deploy/run/env.sh && node bench/layercache.ts
import { EVERY_OPTIONAL_POLICY, type OptionalPolicy } from '../src/sandbox/options.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'

const rounds = Number(process.env['DCF_ROUNDS'] ?? 3)

if (process.env['DCF_CONTAINERS_CACHE'] === undefined) {
  console.log('SKIPPED: the real parts are not set up (see the head of bench/layercache.ts).')
} else {
  await main()
}

async function main(): Promise<void> {
  const { docker, useEngine } = await import('../test/containers/engine.ts')
  useEngine('26')
  const rows = new Map<string, number[]>()
  const seconds: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, policies] of [
      ['with the cache', EVERY_OPTIONAL_POLICY],
      ['without the permission', ['deploy-role-read-build-log'] satisfies readonly OptionalPolicy[]],
    ] as const) {
      const costs = await measure(policies, () => docker('builder', 'prune', '--all', '--force'))
      seconds.push(costs.first)
      rows.set(`only bin/ changed, ${name}`, [
        ...(rows.get(`only bin/ changed, ${name}`) ?? []),
        costs.source / costs.first,
      ])
      const dependency = `only pubspec.yaml changed, ${name}`
      rows.set(dependency, [...(rows.get(dependency) ?? []), costs.dependency / costs.first])
    }
  }
  console.log(
    `Node ${process.version}, median of ${rounds} rounds; the first build took ${median(seconds).toFixed(1)} s`,
  )
  console.log('| build on an engine without build cache | ratio to the first build |')
  console.log('| --- | --- |')
  for (const [name, ratios] of rows) console.log(`| ${name} | ${median(ratios).toFixed(2)} |`)
}

interface Costs {
  readonly first: number
  readonly source: number
  readonly dependency: number
}

async function measure(policies: readonly OptionalPolicy[], forget: () => Promise<unknown>): Promise<Costs> {
  const { openRealAccount } = await import('../test/containers/account.ts')
  const { deploy, mustDeploy } = await import('../test/containers/deployment.ts')
  const { createProject, setVersion } = await import('../test/containers/project.ts')
  const sandbox = await openRealAccount(policies)
  const project = createProject()
  // What a real `dart pub get` takes, for which the stand-in has no network.
  project.edit('Dockerfile', 'RUN dart pub get\n', 'RUN dart pub get && sleep 10\n')
  try {
    const build = async (): Promise<number> => {
      await forget()
      mustDeploy(await deploy(sandbox, project))
      return secondsOfBuild(sandbox)
    }
    const first = await build()
    setVersion(project, 'one', 'two')
    const source = await build()
    project.edit('pubspec.yaml', 'version: 1.0.0', 'version: 1.0.1')
    return { first, source, dependency: await build() }
  } finally {
    await sandbox.close()
    project.remove()
  }
}

/** Of the last build's BUILD phase. */
function secondsOfBuild(sandbox: Sandbox): number {
  const phase = [...sandbox.world.builds.values()]
    .at(-1)
    ?.phases.find(({ phaseType }) => phaseType === 'BUILD')
  if (phase?.endTime === undefined) throw new Error('the build phase has not ended')
  return (phase.endTime - phase.startTime) / 1000
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
