// Cuts the session of a run down to this bucket and key, this project and this function, whatever the role may do.

export interface SessionScope {
  readonly partition: string
  readonly account: string
  readonly region: string
  readonly functionName: string
  /** Absent for an undeploy that withdraws nothing. */
  readonly bucket?: string | undefined
  readonly key?: string | undefined
  /** A second key, for a probe that must not touch what lies at the first. */
  readonly spareKey?: string | undefined
  /** Absent for undeploy. */
  readonly project?: string | undefined
}

/** AWS's limit for an inline session policy, in characters. */
export const sessionPolicyLimit = 2048

/**
 * The inline session policy as JSON; a session has the intersection of it and the role's own policies.
 * KMS is allowed through S3 only, for buckets that are encrypted with a customer's key.
 */
export function sessionPolicyOf(scope: SessionScope): string {
  const { partition, account, region } = scope
  const statements: Statement[] = []
  if (scope.bucket !== undefined && scope.key !== undefined) {
    const bucket = `arn:${partition}:s3:::${scope.bucket}`
    statements.push(
      allow(['s3:GetBucketLocation', 's3:ListBucket'], bucket),
      ...[scope.key, scope.spareKey].flatMap((key) =>
        key === undefined
          ? []
          : [allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `${bucket}/${literal(key)}`)],
      ),
      {
        ...allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*'),
        Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
      },
    )
  }
  if (scope.project !== undefined) {
    statements.push(
      allow(
        ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'],
        `arn:${partition}:codebuild:${region}:${account}:project/${scope.project}`,
      ),
      allow(['logs:GetLogEvents'], `arn:${partition}:logs:${region}:${account}:log-group:*`),
    )
  }
  statements.push(
    allow(
      [
        'GetFunction',
        'GetFunctionUrlConfig',
        'GetPolicy',
        'DeleteFunctionUrlConfig',
        'RemovePermission',
        'DeleteFunction',
      ].map((name) => `lambda:${name}`),
      `arn:${partition}:lambda:${region}:${account}:function:${scope.functionName}`,
    ),
  )
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

function allow(actions: readonly string[], resource: string): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resource }
}

/** A key may hold what a policy reads as wildcard or variable; IAM's escapes are `${*}`, `${?}` and `${$}`. */
function literal(key: string): string {
  return key.replace(/[*?$]/g, (character) => `\${${character}}`)
}
