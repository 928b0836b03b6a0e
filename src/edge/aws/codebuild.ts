// Builds of CodeBuild: start exactly one, look at it, stop it.
import {
  BatchGetBuildsCommand,
  type Build,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild'
import type { BuildLog, BuildSnapshot, Phase } from '../../core/build.ts'
import type { Code } from '../../core/catalogue.ts'
import type { BuildOrder } from '../../core/cloud.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Clients } from './clients.ts'
import type { CallName } from './refuse.ts'
import { type CallOptions, once, type Session } from './session.ts'

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
const stop: CallName = {
  operation: 'StopBuild',
  denied: 'DCF-AWS-DENIED',
  failed: 'DCF-AWS-FAILED',
  isPressing: true,
}

/**
 * A lost request is sent again with the same token, so a second answer is the same build. AWS forgets the token after
 * five minutes; the last attempt is sent within thirty seconds. Throws Refusal.
 */
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
  try {
    return await session.call(
      start,
      async ({ codebuild }, abortSignal) => readOne((await codebuild.send(command, { abortSignal })).build),
      { signal },
    )
  } catch (error) {
    throw error instanceof Refusal ? refineStart(error) : error
  }
}

/**
 * A denial by a condition key speaks of an explicit deny; the allowed actions are then not the cause. That CodeBuild
 * cannot assume the service role is told as an invalid input.
 */
function refineStart(refusal: Refusal): Refusal {
  const code = finerCode(refusal)
  if (code === undefined) return refusal
  return new Refusal(code, {
    detail: refusal.detail,
    ...(refusal.awsCode === undefined ? {} : { awsCode: refusal.awsCode }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
    cause: refusal.cause,
  })
}

function finerCode({ code, detail }: Refusal): Code | undefined {
  if (code === 'DCF-BUILD-DENIED' && /explicit deny/.test(detail)) return 'DCF-BUILD-OVERRIDE-DENIED'
  if (code === 'DCF-BUILD-INVALID' && /CodeBuild is not authorized to perform: sts:AssumeRole/.test(detail))
    return 'DCF-SERVICE-ROLE-UNASSUMABLE'
  return undefined
}

/** One request. Throws Refusal. */
export function readBuild(session: Session, id: string): Promise<BuildSnapshot> {
  const send = async ({ codebuild }: Clients, abortSignal: AbortSignal) => {
    const answer = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }), { abortSignal })
    if (Array.isArray(answer.buildsNotFound) && answer.buildsNotFound.includes(id))
      throw new Refusal('DCF-BUILD-LOST', {
        detail: `CodeBuild does not know the build ${id}.`,
        isTransient: true,
      })
    return readOne(Array.isArray(answer.builds) ? answer.builds.find((one) => one.id === id) : undefined)
  }
  return session.call(read, send, { patience: once })
}

/** False if the role may not. */
export async function stopBuild(session: Session, id: string, options: CallOptions): Promise<boolean> {
  try {
    await session.call(
      stop,
      async ({ codebuild }, abortSignal) =>
        readOne((await codebuild.send(new StopBuildCommand({ id }), { abortSignal })).build),
      options,
    )
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'DCF-AWS-DENIED') return false
    throw error
  }
}

/** Throws SyntaxError for an answer that is not a build: it is as good as none. */
function readOne(build: Build | undefined): BuildSnapshot {
  if (typeof build?.id !== 'string' || build.id === '') throw new SyntaxError('no build')
  const status = typeof build.buildStatus === 'string' ? build.buildStatus : 'UNKNOWN'
  const endedAt = build.endTime instanceof Date ? build.endTime.getTime() : Number.NaN
  return {
    id: build.id,
    arn: textOf(build.arn) ?? '',
    status,
    isOver: isOver(build, status, endedAt),
    ...(Number.isNaN(endedAt) ? {} : { endedAt }),
    currentPhase: textOf(build.currentPhase) ?? 'SUBMITTED',
    phases: Array.isArray(build.phases) ? build.phases.map(toPhase) : [],
    log: toLog(build),
    exported: toExported(build),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

const finalStatuses: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'])

/** CodeBuild says so in `buildComplete`; emulators that leave it out are believed by the time of the end or the status. */
function isOver({ buildComplete }: Build, status: string, endedAt: number): boolean {
  if (buildComplete === true) return true
  if (!Number.isNaN(endedAt)) return status !== 'IN_PROGRESS'
  return buildComplete === undefined && finalStatuses.has(status)
}

function toPhase(phase: NonNullable<Build['phases']>[number]): Phase {
  const contexts = Array.isArray(phase.contexts) ? phase.contexts : []
  return {
    type: textOf(phase.phaseType) ?? 'UNKNOWN',
    status: textOf(phase.phaseStatus),
    durationSeconds: phase.durationInSeconds,
    messages: contexts
      .map((context) =>
        [textOf(context.statusCode), textOf(context.message)]
          .filter((part) => part !== undefined && part !== '')
          .join(': '),
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
