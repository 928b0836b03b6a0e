// The life of one build after StartBuild has answered: queued, provisioned, run, completed, or ended early.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../../identity/role.ts'
import type { Session } from '../../identity/sessions.ts'
import type { BuildEnd, BuildListener, PhaseContext, PhaseStatus, RunBuild } from '../../runner/job.ts'
import type { World } from '../../world.ts'
import type { Permits } from '../permission.ts'
import type { Build } from '../project.ts'
import type { Switches } from '../switches.ts'
import { type BuildLog, openBuildLog } from './buildlog.ts'
import { contextOf, endByFate, type Fate } from './fate.ts'
import { type PhaseRecord, recordPhases } from './phase.ts'

export interface Lifecycle {
  readonly world: World
  readonly switches: Switches
  readonly permits: Permits
  readonly runBuild: RunBuild
  /** Builds run the host's own `aws` and `docker`. */
  readonly real: boolean
}

/** One build on its way. */
interface Course {
  readonly build: Build
  readonly role: Role
  readonly phases: PhaseRecord
  readonly life: Lifecycle
}

/** Resolves when the build has ended; rejects only for a mistake of the sandbox. */
export async function liveThrough(build: Build, role: Role, life: Lifecycle): Promise<void> {
  const phases = recordPhases(build, life.world.clock)
  phases.start('SUBMITTED')
  phases.end('SUBMITTED', 'SUCCEEDED')
  const end = await proceed({ build, role, phases, life })
  build.exported = end.exported
  phases.start('COMPLETED')
  build.endTime = life.world.clock.now()
  build.status = end.status
}

async function proceed(course: Course): Promise<BuildEnd> {
  const { phases, life } = course
  const queued = await waitQueued(course)
  if (queued !== undefined) return { status: queued, exported: [] }
  const { fate } = life.switches.codebuild
  const provisioned = await provision(course, fate)
  if (provisioned !== undefined) return { status: provisioned, exported: [] }
  if (fate !== undefined) return endByFate(fate, phases)
  return run(course)
}

/** Queued for as long as the switch says; `queuedTimeoutInMinutes` ends it first. */
async function waitQueued({ build, phases, life }: Course): Promise<PhaseStatus | undefined> {
  const { queued, minute } = life.switches.codebuild
  const limit = build.settings.queuedTimeoutInMinutes * minute
  phases.start('QUEUED')
  const passed = await pause(Math.min(queued, limit), build)
  if (!passed) return phases.end('QUEUED', 'STOPPED')
  if (queued > limit) return phases.end('QUEUED', 'TIMED_OUT', [timedOut('QUEUED')])
  phases.end('QUEUED', 'SUCCEEDED')
  return undefined
}

async function provision(
  { build, phases, life }: Course,
  fate: Fate | undefined,
): Promise<PhaseStatus | undefined> {
  phases.start('PROVISIONING')
  if (build.project.cloudWatchLogs) {
    const streamName = build.id.slice(build.id.indexOf(':') + 1)
    build.log = { groupName: build.project.logGroup ?? `/aws/codebuild/${build.project.name}`, streamName }
  }
  const passed = await pause(life.switches.codebuild.provisioning, build)
  if (!passed) return phases.end('PROVISIONING', 'STOPPED')
  if (fate?.phase === 'PROVISIONING') {
    return phases.end('PROVISIONING', fate.status, [contextOf(fate)])
  }
  phases.end('PROVISIONING', 'SUCCEEDED')
  return undefined
}

async function run({ build, role, phases, life }: Course): Promise<BuildEnd> {
  const { settings } = build
  if (settings.sourceType !== 'NO_SOURCE') {
    phases.start('DOWNLOAD_SOURCE')
    const message = `The sandbox has no ${settings.sourceType} to download from; start the build with NO_SOURCE.`
    phases.end('DOWNLOAD_SOURCE', 'FAILED', [{ statusCode: 'CLIENT_ERROR', message }])
    return { status: 'FAILED', exported: [] }
  }
  const session = life.world.sessions.create({
    role,
    sessionName: `AWSCodeBuild-${build.id.slice(build.id.indexOf(':') + 1)}`,
    // CodeBuild renews these while a build runs; here they outlive it.
    durationSeconds: (settings.timeoutInMinutes + 15) * 60,
  })
  const log = openLog(build, session, life)
  const timeout = settings.timeoutInMinutes * life.switches.codebuild.minute
  const job = { ...describeJob(build, life, timeout), credentials: session.credentials }
  return life.runBuild(job, listen(log, phases), build.stop.signal)
}

function openLog({ log }: Build, { caller, credentials }: Session, life: Lifecycle): BuildLog {
  if (log === undefined) return { write: () => undefined }
  const { world, permits, switches } = life
  const latency = (): number => switches.logs.latency
  return openBuildLog({ world, caller, permits, latency, ...log, masked: credentials.accessKeyId })
}

function describeJob(
  build: Build,
  { world, switches, real }: Lifecycle,
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
    orders: switches.codebuild.orders,
  }
}

function listen(log: BuildLog, phases: PhaseRecord): BuildListener {
  return {
    phaseStarted: (phase) => phases.start(phase),
    phaseEnded: (phase, status, contexts) => {
      const told = status === 'TIMED_OUT' && contexts.length === 0 ? [timedOut(phase)] : contexts
      phases.end(phase, status, told)
    },
    line: (text) => log.write(text),
  }
}

function timedOut(phase: string): PhaseContext {
  return { statusCode: 'BUILD_TIMED_OUT', message: `Build has timed out in ${phase}.` }
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
