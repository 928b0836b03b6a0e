// What Lambda keeps of a function, its policy and its Function URL.

export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: '*' | Readonly<Record<string, string>>
  readonly Action: string
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The code that an invocation runs. */
export interface ServedImage {
  /** Image URI by digest. */
  readonly uri: string
  readonly repository: string
  readonly digest: string
}

/** What an update changes; a function serves one of these while the next is put in place. */
export interface Version {
  /** As the caller gave it. */
  readonly imageUri?: string
  readonly image?: ServedImage
  /** Hex SHA-256 of the image manifest, or base64 of a Zip package's. */
  readonly codeSha256: string
  readonly role: string
  readonly timeout: number
  readonly memorySize: number
  readonly description: string
  readonly environment: Readonly<Record<string, string>>
  readonly architectures: readonly string[]
  /** Further settings that are kept as they came: VPC, storage, tracing, image configuration. */
  readonly extras: Readonly<Record<string, unknown>>
}

export interface FunctionUrl {
  readonly url: string
  readonly authType: 'NONE' | 'AWS_IAM'
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM'
  readonly cors?: unknown
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly modified: number
  close(): Promise<void>
}

/** A change under way: it takes effect at `until`, or fails then with `failure`. */
export interface Transition {
  readonly kind: 'creating' | 'updating' | 'deleting'
  readonly until: number
  readonly next: Version
  readonly failure?: { readonly code: string; readonly reason: string }
}

export interface LambdaFunction {
  readonly name: string
  readonly arn: string
  readonly packageType: 'Image' | 'Zip'
  readonly runtime?: string
  readonly handler?: string
  /** What runs now. */
  served: Version
  state: 'Pending' | 'Active' | 'Inactive' | 'Failed' | 'Deleting'
  stateReason?: { readonly code: string; readonly reason: string }
  lastUpdate: 'Successful' | 'InProgress' | 'Failed'
  lastUpdateReason?: { readonly code: string; readonly reason: string }
  transition?: Transition
  /** Milliseconds since the epoch. */
  lastModified: number
  revisionId: string
  readonly tags: Map<string, string>
  readonly policy: PolicyStatement[]
  /** When the policy last got a statement; milliseconds since the epoch. */
  policyChanged?: number
  reservedConcurrency?: number
  url?: FunctionUrl
}

export interface FunctionRequest {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly partition: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly role: string
  readonly packageType: LambdaFunction['packageType']
  readonly description?: string
  readonly tags?: Readonly<Record<string, string>>
}

/** An active function that somebody else has made: a Zip function, or one whose image is none of this account's. */
export function createForeignFunction(request: FunctionRequest): LambdaFunction {
  const { name, account, region, partition, now, role, packageType, description = '', tags = {} } = request
  return {
    name,
    arn: `arn:${partition}:lambda:${region}:${account}:function:${name}`,
    packageType,
    ...(packageType === 'Zip' ? { runtime: 'nodejs22.x', handler: 'index.handler' } : {}),
    served: {
      codeSha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      role,
      timeout: 3,
      memorySize: 128,
      description,
      environment: {},
      architectures: ['x86_64'],
      extras: {},
    },
    state: 'Active',
    lastUpdate: 'Successful',
    lastModified: now,
    revisionId: '00000000-0000-0000-0000-000000000000',
    tags: new Map(Object.entries(tags)),
    policy: [],
  }
}
