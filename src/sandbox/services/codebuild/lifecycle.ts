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
  /** CodeBuild's session of the service role. */
  readonly session: Session
  readonly phases: PhaseRecord
  readonly life: Lifecycle
}

/** Resolves when the build has ended; rejects only for a mistake of the sandbox. */
export async function liveThrough(build: Build, role: Role, life: Lifecycle): Promise<void> {
  const phases = recordPhases(build, life.world.clock)
  phases.start('SUBMITTED')
  phases.end('SUBMITTED', 'SUCCEEDED')
  const session = life.world.sessions.create({
    role,
    sessionName: `AWSCodeBuild-${streamOf(build)}`,
    // CodeBuild renews these while a build runs; here they outlive it.
    durationSeconds: (build.settings.queuedTimeoutInMinutes + build.settings.timeoutInMinutes + 15) * 60,
  })
  const end = await proceed({ build, session, phases, life })
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
  { build, session, phases, life }: Course,
  fate: Fate | undefined,
): Promise<PhaseStatus | undefined> {
  phases.start('PROVISIONING')
  if (build.project.cloudWatchLogs) {
    const groupName = build.project.logGroup ?? `/aws/codebuild/${build.project.name}`
    build.log = { groupName, streamName: streamOf(build) }
  }
  const passed = await pause(life.switches.codebuild.provisioning, build)
  if (!passed) return phases.end('PROVISIONING', 'STOPPED')
  if (fate?.phase === 'PROVISIONING') {
    return phases.end('PROVISIONING', fate.status, [contextOf(fate)])
  }
  const refusal = refuseLog(build, session, life)
  if (refusal !== undefined) return phases.end('PROVISIONING', 'FAILED', [refusal])
  phases.end('PROVISIONING', 'SUCCEEDED')
  return undefined
}

function streamOf({ id }: Build): string {
  return id.slice(id.indexOf(':') + 1)
}

/** A role that may not make the log's stream ends the build before it begins, in the words that users report of AWS. */
function refuseLog(
  build: Build,
  { caller }: Session,
  { world, permits }: Lifecycle,
): PhaseContext | undefined {
  if (build.log === undefined) return undefined
  const { groupName, streamName } = build.log
  const action = 'logs:CreateLogStream'
  const resource = `arn:${world.partition}:logs:${world.region}:${world.account}:log-group:${groupName}:log-stream:${streamName}`
  if (permits(caller, { action, resource })) return undefined
  const why = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
  const message = `Service role ${build.project.serviceRole} does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build ${build.arn}. Error message: ${why}`
  return { statusCode: 'ACCESS_DENIED', message }
}

async function run({ build, session, phases, life }: Course): Promise<BuildEnd> {
  const { settings } = build
  if (settings.sourceType !== 'NO_SOURCE') {
    phases.start('DOWNLOAD_SOURCE')
    const message = `The sandbox has no ${settings.sourceType} to download from; start the build with NO_SOURCE.`
    phases.end('DOWNLOAD_SOURCE', 'FAILED', [{ statusCode: 'CLIENT_ERROR', message }])
    return { status: 'FAILED', exported: [] }
  }
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
