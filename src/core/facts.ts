// What is known about a run so far. Outputs and the report are made from it and from nothing else.
import type { Phase } from './build.ts'
import type { Problem } from './problem.ts'

export interface Facts {
  readonly functionName: string
  readonly functionArn: string
  readonly functionUrl: string
  /** The URL was compared with GetFunctionUrlConfig. */
  readonly urlVerified: boolean
  readonly imageUri: string
  readonly imageDigest: string
  readonly buildId: string
  readonly buildUrl: string
  readonly project: string
  /** Name of the ECR repository. */
  readonly repositoryName: string
  readonly artifactSha256: string
  readonly artifactBytes: number
  readonly sourceDigest: string
  readonly fileCount: number
  readonly totalBytes: number
  readonly region: string
  readonly account: string
  readonly commit: string
  readonly runUrl: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly phases: readonly Phase[]
  /** The last lines of the build's log, untrusted. */
  readonly lastLines: readonly string[]
  /** What an undeploy removed, and what it may not remove. */
  readonly removed: readonly string[]
  readonly remaining: readonly string[]
  /** Warnings and notices on the way; errors are the outcome. */
  readonly remarks: readonly Problem[]
}

export type PartialFacts = Partial<Facts>
