// The life of one build after StartBuild has answered: queued, provisioned, run, completed, or ended early.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../../identity/role.ts'
import type { BuildEnd, BuildListener, PhaseContext, PhaseStatus, RunBuild } from '../../runner/job.ts'
import type { World } from '../../world.ts'
import type { Permits } from '../permission.ts'
import type { Build } from '../project.ts'
import type { Switches } from '../switches.ts'
import { type BuildLog, openBuildLog } from './buildlog.ts'
import { contextOf, endByFate, type Fate } from './fate.ts'
import { endPhase, startPhase } from './phase.ts'

export interface Lifecycle {
  readonly world: World
  readonly switches: Switches
  readonly permits: Permits
  readonly runBuild: RunBuild
  /** Builds run the host's own `aws` and `docker`. */
  readonly real: boolean
}

export async function liveThrough(build: Build, role: Role, life: Lifecycle): Promise<void> {
  startPhase(build, 'SUBMITTED', life.world.clock)
  endPhase(build, 'SUBMITTED', 'SUCCEEDED', [], life.world.clock)
  const end = await proceed(build, role, life)
  build.exported = end.exported
  startPhase(build, 'COMPLETED', life.world.clock)
  build.endTime = life.world.clock.now()
  build.status = end.status
}

async function proceed(build: Build, role: Role, life: Lifecycle): Promise<BuildEnd> {
  const queued = await waitQueued(build, life)
  if (queued !== undefined) return { status: queued, exported: [] }
  const { fate } = life.switches.codebuild
  const provisioned = await provision(build, fate, life)
  if (provisioned !== undefined) return { status: provisioned, exported: [] }
  if (fate !== undefined) return endByFate(build, fate, life.world.clock)
  return run(build, role, life)
}

/** Queued for as long as the switch says; `queuedTimeoutInMinutes` ends it first. */
async function waitQueued(build: Build, life: Lifecycle): Promise<PhaseStatus | undefined> {
  const { queued, minute } = life.switches.codebuild
  const limit = build.settings.queuedTimeoutInMinutes * minute
  startPhase(build, 'QUEUED', life.world.clock)
  const passed = await pause(Math.min(queued, limit), build)
  if (!passed) return endEarly(build, 'QUEUED', 'STOPPED', [], life)
  if (queued > limit) return endEarly(build, 'QUEUED', 'TIMED_OUT', [timedOut('QUEUED')], life)
  endPhase(build, 'QUEUED', 'SUCCEEDED', [], life.world.clock)
  return undefined
}

async function provision(
  build: Build,
  fate: Fate | undefined,
  life: Lifecycle,
): Promise<PhaseStatus | undefined> {
  startPhase(build, 'PROVISIONING', life.world.clock)
  if (build.project.cloudWatchLogs) {
    const streamName = build.id.slice(build.id.indexOf(':') + 1)
    build.log = { groupName: build.project.logGroup ?? `/aws/codebuild/${build.project.name}`, streamName }
  }
  const passed = await pause(life.switches.codebuild.provisioning, build)
  if (!passed) return endEarly(build, 'PROVISIONING', 'STOPPED', [], life)
  if (fate?.phase === 'PROVISIONING') {
    return endEarly(build, 'PROVISIONING', fate.status, [contextOf(fate)], life)
  }
  endPhase(build, 'PROVISIONING', 'SUCCEEDED', [], life.world.clock)
  return undefined
}

async function run(build: Build, role: Role, life: Lifecycle): Promise<BuildEnd> {
  const { settings } = build
  if (settings.sourceType !== 'NO_SOURCE') {
    startPhase(build, 'DOWNLOAD_SOURCE', life.world.clock)
    const message = `The sandbox has no ${settings.sourceType} to download from; start the build with NO_SOURCE.`
    endPhase(build, 'DOWNLOAD_SOURCE', 'FAILED', [{ statusCode: 'CLIENT_ERROR', message }], life.world.clock)
    return { status: 'FAILED', exported: [] }
  }
  const session = life.world.sessions.create({
    role,
    sessionName: `AWSCodeBuild-${build.id.slice(build.id.indexOf(':') + 1)}`,
    // CodeBuild renews these while a build runs; here they outlive it.
    durationSeconds: (settings.timeoutInMinutes + 15) * 60,
  })
  const log = openLog(build, session.caller, session.credentials.accessKeyId, life)
  const timeout = settings.timeoutInMinutes * life.switches.codebuild.minute
  const job = { ...describeJob(build, life, timeout), credentials: session.credentials }
  return life.runBuild(job, listen(build, log, life), build.stop.signal)
}

function openLog(build: Build, caller: Parameters<Permits>[0], masked: string, life: Lifecycle): BuildLog {
  if (build.log === undefined) return { write: () => undefined }
  const { world, permits, switches } = life
  return openBuildLog({ world, caller, permits, latency: () => switches.logs.latency, ...build.log, masked })
}

function describeJob(
  build: Build,
  { world, real }: Lifecycle,
  timeout: number,
): Omit<Parameters<RunBuild>[0], 'credentials'> {
  const { settings } = build
  return {
    id: build.id,
    arn: build.arn,
    number: build.number,
    project: build.project.name,
    buildspec: settings.buildspec ?? '',
    variables: settings.variables,
    endpoint: world.endpoint,
    region: world.region,
    account: world.account,
    image: settings.image,
    environmentType: settings.environmentType,
    privileged: settings.privileged,
    initiator: build.initiator,
    logPath: build.log?.streamName ?? '',
    timeout,
    real,
  }
}

function listen(build: Build, log: BuildLog, life: Lifecycle): BuildListener {
  return {
    phaseStarted: (phase) => startPhase(build, phase, life.world.clock),
    phaseEnded: (phase, status, contexts) => {
      const told = status === 'TIMED_OUT' && contexts.length === 0 ? [timedOut(phase)] : contexts
      endPhase(build, phase, status, told, life.world.clock)
    },
    line: (text) => log.write(text),
  }
}

function timedOut(phase: string): PhaseContext {
  return { statusCode: 'BUILD_TIMED_OUT', message: `Build has timed out in ${phase}.` }
}

function endEarly(
  build: Build,
  phase: string,
  status: PhaseStatus,
  contexts: readonly PhaseContext[],
  life: Lifecycle,
): PhaseStatus {
  endPhase(build, phase, status, contexts, life.world.clock)
  return status
}

/** False when the build was stopped meanwhile. */
async function pause(milliseconds: number, build: Build): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal: build.stop.signal })
    return true
  } catch (error) {
    if (build.stop.signal.aborted) return false
    throw error
  }
}
