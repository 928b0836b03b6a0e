// The life of one build after StartBuild has answered: queued, provisioned, run, completed, or ended early.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../../identity/role.ts'
import type { BuildEnd, BuildListener, PhaseContext, PhaseStatus, RunBuild } from '../../runner/job.ts'
import type { World } from '../../world.ts'
import type { Permits } from '../permission.ts'
import type { Build } from '../project.ts'
import type { Switches } from '../switches.ts'
import { type BuildLog, openBuildLog } from './buildlog.ts'

export interface Lifecycle {
  readonly world: World
  readonly switches: Switches
  readonly permits: Permits
  readonly runBuild: RunBuild
  /** Builds run the host's own `aws` and `docker`. */
  readonly real: boolean
}

/** Phases after PROVISIONING in their order, for builds that end by a switch. */
const LATER = [
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
]

/** Why a build was aborted; the reason of its signal. */
export type StopReason = 'stopped' | 'timed out'

export async function liveThrough(build: Build, role: Role, life: Lifecycle): Promise<void> {
  startPhase(build, 'SUBMITTED', life)
  endPhase(build, 'SUBMITTED', 'SUCCEEDED', [], life)
  const end = await proceed(build, role, life)
  build.exported = end.exported
  startPhase(build, 'COMPLETED', life)
  build.endTime = life.world.clock.now()
  build.status = end.status
}

async function proceed(build: Build, role: Role, life: Lifecycle): Promise<BuildEnd> {
  const queued = await waitQueued(build, life)
  if (queued !== undefined) return { status: queued, exported: [] }
  const fate = takeFate(life)
  const provisioned = await provision(build, fate, life)
  if (provisioned !== undefined) return { status: provisioned, exported: [] }
  if (fate !== undefined) return endByFate(build, fate, life)
  return run(build, role, life)
}

/** Queued for as long as the switch says; `queuedTimeoutInMinutes` ends it first. */
async function waitQueued(build: Build, life: Lifecycle): Promise<PhaseStatus | undefined> {
  const { queued, minute } = life.switches.codebuild
  const limit = build.settings.queuedTimeoutInMinutes * minute
  startPhase(build, 'QUEUED', life)
  const passed = await pause(Math.min(queued, limit), build)
  if (!passed) return endEarly(build, 'QUEUED', 'STOPPED', [], life)
  if (queued > limit) return endEarly(build, 'QUEUED', 'TIMED_OUT', [timedOut('QUEUED')], life)
  endPhase(build, 'QUEUED', 'SUCCEEDED', [], life)
  return undefined
}

type Fate = NonNullable<Switches['codebuild']['fate']>

function takeFate({ switches }: Lifecycle): Fate | undefined {
  return switches.codebuild.fate
}

async function provision(
  build: Build,
  fate: Fate | undefined,
  life: Lifecycle,
): Promise<PhaseStatus | undefined> {
  startPhase(build, 'PROVISIONING', life)
  if (build.project.cloudWatchLogs) {
    const streamName = build.id.slice(build.id.indexOf(':') + 1)
    build.log = { groupName: build.project.logGroup ?? `/aws/codebuild/${build.project.name}`, streamName }
  }
  const passed = await pause(life.switches.codebuild.provisioning, build)
  if (!passed) return endEarly(build, 'PROVISIONING', 'STOPPED', [], life)
  if (fate?.phase === 'PROVISIONING') {
    return endEarly(build, 'PROVISIONING', fate.status, [contextOf(fate)], life)
  }
  endPhase(build, 'PROVISIONING', 'SUCCEEDED', [], life)
  return undefined
}

function endByFate(build: Build, fate: Fate, life: Lifecycle): BuildEnd {
  for (const phase of LATER.slice(0, LATER.indexOf(fate.phase))) {
    startPhase(build, phase, life)
    endPhase(build, phase, 'SUCCEEDED', [], life)
  }
  startPhase(build, fate.phase, life)
  endPhase(build, fate.phase, fate.status, [contextOf(fate)], life)
  return { status: fate.status, exported: [] }
}

function contextOf(fate: Fate): PhaseContext {
  const code =
    fate.status === 'TIMED_OUT'
      ? 'BUILD_TIMED_OUT'
      : fate.status === 'FAULT'
        ? 'INTERNAL_SERVICE_ERROR'
        : 'COMMAND_EXECUTION_ERROR'
  return { statusCode: code, message: fate.message }
}

async function run(build: Build, role: Role, life: Lifecycle): Promise<BuildEnd> {
  const { settings } = build
  if (settings.sourceType !== 'NO_SOURCE') {
    startPhase(build, 'DOWNLOAD_SOURCE', life)
    const message = `The sandbox has no ${settings.sourceType} to download from; start the build with NO_SOURCE.`
    endPhase(build, 'DOWNLOAD_SOURCE', 'FAILED', [{ statusCode: 'CLIENT_ERROR', message }], life)
    return { status: 'FAILED', exported: [] }
  }
  const session = life.world.sessions.create({
    role,
    sessionName: `AWSCodeBuild-${build.id.slice(build.id.indexOf(':') + 1)}`,
    durationSeconds: 3600,
  })
  const log = openLog(build, session.caller, session.credentials.accessKeyId, life)
  const timeout = settings.timeoutInMinutes * life.switches.codebuild.minute
  const timer = setTimeout(() => abort(build, 'timed out'), timeout)
  try {
    const job = describeJob(build, life, timeout)
    const end = await life.runBuild(
      { ...job, credentials: session.credentials },
      listen(build, log, life),
      build.stop.signal,
    )
    return isTimedOut(build) ? { ...end, status: 'TIMED_OUT' } : end
  } finally {
    clearTimeout(timer)
  }
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
    phaseStarted: (phase) => startPhase(build, phase, life),
    phaseEnded: (phase, status, contexts) => {
      const late = status === 'STOPPED' && isTimedOut(build)
      endPhase(build, phase, late ? 'TIMED_OUT' : status, late ? [timedOut(phase)] : contexts, life)
    },
    line: (text) => log.write(text),
  }
}

/** Ends what runs, once; the first reason stays. */
export function abort(build: Build, reason: StopReason): void {
  build.stop.abort(reason)
}

function isTimedOut(build: Build): boolean {
  return build.stop.signal.reason === 'timed out'
}

function timedOut(phase: string): PhaseContext {
  return { statusCode: 'BUILD_TIMED_OUT', message: `Build has timed out in ${phase}.` }
}

function startPhase(build: Build, phaseType: string, { world }: Lifecycle): void {
  build.currentPhase = phaseType
  build.phases.push({ phaseType, startTime: world.clock.now(), contexts: [] })
}

function endPhase(
  build: Build,
  phaseType: string,
  status: PhaseStatus,
  contexts: readonly PhaseContext[],
  life: Lifecycle,
): void {
  const phase = build.phases.findLast((one) => one.phaseType === phaseType)
  if (phase === undefined) throw new Error(`the phase ${phaseType} ended before it started`)
  phase.phaseStatus = status
  phase.endTime = life.world.clock.now()
  phase.contexts = contexts
}

function endEarly(
  build: Build,
  phase: string,
  status: PhaseStatus,
  contexts: readonly PhaseContext[],
  life: Lifecycle,
): PhaseStatus {
  endPhase(build, phase, status, contexts, life)
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
