// Builds of CodeBuild: start exactly one, look at it, stop it.
import {
  BatchGetBuildsCommand,
  type Build,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild'
import type { BuildLog, BuildSnapshot, Phase } from '../../core/build.ts'
import type { BuildOrder } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import { type CallName, refuse } from './refuse.ts'
import type { Session } from './session.ts'

const start: CallName = {
  operation: 'StartBuild',
  denied: 'DCF-BUILD-DENIED',
  failed: 'DCF-BUILD-START-FAILED',
  known: {
    ResourceNotFoundException: 'DCF-PROJECT-MISSING',
    AccountLimitExceededException: 'DCF-BUILD-QUOTA',
    InvalidInputException: 'DCF-BUILD-INVALID',
  },
}
const read: CallName = { operation: 'BatchGetBuilds', denied: 'DCF-BUILD-DENIED', failed: 'DCF-BUILD-LOST' }
const stop: CallName = { operation: 'StopBuild', denied: 'DCF-AWS-DENIED', failed: 'DCF-AWS-FAILED' }

/** The SDK repeats a lost request with the same token, so a second answer is the same build. Throws Refusal. */
export async function startBuild(
  session: Session,
  order: BuildOrder,
  signal: AbortSignal,
): Promise<BuildSnapshot> {
  const command = new StartBuildCommand({
    projectName: order.project,
    idempotencyToken: order.idempotencyToken,
    buildspecOverride: order.buildspec,
    environmentVariablesOverride: Object.entries(order.variables).map(([name, value]) => ({
      name,
      value,
      type: 'PLAINTEXT',
    })),
    timeoutInMinutesOverride: order.timeoutMinutes,
    queuedTimeoutInMinutesOverride: order.timeoutMinutes,
    sourceTypeOverride: 'NO_SOURCE',
    artifactsOverride: { type: 'NO_ARTIFACTS' },
    autoRetryLimitOverride: 0,
    cacheOverride: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
  })
  const send = () =>
    session.call(start, ({ codebuild }, abortSignal) => codebuild.send(command, { abortSignal }), signal)
  const answer = await send().catch((error: unknown) => {
    throw error instanceof Refusal ? refineStart(error) : error
  })
  const snapshot = answer.build === undefined ? undefined : toSnapshot(answer.build)
  if (snapshot === undefined) throw refuse(new SyntaxError('no build'), start)
  return snapshot
}

/** A denial by a condition key speaks of an explicit deny; the allowed actions are then not the cause. */
function refineStart(refusal: Refusal): Refusal {
  if (refusal.code !== 'DCF-BUILD-DENIED' || !/explicit deny/.test(refusal.detail)) return refusal
  return new Refusal('DCF-BUILD-OVERRIDE-DENIED', {
    detail: refusal.detail,
    ...(refusal.awsCode === undefined ? {} : { awsCode: refusal.awsCode }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
    cause: refusal.cause,
  })
}

export async function readBuild(session: Session, id: string): Promise<BuildSnapshot> {
  const answer = await session.call(read, ({ codebuild }, abortSignal) =>
    codebuild.send(new BatchGetBuildsCommand({ ids: [id] }), { abortSignal }),
  )
  const build = answer.builds?.find((one) => one.id === id)
  const snapshot = build === undefined ? undefined : toSnapshot(build)
  if (snapshot !== undefined) return snapshot
  if (answer.buildsNotFound?.includes(id))
    throw new Refusal('DCF-BUILD-LOST', {
      detail: `CodeBuild does not know the build ${id}.`,
      isTransient: true,
    })
  throw refuse(new SyntaxError('no builds'), read)
}

/** False if the role may not. */
export async function stopBuild(session: Session, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await session.call(
      stop,
      ({ codebuild }, abortSignal) => codebuild.send(new StopBuildCommand({ id }), { abortSignal }),
      signal,
    )
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'DCF-AWS-DENIED') return false
    throw error
  }
}

/** Undefined for an answer that is not a build. */
function toSnapshot(build: Build): BuildSnapshot | undefined {
  if (typeof build.id !== 'string' || build.id === '') return undefined
  return {
    id: build.id,
    arn: build.arn ?? '',
    status: build.buildStatus ?? 'UNKNOWN',
    isOver:
      build.buildComplete === true || (build.endTime !== undefined && build.buildStatus !== 'IN_PROGRESS'),
    currentPhase: build.currentPhase ?? 'SUBMITTED',
    phases: Array.isArray(build.phases) ? build.phases.map(toPhase) : [],
    log: toLog(build),
    exported: toExported(build),
  }
}

function toPhase(phase: NonNullable<Build['phases']>[number]): Phase {
  const contexts = Array.isArray(phase.contexts) ? phase.contexts : []
  return {
    type: phase.phaseType ?? 'UNKNOWN',
    status: phase.phaseStatus,
    durationSeconds: phase.durationInSeconds,
    messages: contexts
      .map((context) =>
        [context.statusCode, context.message].filter((part) => part !== undefined && part !== '').join(': '),
      )
      .filter((message) => message !== ''),
  }
}

function toLog(build: Build): BuildLog {
  const { logs } = build
  if (logs?.cloudWatchLogs?.status === 'DISABLED') return { kind: 'disabled' }
  const { groupName: group, streamName: stream } = logs ?? {}
  return typeof group === 'string' && typeof stream === 'string' && group !== '' && stream !== ''
    ? { kind: 'stream', group, stream }
    : { kind: 'pending' }
}

function toExported(build: Build): Readonly<Record<string, string>> {
  const variables = Array.isArray(build.exportedEnvironmentVariables)
    ? build.exportedEnvironmentVariables
    : []
  return Object.fromEntries(
    variables.flatMap(({ name, value }) =>
      typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
    ),
  )
}
