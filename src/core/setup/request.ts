// What a setup is made for: three decisions (repository, account, region) and names that have defaults.
import { dnsSuffixOf, partitionOf } from '../arn.ts'
import type { GitHubServer } from './issuer.ts'
import type { OptionalPart } from './policy.ts'
import type { Context, RepositoryIds } from './subject.ts'

/** Names of the resources in the customer's account. */
export interface ResourceNames {
  readonly role: string
  readonly bucket: string
  readonly project: string
  readonly repository: string
  readonly serviceRole: string
  readonly executionRole: string
}

/** A function of the setup: where its archive lies, and its name where that is known. */
export interface FunctionPlace {
  readonly name?: string | undefined
  readonly artifactKey: string
}

export interface SetupRequest {
  readonly owner: string
  readonly name: string
  readonly ids?: RepositoryIds | undefined
  readonly server: GitHubServer
  /** The server's issuer, or an enterprise's own. */
  readonly issuer: string
  readonly audience: string
  readonly account: string
  readonly region: string
  readonly names: ResourceNames
  readonly contexts: readonly Context[]
  readonly functions: readonly FunctionPlace[]
  readonly optional: readonly OptionalPart[]
  /** True if the account has an OIDC provider for this issuer already. */
  readonly hasProvider: boolean
}

/** The six values of the customer guide, which a deployment takes as inputs. */
export interface CustomerValues {
  readonly roleArn: string
  readonly region: string
  readonly bucketName: string
  readonly codebuildProject: string
  readonly ecrRepositoryUri: string
  readonly lambdaExecutionRoleArn: string
}

/** The guide's names. Bucket names are global, so the guide's gets account and region as its ending. */
export function defaultNames(account: string, region: string): ResourceNames {
  return {
    role: 'dcf-gke-role',
    bucket: `dcf-customer-artifacts-${account}-${region}`,
    project: 'dcf-lambda-build',
    repository: 'dcf-lambda-repo',
    serviceRole: 'dcf-codebuild-role',
    executionRole: 'lambda-execution-role',
  }
}

/** The six values as they will be once the setup is done. */
export function valuesOf(request: Pick<SetupRequest, 'account' | 'region' | 'names'>): CustomerValues {
  const { account, region, names } = request
  const partition = partitionOf(region)
  return {
    roleArn: `arn:${partition}:iam::${account}:role/${names.role}`,
    region,
    bucketName: names.bucket,
    codebuildProject: names.project,
    ecrRepositoryUri: `${account}.dkr.ecr.${region}.${dnsSuffixOf(partition)}/${names.repository}`,
    lambdaExecutionRoleArn: `arn:${partition}:iam::${account}:role/${names.executionRole}`,
  }
}

/** The audience of AWS STS in a partition: China has its own. */
export function audienceOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'
}
