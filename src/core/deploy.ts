// The story of a deployment, from the inputs to the Function URL.
import { abandon, type Undertaking } from './abandon.ts'
import { approach } from './approach.ts'
import { type BuildSnapshot, explainBuild } from './build.ts'
import { collectBuildErrors } from './builderrors.ts'
import type { Cloud } from './cloud.ts'
import { buildUrlOf } from './consolelink.ts'
import { type Followed, follow } from './follow.ts'
import type { Host, Identity, Unfinished } from './host.ts'
import type { Outcome } from './outcome.ts'
import { planBuild, planDestination, planIdentity, planWanted } from './plan.ts'
import { type DeployRequest, type Prepared, prepare } from './prepare.ts'
import type { Problem } from './problem.ts'
import { Refusal } from './refusal.ts'
import { confirmResult } from './result.ts'
import type { Target } from './target.ts'
import { answers, publishUnchanged } from './unchanged.ts'

/** Never throws for what somebody outside does: it returns how the run ended. */
export async function deploy(request: DeployRequest, host: Host): Promise<Outcome> {
  const prepared = await prepare(request, host)
  if (!prepared.ok) return { kind: 'rejected', problems: prepared.problems }
  const { target, plan } = request.inputs
  if (plan || target === undefined) return { kind: 'planned' }
  const trail: Trail = { undertaking: undefined, isBuilt: false }
  try {
    return await run({ request, prepared: prepared.value, target }, trail, host)
  } catch (error) {
    return await settle(error, trail, host)
  }
}

/** What the run has set going, for whoever has to clean up after it. */
interface Trail {
  undertaking: Undertaking | undefined
  /** The build has come to its end, and nothing is left running. */
  isBuilt: boolean
}

interface Deployment {
  readonly request: DeployRequest
  readonly prepared: Prepared
  readonly target: Target
}

async function run(deployment: Deployment, trail: Trail, host: Host): Promise<Outcome> {
  const { target, prepared, request } = deployment
  const { inputs, context } = request
  const identity = planIdentity(prepared.plan, target, inputs, context)
  host.publish({
    region: target.region,
    account: target.role.account,
    project: target.project,
    repositoryName: target.repository.name,
  })
  host.tell({ kind: 'step', text: `Assuming ${target.role.arn}` })
  const cloud = await host.connect(identity)
  const decision = await approach(cloud, planWanted(prepared.plan, target, inputs, context), host)
  if (decision.kind === 'unchanged' && (await answers(decision.address, inputs.healthCheckPath, host))) {
    publishUnchanged(decision.function, decision.address, host)
    return { kind: 'unchanged' }
  }
  const build = await start(deployment, { cloud, identity }, trail, host)
  const watched = await watch(deployment, cloud, build, host)
  trail.undertaking = undefined
  trail.isBuilt = true
  host.remember(undefined)
  return await conclude(deployment, cloud, watched, host)
}

interface Connection {
  readonly cloud: Cloud
  readonly identity: Identity
}

/** Uploads and starts the build. What is set going is on the trail, and remembered, before the call that does it. */
async function start(
  { request, prepared, target }: Deployment,
  { cloud, identity }: Connection,
  trail: Trail,
  host: Host,
): Promise<BuildSnapshot> {
  const { inputs, context, buildspec } = request
  const { plan, archive } = prepared
  const destination = planDestination(plan, target, inputs)
  host.tell({ kind: 'step', text: `Uploading to s3://${destination.bucket}/${destination.key}` })
  const stored = await cloud.upload(archive, destination)
  const order = planBuild({
    plan,
    target,
    inputs,
    context,
    buildspec,
    stored,
    artifactSha256: archive.sha256,
    seed: host.random(16),
  })
  trail.undertaking = { cloud, destination, stored, build: undefined }
  const unfinished: Unfinished = {
    ...identity,
    ...destination,
    etag: stored.etag,
    project: target.project,
    idempotencyToken: order.idempotencyToken,
    buildId: '',
    buildUrl: '',
  }
  host.remember(unfinished)
  host.signal.throwIfAborted()
  host.tell({ kind: 'step', text: `Starting a build of ${target.project}` })
  const build = await cloud.startBuild(order)
  const url = buildUrlOf(build.id, target)
  trail.undertaking = { ...trail.undertaking, build: { id: build.id, url } }
  host.remember({ ...unfinished, buildId: build.id, buildUrl: url })
  host.publish({ buildId: build.id, buildUrl: url })
  host.tell({ kind: 'step', text: `Following the build ${build.id} ${url}` })
  return build
}

interface Watched extends Followed {
  /** What the log says about lines of the repository. */
  readonly errors: readonly Problem[]
}

async function watch(
  { request, prepared }: Deployment,
  cloud: Cloud,
  build: BuildSnapshot,
  host: Host,
): Promise<Watched> {
  const { buildTimeoutMinutes, hideBuildLogs } = request.inputs
  const { files, name } = prepared.source
  const errors = collectBuildErrors({ paths: files.map((file) => file.path), packageName: name })
  const patience = (2 * buildTimeoutMinutes + 5) * 60_000
  const followed = await follow(cloud, build, { patience, hideLog: hideBuildLogs, see: errors.read }, host)
  return { ...followed, errors: errors.list() }
}

async function conclude(
  { request, prepared, target }: Deployment,
  cloud: Cloud,
  { build, lastLines, errors }: Watched,
  host: Host,
): Promise<Outcome> {
  host.publish({ phases: build.phases, lastLines })
  const failure = explainBuild(build)
  if (failure !== undefined) {
    const refusal = new Refusal(failure.code, { detail: failure.detail })
    if (failure.code === 'DCF-SUPERSEDED') return { kind: 'superseded', refusal }
    return { kind: 'refused', refusal, annotations: errors }
  }
  const isLoopback = request.inputs.endpoints.LAMBDA !== undefined
  host.publish(
    await confirmResult(
      cloud,
      build,
      { functionName: prepared.plan.functionName, region: target.region, isLoopback },
      host,
    ),
  )
  return { kind: 'deployed' }
}

async function settle(error: unknown, { undertaking, isBuilt }: Trail, host: Host): Promise<Outcome> {
  const idle = isBuilt
    ? 'The build had ended, so the function is deployed; only its URL was not looked at.'
    : 'Nothing is left running.'
  const { isCertain, text } =
    undertaking === undefined ? { isCertain: true, text: idle } : await abandon(undertaking, host)
  // What is not certain is tried once more by the post step.
  if (isCertain) host.remember(undefined)
  if (host.signal.aborted)
    return { kind: 'cancelled', refusal: new Refusal('DCF-CANCELLED', { detail: text }) }
  if (!(error instanceof Refusal)) throw error
  if (undertaking !== undefined) host.tell({ kind: 'note', text })
  return { kind: 'refused', refusal: error, annotations: [] }
}
