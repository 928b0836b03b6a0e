// What becomes of a deployment or an undeploy without each single action: the table of docs/permissions.md.

export type Holder = 'deployRole' | 'serviceRole' | 'executionRole' | 'repository'

/** Which run shows it: the first deployment, one of a function that exists, or the removal. */
export type Occasion = 'deploy' | 'redeploy' | 'undeploy'

export type Expectation =
  /** The run fails with this code. */
  | { readonly kind: 'fails'; readonly on: Occasion; readonly code: string }
  /** The run goes on and says this. */
  | { readonly kind: 'reduced'; readonly on: Occasion; readonly says: string }
  /** The run goes on, and the build's log stays empty. */
  | { readonly kind: 'no log' }
  /** Another policy grants it as well; without both the run fails with the code. */
  | { readonly kind: 'granted twice'; readonly other: Holder; readonly code: string }
  /** No run calls it. */
  | { readonly kind: 'unused'; readonly because: string }

export interface Row {
  readonly holder: Holder
  readonly action: string
  /** What it is for. */
  readonly purpose: string
  readonly without: Expectation
}

function row(holder: Holder, action: string, purpose: string, without: Expectation): Row {
  return { holder, action, purpose, without }
}

function fails(on: Occasion, code: string): Expectation {
  return { kind: 'fails', on, code }
}

function twice(other: Holder): Expectation {
  return { kind: 'granted twice', other, code: 'DCF-ECR-PUSH-DENIED' }
}

function unused(because: string): Expectation {
  return { kind: 'unused', because }
}

const lambda = (on: Occasion) => fails(on, 'DCF-LAMBDA-ACCESS-DENIED')
const unverified: Expectation = { kind: 'reduced', on: 'redeploy', says: 'The URL is unverified' }
const itself = 'the function writes its log with it when it runs, which no deployment does'

export const rows: readonly Row[] = [
  row(
    'deployRole',
    's3:GetBucketLocation',
    'the doctor compares regions',
    unused('only the doctor asks for the region'),
  ),
  row(
    'deployRole',
    's3:ListBucket',
    'S3 says that an object is absent, and not that it is forbidden',
    unused('no run lists; the doctor does'),
  ),
  row(
    'deployRole',
    's3:GetObject',
    'read what lies at the key before it is withdrawn',
    fails('undeploy', 'DCF-BUCKET-DENIED'),
  ),
  row(
    'deployRole',
    's3:PutObject',
    'upload the archive, and withdraw it',
    fails('deploy', 'DCF-BUCKET-DENIED'),
  ),
  row(
    'deployRole',
    's3:DeleteObject',
    'the doctor removes its probe',
    unused('an archive is withdrawn by an empty one in its place'),
  ),
  row('deployRole', 'codebuild:StartBuild', 'start the build', fails('deploy', 'DCF-BUILD-DENIED')),
  row('deployRole', 'codebuild:BatchGetBuilds', 'watch the build', fails('deploy', 'DCF-BUILD-DENIED')),
  row(
    'deployRole',
    'lambda:GetFunction',
    'see whose the function is, and how it became',
    fails('undeploy', 'DCF-UNDEPLOY-UNSEEN'),
  ),
  row('deployRole', 'lambda:GetFunctionUrlConfig', 'compare the URL with what the build reports', unverified),
  row(
    'deployRole',
    'lambda:DeleteFunctionUrlConfig',
    'remove the URL',
    fails('undeploy', 'DCF-UNDEPLOY-DENIED'),
  ),
  row(
    'deployRole',
    'lambda:RemovePermission',
    'remove both public statements',
    fails('undeploy', 'DCF-UNDEPLOY-DENIED'),
  ),
  row('deployRole', 'lambda:DeleteFunction', 'remove the function', fails('undeploy', 'DCF-UNDEPLOY-DENIED')),
  row('serviceRole', 's3:GetObject', 'read the archive', fails('deploy', 'DCF-ARTIFACT-UNREADABLE')),
  row('serviceRole', 'ecr:GetAuthorizationToken', 'log in to ECR', fails('deploy', 'DCF-ECR-TOKEN-DENIED')),
  row(
    'serviceRole',
    'ecr:BatchCheckLayerAvailability',
    'push: see which layers are there',
    twice('repository'),
  ),
  row('serviceRole', 'ecr:CompleteLayerUpload', 'push: end a layer', twice('repository')),
  row('serviceRole', 'ecr:InitiateLayerUpload', 'push: begin a layer', twice('repository')),
  row('serviceRole', 'ecr:PutImage', 'push: the manifest', twice('repository')),
  row('serviceRole', 'ecr:UploadLayerPart', 'push: a part of a layer', twice('repository')),
  row('serviceRole', 'logs:CreateLogGroup', "make the build's log group, where it is missing", {
    kind: 'no log',
  }),
  row(
    'serviceRole',
    'logs:CreateLogStream',
    "make the build's log stream",
    fails('deploy', 'DCF-BUILD-LOG-DENIED'),
  ),
  row('serviceRole', 'logs:PutLogEvents', "write the build's log", { kind: 'no log' }),
  row('serviceRole', 'lambda:CreateFunction', 'create the function', lambda('deploy')),
  row('serviceRole', 'lambda:UpdateFunctionCode', 'give it the new image', lambda('redeploy')),
  row(
    'serviceRole',
    'lambda:UpdateFunctionConfiguration',
    'set role, timeout, memory, mark and variables, and put them back',
    fails('redeploy', 'DCF-ROLLBACK-FAILED'),
  ),
  row(
    'serviceRole',
    'lambda:GetFunction',
    'see whether the function exists and whose it is, and wait',
    lambda('deploy'),
  ),
  row(
    'serviceRole',
    'lambda:GetFunctionConfiguration',
    'read the reason of a failed update, and the present variables',
    lambda('redeploy'),
  ),
  row('serviceRole', 'lambda:GetFunctionUrlConfig', 'see whether there is a URL', lambda('redeploy')),
  row('serviceRole', 'lambda:CreateFunctionUrlConfig', 'make the URL', lambda('deploy')),
  row('serviceRole', 'lambda:AddPermission', 'open the URL to the public', lambda('deploy')),
  row('serviceRole', 'lambda:TagResource', 'tag the function', lambda('deploy')),
  row(
    'serviceRole',
    'iam:PassRole',
    'give the function its execution role',
    fails('deploy', 'DCF-PASS-ROLE-DENIED'),
  ),
  row(
    'executionRole',
    'logs:CreateLogGroup',
    "make the function's log group, where it is missing",
    unused(itself),
  ),
  row('executionRole', 'logs:CreateLogStream', "make the function's log streams", unused(itself)),
  row('executionRole', 'logs:PutLogEvents', "write the function's log", unused(itself)),
  row(
    'repository',
    'ecr:BatchCheckLayerAvailability',
    'push: see which layers are there',
    twice('serviceRole'),
  ),
  row('repository', 'ecr:CompleteLayerUpload', 'push: end a layer', twice('serviceRole')),
  row('repository', 'ecr:InitiateLayerUpload', 'push: begin a layer', twice('serviceRole')),
  row('repository', 'ecr:PutImage', 'push: the manifest', twice('serviceRole')),
  row('repository', 'ecr:UploadLayerPart', 'push: a part of a layer', twice('serviceRole')),
  row('repository', 'ecr:BatchGetImage', 'Lambda pulls the image', fails('deploy', 'DCF-ECR-PULL-DENIED')),
  row(
    'repository',
    'ecr:GetDownloadUrlForLayer',
    'Lambda pulls the layers',
    fails('deploy', 'DCF-ECR-PULL-DENIED'),
  ),
]

const names: Readonly<Record<Holder, string>> = {
  deployRole: 'role of the action',
  serviceRole: 'CodeBuild service role',
  executionRole: 'execution role',
  repository: 'repository policy',
}

/** The rows of the table in docs/permissions.md. */
export function writeTable(): string {
  const lines = rows.map(
    ({ holder, action, purpose, without }) =>
      `| ${names[holder]} | \`${action}\` | ${purpose} | ${describe(without)} |`,
  )
  return ['| holder | action | what for | without it |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

function describe(without: Expectation): string {
  const occasions = {
    deploy: 'a deployment',
    redeploy: 'a deployment over a function that exists',
    undeploy: 'undeploy',
  }
  switch (without.kind) {
    case 'fails':
      return `${occasions[without.on]} fails with [\`${without.code}\`](problems.md#${without.code.toLowerCase()})`
    case 'reduced':
      return `${occasions[without.on]} works, and says: ${without.says}`
    case 'no log':
      return 'deployments work, and the build has no log'
    case 'granted twice':
      return `nothing: the ${names[without.other]} grants it as well; without both [\`${without.code}\`](problems.md#${without.code.toLowerCase()})`
    case 'unused':
      return `nothing: ${without.because}`
  }
}
