// The account that a sandbox starts with: the customer guide followed to the letter.
import type { Clock } from './clock.ts'
import { subjectOf } from './identity/claims.ts'
import { OIDC_PATH } from './identity/issuer.ts'
import type { Role } from './identity/role.ts'
import { createSessions, randomBase32 } from './identity/sessions.ts'
import type { OptionalPolicy, SandboxOptions } from './options.ts'
import { type Placeholders, readPolicy } from './policyfile.ts'
import { createProject } from './services/project.ts'
import { createRepository } from './services/repository.ts'
import { createSwitches } from './services/switches.ts'
import type { World } from './world.ts'

const ACCOUNT = '123456789012'
const REGION = 'us-east-1'
const PARTITION = 'aws'

/** The guide's own names. */
const NAMES = {
  role: 'dcf-gke-role',
  bucket: 'dcf-customer-artifacts',
  project: 'dcf-lambda-build',
  serviceRole: 'dcf-codebuild-role',
  repository: 'dcf-lambda-repo',
  executionRole: 'lambda-execution-role',
} as const

/** What a deployment is told about the account. */
export interface SeededNames {
  readonly account: string
  readonly region: string
  readonly roleArn: string
  readonly bucket: string
  readonly project: string
  readonly ecrRepositoryUri: string
  readonly executionRoleArn: string
  /** Names by which the maps of the world are asked. */
  readonly role: string
  readonly serviceRole: string
  readonly executionRole: string
  readonly repository: string
}

export function createWorld(clock: Clock): World {
  return {
    account: ACCOUNT,
    region: REGION,
    partition: PARTITION,
    endpoint: '',
    clock,
    packedPolicyLimit: 2048,
    switches: createSwitches(),
    roles: new Map(),
    providers: new Map(),
    sessions: createSessions(ACCOUNT, PARTITION, clock),
    buckets: new Map(),
    projects: new Map(),
    builds: new Map(),
    logGroups: new Map(),
    repositories: new Map(),
    functions: new Map(),
  }
}

/** Fills the world once its endpoint is known, because issuer and registry stand at it. */
export function seedWorld(world: World, options: SandboxOptions): SeededNames {
  const { host } = new URL(world.endpoint)
  const placeholders = placeholdersOf(world, options)
  seedProvider(world)
  seedRoles(world, placeholders, options.optionalPolicies)
  world.buckets.set(NAMES.bucket, { name: NAMES.bucket, region: REGION, owner: ACCOUNT, objects: new Map() })
  const place = { account: ACCOUNT, region: REGION, partition: PARTITION, now: world.clock.now() }
  const project = createProject({ ...place, name: NAMES.project, serviceRole: arnOfRole(NAMES.serviceRole) })
  world.projects.set(NAMES.project, project)
  const policy = readPolicy('ecr-repository-policy', placeholders)
  world.repositories.set(NAMES.repository, createRepository({ ...place, name: NAMES.repository, policy }))
  return {
    account: ACCOUNT,
    region: REGION,
    roleArn: arnOfRole(NAMES.role),
    bucket: NAMES.bucket,
    project: NAMES.project,
    ecrRepositoryUri: `${host}/${NAMES.repository}`,
    executionRoleArn: arnOfRole(NAMES.executionRole),
    role: NAMES.role,
    serviceRole: NAMES.serviceRole,
    executionRole: NAMES.executionRole,
    repository: NAMES.repository,
  }
}

/** Host and path of the issuer, as IAM names a provider and its condition keys. */
function issuerHost(world: World): string {
  return `${new URL(world.endpoint).host}${OIDC_PATH}`
}

function placeholdersOf(world: World, options: SandboxOptions): Placeholders {
  return {
    ACCOUNT_ID: ACCOUNT,
    AWS_REGION: REGION,
    DCF_ARTIFACT_BUCKET: NAMES.bucket,
    CODEBUILD_PROJECT_NAME: NAMES.project,
    ECR_REPOSITORY_NAME: NAMES.repository,
    CODEBUILD_SERVICE_ROLE: NAMES.serviceRole,
    LAMBDA_EXECUTION_ROLE: NAMES.executionRole,
    ISSUER_HOST: issuerHost(world),
    DCF_SUBJECT: subjectOf(options.github),
  }
}

function seedProvider(world: World): void {
  const issuer = `${world.endpoint}${OIDC_PATH}`
  world.providers.set(issuer, {
    arn: `arn:${PARTITION}:iam::${ACCOUNT}:oidc-provider/${issuerHost(world)}`,
    issuer,
    audiences: ['sts.amazonaws.com'],
    discovery: issuer,
  })
}

function seedRoles(world: World, placeholders: Placeholders, optional: readonly OptionalPolicy[]): void {
  const read = (name: string): unknown => readPolicy(name, placeholders)
  const granted = (prefix: string): [string, unknown][] =>
    optional.filter((name) => name.startsWith(prefix)).map((name) => [name, read(`optional/${name}`)])
  addRole(world, NAMES.role, read('trust-policy'), [
    ['DcfRuntimeAccess', read('deploy-role-policy')],
    ...granted('deploy-role-'),
  ])
  addRole(world, NAMES.serviceRole, read('codebuild-trust-policy'), [
    ['CodeBuildServiceRole', read('codebuild-service-role-policy')],
    ...granted('codebuild-service-role-'),
  ])
  addRole(world, NAMES.executionRole, read('lambda-trust-policy'), [
    ['LambdaExecution', read('lambda-execution-role-policy')],
  ])
}

function addRole(world: World, name: string, trust: unknown, policies: readonly [string, unknown][]): void {
  const role: Role = {
    name,
    arn: arnOfRole(name),
    id: `AROA${randomBase32(17)}`,
    trust,
    policies: new Map(policies),
    maxSessionDuration: 3600,
  }
  world.roles.set(name, role)
}

function arnOfRole(name: string): string {
  return `arn:${PARTITION}:iam::${ACCOUNT}:role/${name}`
}
