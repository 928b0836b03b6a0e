// What CodeBuild keeps: projects and their builds.
import type { BuildVariable, PhaseContext, PhaseStatus } from '../runner/job.ts'

export interface Project {
  readonly name: string
  readonly arn: string
  /** ARN of the service role. */
  serviceRole: string
  image: string
  /** `LINUX_CONTAINER`, `ARM_CONTAINER`, `LINUX_LAMBDA_CONTAINER`, ... */
  environmentType: string
  computeType: string
  privileged: boolean
  variables: readonly BuildVariable[]
  timeoutInMinutes: number
  queuedTimeoutInMinutes: number
  /** Project's own buildspec text; without one a build has only its override. */
  buildspec?: string
  /** The sandbox downloads nothing: with another type than NO_SOURCE a build fails unless StartBuild overrides it. */
  sourceType: string
  artifactsType: string
  /** False: `logsConfig.cloudWatchLogs.status` is DISABLED. */
  cloudWatchLogs: boolean
  /** Another log group than `/aws/codebuild/PROJECT`. */
  logGroup?: string
  /** Milliseconds since the epoch. */
  readonly created: number
  /** Builds started so far. */
  builds: number
}

export interface BuildPhase {
  readonly phaseType: string
  readonly startTime: number
  phaseStatus?: PhaseStatus
  endTime?: number
  contexts: readonly PhaseContext[]
}

export type BuildStatus = 'IN_PROGRESS' | PhaseStatus

/** The members of a Build that StartBuild's overrides decide, already merged over the project's. */
export interface BuildSettings {
  readonly buildspec?: string
  readonly variables: readonly BuildVariable[]
  readonly sourceType: string
  readonly artifactsType: string
  readonly cacheType: string
  readonly cacheModes: readonly string[]
  readonly timeoutInMinutes: number
  readonly queuedTimeoutInMinutes: number
  readonly autoRetryLimit: number
  readonly image: string
  readonly environmentType: string
  readonly computeType: string
  readonly privileged: boolean
  readonly serviceRole: string
}

export interface Build {
  /** `PROJECT:UUID` */
  readonly id: string
  readonly arn: string
  readonly number: number
  readonly project: Project
  readonly settings: BuildSettings
  /** Milliseconds since the epoch, as all times here. */
  readonly startTime: number
  endTime?: number
  readonly initiator: string
  currentPhase: string
  status: BuildStatus
  readonly phases: BuildPhase[]
  exported: readonly { readonly name: string; readonly value: string }[]
  /** Known from PROVISIONING on, and never when the project's CloudWatch logs are disabled. */
  log?: { readonly groupName: string; readonly streamName: string }
  /** Aborts what runs: StopBuild, or the end of the sandbox. */
  readonly stop: AbortController
  /** Resolves when the build has ended. */
  ended: Promise<void>
  readonly idempotency?: { readonly token: string; readonly parameters: string }
}

export interface ProjectRequest {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly partition: string
  readonly serviceRole: string
  readonly now: number
}

/** A project as the customer guide wants it: Linux, privileged, CloudWatch logs on. */
export function createProject(request: ProjectRequest): Project {
  const { name, account, region, partition, serviceRole, now } = request
  return {
    name,
    arn: `arn:${partition}:codebuild:${region}:${account}:project/${name}`,
    serviceRole,
    image: 'aws/codebuild/standard:7.0',
    environmentType: 'LINUX_CONTAINER',
    computeType: 'BUILD_GENERAL1_SMALL',
    privileged: true,
    variables: [],
    timeoutInMinutes: 60,
    queuedTimeoutInMinutes: 480,
    sourceType: 'NO_SOURCE',
    artifactsType: 'NO_ARTIFACTS',
    cloudWatchLogs: true,
    created: now,
    builds: 0,
  }
}
