// The customer's AWS resources that a run works with, checked to belong together.
import {
  parseRepositoryUri,
  parseRoleArn,
  partitionOf,
  type RepositoryUri,
  type RoleArn,
  regionPattern,
} from './arn.ts'
import type { Endpoints } from './endpoints.ts'
import type { Fields, Form } from './fields.ts'

export interface Target {
  readonly role: RoleArn
  readonly region: string
  readonly bucket: string
  readonly project: string
  readonly repository: RepositoryUri
  readonly executionRole: RoleArn
}

export const regionForm: Form = { pattern: regionPattern, expected: 'a region such as `us-east-1`' }
export const bucketForm: Form = {
  // S3's rules for names; dots are left to S3, which still has old buckets with them.
  pattern: /^(?!\d{1,3}(?:\.\d{1,3}){3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  expected: 'the name of a bucket: 3 to 63 lower-case letters, digits and hyphens, no `s3://`',
}
const projectForm: Form = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/,
  expected: 'the name of a CodeBuild project, not its ARN',
}
const roleExpected = 'the ARN of a role such as `arn:aws:iam::123456789012:role/NAME`'
const repositoryExpected = 'a URI such as `123456789012.dkr.ecr.us-east-1.amazonaws.com/NAME`, without a tag'

/** Reads the six values of the customer guide. Undefined with problems noted, or where none is required and one is absent. */
export function readTarget(fields: Fields, required: boolean, endpoints: Endpoints): Target | undefined {
  const before = fields.problems.length
  const role = readRole(fields, 'role-to-assume', required)
  const region = fields.match('aws-region', regionForm, required)
  const bucket = fields.match('bucket-name', bucketForm, required)
  const project = fields.match('codebuild-project', projectForm, required)
  const repository = readRepository(fields, required, endpoints)
  const executionRole = readRole(fields, 'lambda-execution-role-arn', required)
  checkAgreement(fields, { role, region, repository, executionRole })
  if (fields.problems.length > before) return undefined
  if (!role || !region || !bucket || !project || !repository || !executionRole) return undefined
  return { role, region, bucket, project, repository, executionRole }
}

export function readRole(fields: Fields, name: string, required: boolean): RoleArn | undefined {
  const text = fields.text(name)
  if (text === '') {
    if (required) fields.missing(name, roleExpected)
    return undefined
  }
  const role = parseRoleArn(text)
  if (role === undefined) fields.invalid(name, text, roleExpected)
  return role
}

function readRepository(fields: Fields, required: boolean, endpoints: Endpoints): RepositoryUri | undefined {
  const text = fields.text('ecr-repository-uri')
  if (text === '') {
    if (required) fields.missing('ecr-repository-uri', repositoryExpected)
    return undefined
  }
  const repository = parseRepositoryUri(text)
  if (repository === undefined) fields.invalid('ecr-repository-uri', text, repositoryExpected)
  else if (repository.registry === undefined && Object.keys(endpoints).length === 0) {
    fields.invalid(
      'ecr-repository-uri',
      text,
      `${repositoryExpected}; a loopback registry goes with a loopback \`endpoint-url\` only`,
    )
    return undefined
  }
  return repository
}

interface Agreement {
  readonly role: RoleArn | undefined
  readonly region: string | undefined
  readonly repository: RepositoryUri | undefined
  readonly executionRole: RoleArn | undefined
}

function checkAgreement(fields: Fields, { role, region, repository, executionRole }: Agreement): void {
  const registry = repository?.registry
  if (role && executionRole && role.account !== executionRole.account) {
    fields.disagree(
      `\`role-to-assume\` is in account ${role.account}, \`lambda-execution-role-arn\` in ${executionRole.account}.`,
      'CodeBuild passes the execution role to Lambda within one account: give both from the same account.',
    )
  }
  if (role && registry && role.account !== registry.account) {
    fields.disagree(
      `\`role-to-assume\` is in account ${role.account}, \`ecr-repository-uri\` in ${registry.account}.`,
      'Give the repository of the account that the role belongs to.',
    )
  }
  if (region && registry && region !== registry.region) {
    fields.disagree(
      `\`aws-region\` is \`${region}\`, but the ECR repository is in \`${registry.region}\`.`,
      'Lambda pulls images from its own region only: give a repository in the region of the function.',
    )
  }
  if (region) {
    const partition = partitionOf(region)
    for (const [name, arn] of [
      ['role-to-assume', role],
      ['lambda-execution-role-arn', executionRole],
    ] as const) {
      if (arn && arn.partition !== partition) {
        fields.disagree(
          `\`${name}\` is in partition \`${arn.partition}\`, region \`${region}\` in \`${partition}\`.`,
          `Write the ARN as \`arn:${partition}:iam::${arn.account}:role/${arn.name}\`, or name a region of \`${arn.partition}\`.`,
        )
      }
    }
  }
}
