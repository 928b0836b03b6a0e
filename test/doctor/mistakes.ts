// The customer guide's common mistakes, each made on purpose, and what a deployment and the doctor say to it.
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { strip } from '../permissions/policies.ts'

export interface Made {
  /** Changes the account. */
  readonly change?: (sandbox: Sandbox) => void
  /** Inputs that differ from the right ones. */
  readonly inputs?: Readonly<Record<string, string>>
  /** True if the mistake shows on a function that exists only. */
  readonly isSecond?: boolean
}

export interface Mistake {
  readonly number: number
  readonly title: string
  readonly made: Made
  /** Code, or undefined if the deployment succeeds. */
  readonly deployment: string | undefined
  readonly doctor: string | undefined
  /** What else there is to say, for the page. */
  readonly remark?: string
}

const withoutDeployRole = (sandbox: Sandbox, actions: readonly string[]) =>
  takeAway(sandbox, sandbox.names.role, actions)
const withoutServiceRole = (sandbox: Sandbox, actions: readonly string[]) =>
  takeAway(sandbox, sandbox.names.serviceRole, actions)

function takeAway({ world }: Sandbox, role: string, actions: readonly string[]): void {
  const policies = world.roles.get(role)?.policies
  for (const [name, document] of policies ?? []) policies?.set(name, actions.reduce(strip, document))
}

function changeTrust({ world, names }: Sandbox, change: (text: string) => string): void {
  const role = world.roles.get(names.role)
  if (role !== undefined) role.trust = JSON.parse(change(JSON.stringify(role.trust)))
}

function forgetConditions({ world, names }: Sandbox): void {
  const role = world.roles.get(names.role)
  if (role === undefined) return
  role.trust = JSON.parse(JSON.stringify(role.trust), (key: string, value: unknown) =>
    key === 'Condition' ? undefined : value,
  )
}

const lambdaActions = [
  'lambda:CreateFunction',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'lambda:CreateFunctionUrlConfig',
  'lambda:AddPermission',
  'lambda:TagResource',
]

export const mistakes: readonly Mistake[] = [
  {
    number: 1,
    title: 'A token without the audience `sts.amazonaws.com`',
    made: { inputs: { audience: 'https://kubernetes.default.svc' } },
    deployment: 'DCF-AUDIENCE-REFUSED',
    doctor: 'DCF-AUDIENCE-REFUSED',
    remark: 'A token file is read before STS is asked: `DCF-TOKEN-FILE`.',
  },
  {
    number: 2,
    title: 'The subject of another environment',
    made: {
      change: (sandbox) =>
        changeTrust(sandbox, (text) => text.replace('refs/heads/main', 'refs/heads/develop')),
    },
    deployment: 'DCF-ROLE-REFUSED',
    doctor: 'DCF-ROLE-REFUSED',
    remark: 'The message shows the condition to write.',
  },
  {
    number: 2,
    title: 'The issuer of another environment',
    made: { change: ({ world }) => world.providers.clear() },
    deployment: 'DCF-PROVIDER-MISSING',
    doctor: 'DCF-PROVIDER-MISSING',
  },
  {
    number: 3,
    title: 'A provider, but no `StringEquals` conditions in the trust policy',
    made: { change: forgetConditions },
    deployment: undefined,
    doctor: undefined,
    remark:
      'Everything works, for every repository on GitHub. Only the customer can see it, with `iam:GetRole`; the doctor says so and shows the command. `setup` writes both conditions, and IAM refuses to make such a role for GitHub.',
  },
  {
    number: 4,
    title: 'S3 permissions for the CodeBuild role, but not for the assumed role',
    made: {
      change: (sandbox) => withoutDeployRole(sandbox, ['s3:PutObject', 's3:GetObject', 's3:DeleteObject']),
    },
    deployment: 'DCF-BUCKET-DENIED',
    doctor: 'DCF-BUCKET-DENIED',
  },
  {
    number: 5,
    title:
      'CodeBuild permissions for the assumed role, but not enough Lambda permissions for the CodeBuild role',
    made: { change: (sandbox) => withoutServiceRole(sandbox, lambdaActions) },
    deployment: 'DCF-LAMBDA-ACCESS-DENIED',
    doctor: 'DCF-LAMBDA-ACCESS-DENIED',
    remark: 'The deployment names the first action that it misses, the doctor all of them.',
  },
  {
    number: 6,
    title: 'A bucket without a CodeBuild project',
    made: { inputs: { 'codebuild-project': '' } },
    deployment: 'DCF-INPUT-MISSING',
    doctor: 'DCF-INPUT-MISSING',
  },
  {
    number: 7,
    title: 'No `ECR_REPOSITORY_URI` or no `LAMBDA_EXECUTION_ROLE_ARN`',
    made: { inputs: { 'ecr-repository-uri': '', 'lambda-execution-role-arn': '' } },
    deployment: 'DCF-INPUT-MISSING',
    doctor: 'DCF-INPUT-MISSING',
    remark: 'Both are named at once.',
  },
  {
    number: 8,
    title: 'No `lambda:GetFunctionConfiguration` for the CodeBuild role, on a first deployment',
    made: { change: (sandbox) => withoutServiceRole(sandbox, ['lambda:GetFunctionConfiguration']) },
    deployment: undefined,
    doctor: 'DCF-LAMBDA-ACCESS-DENIED',
    remark:
      'The waiters of the second generation ask `lambda:GetFunction`, so waiting does not need it any more.',
  },
  {
    number: 8,
    title: 'No `lambda:GetFunctionConfiguration` for the CodeBuild role, on a function that exists',
    made: {
      change: (sandbox) => withoutServiceRole(sandbox, ['lambda:GetFunctionConfiguration']),
      isSecond: true,
    },
    deployment: 'DCF-LAMBDA-ACCESS-DENIED',
    doctor: 'DCF-LAMBDA-ACCESS-DENIED',
    remark: 'It is needed to read the configuration that a failed deployment puts back.',
  },
  {
    number: 9,
    title: 'No `iam:PassRole` for the CodeBuild role',
    made: { change: (sandbox) => withoutServiceRole(sandbox, ['iam:PassRole']) },
    deployment: 'DCF-PASS-ROLE-DENIED',
    doctor: 'DCF-PASS-ROLE-DENIED',
  },
  {
    number: 10,
    title: 'A container that listens on a hard-coded port',
    made: {
      change: ({ world }) => {
        world.switches.lambda.program = () => ({ kind: 'crashes' })
      },
    },
    deployment: 'DCF-HEALTH-CHECK-FIRST',
    doctor: undefined,
    remark:
      'Only the program knows its port, so the health check of the deployment finds it. An image that sets `PORT` itself keeps its own. `plan` warns where no source reads `PORT`.',
  },
  {
    number: 11,
    title: 'An ECR repository in another region than the function',
    made: {
      inputs: { 'ecr-repository-uri': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/dcf-lambda-repo' },
    },
    deployment: 'DCF-INPUT-DISAGREE',
    doctor: 'DCF-INPUT-DISAGREE',
  },
]

/** More ways in which an account can be wrong, for the doctor alone. */
export const faults: readonly (readonly [title: string, made: Made, code: string, says: string])[] = [
  ['no bucket', { change: ({ world }) => world.buckets.clear() }, 'DCF-BUCKET-MISSING', 'NoSuchBucket'],
  [
    'a bucket in another region',
    {
      change: ({ world, names }) => {
        const bucket = world.buckets.get(names.bucket)
        if (bucket !== undefined) bucket.region = 'eu-west-1'
      },
    },
    'DCF-BUCKET-REGION',
    'is in eu-west-1',
  ],
  [
    "another account's bucket",
    {
      change: ({ world, names }) => {
        const bucket = world.buckets.get(names.bucket)
        if (bucket !== undefined) bucket.owner = '999999999999'
      },
    },
    'DCF-BUCKET-OWNER',
    'GetBucketLocation',
  ],
  [
    'no right to delete',
    { change: (s) => withoutDeployRole(s, ['s3:DeleteObject']) },
    'DCF-BUCKET-DENIED',
    '"s3:DeleteObject"',
  ],
  ['no project', { change: ({ world }) => world.projects.clear() }, 'DCF-PROJECT-MISSING', 'StartBuild'],
  [
    'no right to start',
    { change: (s) => withoutDeployRole(s, ['codebuild:StartBuild']) },
    'DCF-BUILD-DENIED',
    '"codebuild:StartBuild"',
  ],
  [
    'no right to watch',
    { change: (s) => withoutDeployRole(s, ['codebuild:BatchGetBuilds']) },
    'DCF-BUILD-DENIED',
    '"codebuild:BatchGetBuilds"',
  ],
  [
    'no privileged mode',
    {
      change: ({ world, names }) => {
        const project = world.projects.get(names.project)
        if (project !== undefined) project.privileged = false
      },
    },
    'DCF-DOCKER-UNAVAILABLE',
    'privileged mode',
  ],
  [
    'no right to read the archive',
    { change: (s) => withoutServiceRole(s, ['s3:GetObject']) },
    'DCF-ARTIFACT-UNREADABLE',
    '"s3:GetObject"',
  ],
  [
    'no token for ECR',
    { change: (s) => withoutServiceRole(s, ['ecr:GetAuthorizationToken']) },
    'DCF-ECR-TOKEN-DENIED',
    '"ecr:GetAuthorizationToken"',
  ],
  [
    'no right to push',
    {
      change: (sandbox) => {
        withoutServiceRole(sandbox, ['ecr:PutImage'])
        const repository = sandbox.world.repositories.get(sandbox.names.repository)
        if (repository !== undefined) repository.policy = strip(repository.policy, 'ecr:PutImage')
      },
    },
    'DCF-ECR-PUSH-DENIED',
    '"Action":["ecr:PutImage"]',
  ],
  [
    'no repository',
    { change: ({ world }) => world.repositories.clear() },
    'DCF-ECR-REPOSITORY-MISSING',
    'ECR repository',
  ],
  [
    'one Lambda action too few',
    { change: (s) => withoutServiceRole(s, ['lambda:TagResource']) },
    'DCF-LAMBDA-ACCESS-DENIED',
    '"Action":["lambda:TagResource"]',
  ],
  [
    'an execution role that Lambda may not assume',
    {
      change: ({ world, names }) => {
        const role = world.roles.get(names.executionRole)
        if (role !== undefined) role.trust = JSON.parse(JSON.stringify(role.trust).replace('lambda.', 'ec2.'))
      },
    },
    'DCF-EXECUTION-ROLE-UNASSUMABLE',
    'lambda-trust-policy.json',
  ],
  [
    'no right to undeploy',
    { change: (s) => withoutDeployRole(s, ['lambda:RemovePermission']) },
    'DCF-UNDEPLOY-DENIED',
    '"Action":["lambda:RemovePermission"]',
  ],
  [
    'a quota of no builds',
    {
      change: ({ world }) => {
        world.switches.codebuild.maximumBuilds = 0
      },
    },
    'DCF-BUILD-QUOTA',
    'AccountLimitExceededException',
  ],
]
