// The outputs of both actions: the one place where their names meet what is known about a run.
import type { PartialFacts } from './facts.ts'
import { codeOf, type Outcome, statusOf } from './outcome.ts'

/** Names of the deploy action's outputs, in the order of action.yml. */
export const deployOutputNames = [
  'function-url',
  'function-name',
  'function-arn',
  'image-uri',
  'image-digest',
  'build-id',
  'build-url',
  'artifact-sha256',
  'source-digest',
  'deployment',
  'status',
  'error-code',
] as const

export const undeployOutputNames = ['status', 'removed', 'remaining', 'error-code'] as const

export type Outputs = Readonly<Record<string, string>>

/** The outputs that are set as soon as they are known. `function-url` waits for the end. */
export function earlyOutputs(facts: PartialFacts): Outputs {
  return defined({
    'function-name': facts.functionName,
    'function-arn': facts.functionArn,
    'image-uri': facts.imageUri,
    'image-digest': facts.imageDigest,
    'build-id': facts.buildId,
    'build-url': facts.buildUrl,
    'artifact-sha256': facts.artifactSha256,
    'source-digest': facts.sourceDigest,
  })
}

/** The outputs at the end of a deployment, at an ISO 8601 time; `function-url` only for one that may be called. */
export function deployOutputs(facts: PartialFacts, outcome: Outcome, endedAt: string): Outputs {
  const isUp = outcome.kind === 'deployed' || outcome.kind === 'unchanged'
  return defined({
    ...earlyOutputs(facts),
    'function-url': isUp ? facts.functionUrl : undefined,
    deployment: describeDeployment(facts, outcome, endedAt),
    status: statusOf(outcome),
    'error-code': codeOf(outcome),
  })
}

export function undeployOutputs(facts: PartialFacts, outcome: Outcome): Outputs {
  return defined({
    status: statusOf(outcome),
    removed: JSON.stringify(facts.removed ?? []),
    remaining: JSON.stringify(facts.remaining ?? []),
    'error-code': codeOf(outcome),
  })
}

function describeDeployment(facts: PartialFacts, outcome: Outcome, endedAt: string): string {
  const isUp = outcome.kind === 'deployed' || outcome.kind === 'unchanged'
  return JSON.stringify({
    status: statusOf(outcome),
    functionName: facts.functionName,
    functionArn: facts.functionArn,
    functionUrl: isUp ? facts.functionUrl : undefined,
    region: facts.region,
    account: facts.account,
    codebuildProject: facts.project,
    buildId: facts.buildId,
    buildUrl: facts.buildUrl,
    imageUri: facts.imageUri,
    imageDigest: facts.imageDigest,
    artifactSha256: facts.artifactSha256,
    sourceDigest: facts.sourceDigest,
    commit: facts.commit,
    run: facts.runUrl,
    startedAt: facts.startedAt,
    endedAt,
  })
}

function defined(values: Readonly<Record<string, string | undefined>>): Outputs {
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) if (value !== undefined) known[name] = value
  return known
}
