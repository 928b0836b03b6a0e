// What no policy of ours may contain, written apart from the code that makes them.

/** Every action that the customer guide asks for, by the role that holds it. */
export const guideActions = {
  deployRole: [
    's3:GetBucketLocation',
    's3:ListBucket',
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    'codebuild:StartBuild',
    'codebuild:BatchGetBuilds',
    'lambda:GetFunction',
    'lambda:GetFunctionUrlConfig',
    'lambda:DeleteFunctionUrlConfig',
    'lambda:RemovePermission',
    'lambda:DeleteFunction',
  ],
  serviceRole: [
    's3:GetObject',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:CompleteLayerUpload',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'lambda:CreateFunction',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
    'lambda:GetFunctionUrlConfig',
    'lambda:CreateFunctionUrlConfig',
    'lambda:AddPermission',
    'lambda:TagResource',
    'iam:PassRole',
  ],
  executionRole: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  repository: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:CompleteLayerUpload',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
  ],
} as const

/** The actions of the optional parts, each of which buys a named feature. */
export const optionalActions = {
  'read-build-log': ['logs:GetLogEvents'],
  'stop-build': ['codebuild:StopBuild'],
  'verify-public-access': ['lambda:GetPolicy'],
  'layer-cache': ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
} as const

const services = ['lambda.amazonaws.com', 'codebuild.amazonaws.com']
const roleArn = /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:role\/[\w+=,.@-]+$/
const providerArn = /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:oidc-provider\/[a-z0-9.-]+(?:\/[\w.~-]+)*$/

type Tree = Readonly<Record<string, unknown>>

/** Every statement that breaks a rule of permissions; empty for a good policy. */
export function judgePermissions(policy: unknown, allowed: readonly string[]): readonly string[] {
  return statementsOf(policy).flatMap((statement) => {
    const actions = listOf(statement['Action'])
    const resources = listOf(statement['Resource'])
    return [
      ...(statement['Effect'] === 'Allow' ? [] : [`effect ${String(statement['Effect'])}`]),
      ...('NotAction' in statement || 'NotResource' in statement ? ['negated statement'] : []),
      ...actions.filter((action) => !allowed.includes(action)).map((action) => `action ${action}`),
      ...resources
        .filter((resource) => resource === '*' && actions.join() !== 'ecr:GetAuthorizationToken')
        .map(() => `every resource for ${actions.join()}`),
      ...[...actions, ...resources]
        .filter((text) => /[<>]|\$\{/.test(text))
        .map((text) => `placeholder ${text}`),
      ...judgePrincipal(statement['Principal']),
    ]
  })
}

/** Every way in which a trust policy trusts somebody else, or nobody. */
export function judgeTrust(policy: unknown, issuer: string, audience: string): readonly string[] {
  const host = issuer.replace(/^https:\/\//, '')
  return [
    ...(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+(\/[\w.~-]+)*$/.test(issuer) ? [] : [`issuer ${issuer}`]),
    ...statementsOf(policy).flatMap((statement) => {
      const condition = treeOf(statement['Condition'])
      const equals = treeOf(condition['StringEquals'])
      const subjects = listOf(equals[`${host}:sub`])
      return [
        ...(statement['Action'] === 'sts:AssumeRoleWithWebIdentity' ? [] : ['action of the trust']),
        ...Object.keys(condition)
          .filter((operator) => operator !== 'StringEquals')
          .map((operator) => `operator ${operator}`),
        ...Object.keys(equals)
          .filter((key) => key !== `${host}:sub` && key !== `${host}:aud`)
          .map((key) => `condition ${key}`),
        ...(equals[`${host}:aud`] === audience ? [] : ['audience']),
        ...(subjects.length > 0 ? [] : ['no subject']),
        ...subjects.filter((subject) => !isExactSubject(subject)).map((subject) => `subject ${subject}`),
        ...judgePrincipal(statement['Principal']),
        ...(String(treeOf(statement['Principal'])['Federated']).endsWith(`:oidc-provider/${host}`)
          ? []
          : ['provider of another issuer']),
      ]
    }),
  ]
}

function isExactSubject(subject: string): boolean {
  return /^repo:[^*?$:/@]+(@\d+)?\/[^*?$:/@]+(@\d+)?:(pull_request|environment:[^*?$:]+|ref:refs\/heads\/[^*?$:]+)$/.test(
    subject,
  )
}

function judgePrincipal(principal: unknown): readonly string[] {
  if (principal === undefined) return []
  if (typeof principal !== 'object') return [`principal ${String(principal)}`]
  return Object.entries(treeOf(principal)).flatMap(([kind, value]) => {
    const text = String(value)
    if (kind === 'Service') return services.includes(text) ? [] : [`principal ${text}`]
    if (kind === 'AWS') return roleArn.test(text) ? [] : [`principal ${text}`]
    if (kind === 'Federated') return providerArn.test(text) ? [] : [`principal ${text}`]
    return [`principal ${kind}`]
  })
}

export function statementsOf(policy: unknown): readonly Tree[] {
  const statements = treeOf(policy)['Statement']
  return Array.isArray(statements) ? statements.map(treeOf) : []
}

export function treeOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

export function listOf(value: unknown): readonly string[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}
