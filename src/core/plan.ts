// Every decision about a deployment that needs no call: printable, testable, without credentials.
import { createHash } from 'node:crypto'
import type { BuildOrder, Destination, Stored } from './cloud.ts'
import type { RunContext } from './context.ts'
import type { Identity } from './host.ts'
import type { DeployInputs } from './inputs.ts'
import type { Wanted } from './live.ts'
import { makeImageTag, makeSessionName } from './names.ts'
import { sessionPolicyOf } from './sessionpolicy.ts'
import type { Target } from './target.ts'

/** What is decided about the function, with or without AWS inputs. */
export interface Plan {
  readonly functionName: string
  readonly sourceDigest: string
  readonly imageTag: string
  readonly configDigest: string
  /** This run in the artifact's metadata: repository id, pull request or `-`, run id, attempt, random digits. */
  readonly run: string
}

export interface PlanSource {
  readonly inputs: DeployInputs
  readonly context: RunContext
  readonly functionName: string
  readonly sourceDigest: string
  readonly buildspec: string
  /** Eight random hexadecimal digits, one value for a process. */
  readonly nonce: string
}

export function planDeploy(source: PlanSource): Plan {
  const { inputs, context } = source
  const parts = {
    commit: context.commit,
    sourceDigest: source.sourceDigest,
    runId: context.runId,
    attempt: context.attempt,
  }
  return {
    functionName: source.functionName,
    sourceDigest: source.sourceDigest,
    imageTag: inputs.imageTag ?? makeImageTag(parts),
    configDigest: digestConfiguration(inputs, source.buildspec),
    run: `${runPrefixOf(context)}${context.runId}/${context.attempt}/${source.nonce}`,
  }
}

/** How `run` begins for every run of this repository and pull request: what undeploy knows its artifacts by. */
export function runPrefixOf(context: Pick<RunContext, 'repositoryId' | 'pullRequest'>): string {
  return `${context.repositoryId}/${context.pullRequest}/`
}

/** `cfg` of the mark: everything but the source that decides the result. The adapter's version stands in the buildspec. */
function digestConfiguration(inputs: DeployInputs, buildspec: string): string {
  const decisive = [
    inputs.timeoutSeconds,
    inputs.memoryMb,
    inputs.target?.executionRole.arn ?? null,
    inputs.target?.repository.uri ?? null,
    inputs.dcfEnvironment ?? null,
    Object.entries(inputs.settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    inputs.healthCheckPath,
    inputs.imageTag ?? null,
    buildspec,
  ]
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex').slice(0, 16)
}

export function planIdentity(
  plan: Plan,
  target: Target,
  inputs: DeployInputs,
  context: RunContext,
): Identity {
  return {
    roleArn: target.role.arn,
    region: target.region,
    audience: inputs.audience,
    sessionName: makeSessionName({
      repository: context.repository,
      runId: context.runId,
      attempt: context.attempt,
    }),
    sessionPolicy: sessionPolicyOf({
      partition: target.role.partition,
      account: target.role.account,
      region: target.region,
      functionName: plan.functionName,
      bucket: target.bucket,
      key: inputs.artifactKey,
      project: target.project,
    }),
  }
}

export function planDestination(plan: Plan, target: Target, inputs: DeployInputs): Destination {
  return {
    bucket: target.bucket,
    key: inputs.artifactKey,
    owner: target.role.account,
    functionName: plan.functionName,
    run: plan.run,
  }
}

export function planWanted(plan: Plan, target: Target, inputs: DeployInputs, context: RunContext): Wanted {
  return {
    functionName: plan.functionName,
    claim: { repositoryId: context.repositoryId, pullRequest: context.pullRequest, force: inputs.force },
    sourceDigest: plan.sourceDigest,
    configDigest: plan.configDigest,
    timeoutSeconds: inputs.timeoutSeconds,
    memoryMb: inputs.memoryMb,
    executionRoleArn: target.executionRole.arn,
    skipUnchanged: inputs.skipUnchanged,
  }
}

export interface BuildSource {
  readonly plan: Plan
  readonly target: Target
  readonly inputs: DeployInputs
  readonly context: RunContext
  readonly buildspec: string
  readonly stored: Stored
  readonly artifactSha256: string
  /** Random, once a process: a second deployment never shares a token with this one. */
  readonly seed: string
}

/** The order for StartBuild. Its idempotency token is a hash of the seed and of every parameter. */
export function planBuild(source: BuildSource): BuildOrder {
  const { inputs, target } = source
  const order = {
    project: target.project,
    buildspec: source.buildspec,
    variables: buildVariables(source),
    timeoutMinutes: inputs.buildTimeoutMinutes,
  }
  const idempotencyToken = createHash('sha256')
    .update(JSON.stringify([source.seed, order]))
    .digest('hex')
  return { ...order, idempotencyToken }
}

/** The variables of the customer guide, and ours. */
export function buildVariables({
  plan,
  target,
  inputs,
  context,
  stored,
  artifactSha256,
}: Omit<BuildSource, 'seed'>): Readonly<Record<string, string>> {
  return {
    S3_BUCKET: target.bucket,
    S3_KEY: inputs.artifactKey,
    FUNCTION_NAME: plan.functionName,
    AWS_REGION: target.region,
    ECR_REPOSITORY_URI: target.repository.uri,
    LAMBDA_EXECUTION_ROLE_ARN: target.executionRole.arn,
    IMAGE_TAG: plan.imageTag,
    LAMBDA_TIMEOUT_SECONDS: String(inputs.timeoutSeconds),
    LAMBDA_MEMORY_MB: String(inputs.memoryMb),
    ...(inputs.dcfEnvironment === undefined ? {} : { DCF_ENVIRONMENT: inputs.dcfEnvironment }),
    DCF_ARTIFACT_ETAG: stored.etag,
    DCF_ARTIFACT_SHA256: artifactSha256,
    DCF_BUCKET_OWNER: target.role.account,
    DCF_RUN: plan.run,
    DCF_REPOSITORY_ID: context.repositoryId,
    DCF_PULL_REQUEST: context.pullRequest,
    DCF_FORCE: String(inputs.force),
    DCF_SOURCE_DIGEST: plan.sourceDigest,
    DCF_CONFIG_DIGEST: plan.configDigest,
    DCF_HEALTH_CHECK_PATH: inputs.healthCheckPath,
    DCF_ENVIRONMENT_VARIABLES: JSON.stringify(inputs.settings),
  }
}

/** Characters of all names and values; CodeBuild takes about 5,500. */
export function sizeOfVariables(variables: Readonly<Record<string, string>>): number {
  return Object.entries(variables).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
}
