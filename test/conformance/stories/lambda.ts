// The life of a function, of its URL and of its public permissions: what the build makes and what undeploy removes.
import type { Step, Story } from '../story.ts'
import type { Target } from '../target.ts'

const API = 'Lambda API Reference'
const NAME = ['--function-name', 'conformance']
const one = (operation: string, ...more: readonly string[]): readonly string[] => [
  'lambda',
  operation,
  ...NAME,
  ...more,
]
const PUBLIC = [
  '--statement-id',
  'DcfFunctionUrlPublic',
  '--action',
  'lambda:InvokeFunctionUrl',
  '--principal',
  '*',
]
const INVOKE = [
  '--statement-id',
  'DcfFunctionInvokePublic',
  '--action',
  'lambda:InvokeFunction',
  '--principal',
  '*',
]

const create =
  (...more: readonly string[]) =>
  (target: Target): readonly string[] =>
    one(
      'create-function',
      ...[
        '--package-type',
        'Image',
        '--code',
        `ImageUri=${target.imageUri}`,
        '--role',
        target.executionRoleArn,
      ],
      ...more,
    )

/** Under another name, since an emulator may take it. */
function refused(target: Target, ...more: readonly string[]): readonly string[] {
  return [...create()(target), '--function-name', 'refused', ...more]
}

const functions: readonly Step[] = [
  {
    title: 'look at a function that is not there',
    words: () => one('get-function'),
    aws: '404 ResourceNotFoundException',
    document: `${API}, GetFunction, Errors`,
  },
  {
    title: 'create with a role that is not there',
    words: (t) => refused(t, '--role', `${t.executionRoleArn}-missing`),
    aws: '400 InvalidParameterValueException',
    document: `${API}, CreateFunction, Errors`,
  },
  {
    title: 'create with too little memory',
    words: (t) => refused(t, '--memory-size', '64'),
    aws: '400 ValidationException',
    document: `${API}, CreateFunction, MemorySize`,
  },
  {
    title: 'create with a name that is none',
    words: (t) => refused(t, '--function-name', 'not a name'),
    aws: '400 ValidationException',
    document: `${API}, CreateFunction, FunctionName`,
  },
  {
    title: 'create',
    words: create(
      '--timeout',
      '30',
      '--memory-size',
      '512',
      '--description',
      'first',
      '--environment',
      'Variables={COLOUR=blue}',
      '--tags',
      'a=b',
    ),
    aws: '201',
    document: `${API}, CreateFunction`,
    shape: [
      'FunctionName',
      'FunctionArn',
      'Role',
      'Timeout',
      'MemorySize',
      'Description',
      'PackageType',
      'State',
      'CodeSha256',
      'RevisionId',
    ],
  },
  {
    title: 'look at the function',
    words: () => one('get-function'),
    until: ({ output }) => Object(Object(output)['Configuration'])['State'] === 'Active',
    aws: '200',
    document: `${API}, GetFunction`,
    shape: [
      ...[
        'Configuration.Description',
        'Configuration.State',
        'Configuration.LastUpdateStatus',
        'Configuration.Environment.Variables.COLOUR',
      ],
      ...[
        'Configuration.Architectures.0',
        'Code.ImageUri',
        'Code.ResolvedImageUri',
        'Code.RepositoryType',
        'Tags.a',
      ],
    ],
  },
  {
    title: 'create it again',
    words: create(),
    aws: '409 ResourceConflictException',
    document: `${API}, CreateFunction, Errors`,
  },
  {
    title: 'change the configuration',
    words: () => one('update-function-configuration', '--timeout', '60', '--description', 'second'),
    aws: '200',
    document: `${API}, UpdateFunctionConfiguration`,
    shape: ['Timeout', 'Description', 'LastUpdateStatus'],
  },
  {
    title: 'see the change',
    words: () => one('get-function-configuration'),
    until: ({ output }) => Object(output)['LastUpdateStatus'] === 'Successful',
    aws: '200',
    document: `${API}, GetFunctionConfiguration`,
    shape: ['Timeout', 'Environment.Variables.COLOUR'],
  },
  {
    title: 'change the code',
    words: (t) => one('update-function-code', '--image-uri', t.imageUri),
    aws: '200',
    document: `${API}, UpdateFunctionCode`,
    shape: ['CodeSha256', 'LastUpdateStatus'],
  },
  {
    title: 'see the code',
    words: () => one('get-function-configuration'),
    until: ({ output }) => Object(output)['LastUpdateStatus'] === 'Successful',
    aws: '200',
    document: `${API}, GetFunctionConfiguration`,
    shape: ['CodeSha256'],
  },
]

const urls: readonly Step[] = [
  {
    title: 'look at a URL that is not there',
    words: () => one('get-function-url-config'),
    aws: '404 ResourceNotFoundException',
    document: `${API}, GetFunctionUrlConfig, Errors`,
  },
  {
    title: 'create a URL',
    words: () => one('create-function-url-config', '--auth-type', 'NONE'),
    aws: '201',
    document: `${API}, CreateFunctionUrlConfig`,
    shape: ['FunctionUrl', 'FunctionArn', 'AuthType', 'CreationTime'],
  },
  {
    title: 'create a URL again',
    words: () => one('create-function-url-config', '--auth-type', 'NONE'),
    aws: '409 ResourceConflictException',
    document: `${API}, CreateFunctionUrlConfig, Errors`,
  },
  {
    title: 'look at the URL',
    words: () => one('get-function-url-config'),
    aws: '200',
    document: `${API}, GetFunctionUrlConfig`,
    shape: ['FunctionUrl', 'FunctionArn', 'AuthType', 'CreationTime', 'LastModifiedTime', 'InvokeMode'],
  },
  {
    title: 'change the URL',
    words: () => one('update-function-url-config', '--cors', 'AllowOrigins=*'),
    aws: '200',
    document: `${API}, UpdateFunctionUrlConfig`,
    shape: ['Cors.AllowOrigins.0'],
  },
]

const permissions: readonly Step[] = [
  {
    title: 'a policy that is not there',
    words: () => one('get-policy'),
    aws: '404 ResourceNotFoundException',
    document: `${API}, GetPolicy, Errors`,
  },
  {
    title: 'let everybody call the URL',
    words: () => one('add-permission', ...PUBLIC, '--function-url-auth-type', 'NONE'),
    aws: '201',
    document: 'Lambda Developer Guide, Control access to Lambda function URLs',
    shape: ['Statement'],
  },
  {
    title: 'let everybody invoke by the URL',
    words: () => one('add-permission', ...INVOKE, '--invoked-via-function-url'),
    aws: '201',
    document: 'Lambda Developer Guide, Control access to Lambda function URLs',
    shape: ['Statement'],
  },
  {
    title: 'the same statement again',
    words: () => one('add-permission', ...PUBLIC, '--function-url-auth-type', 'NONE'),
    aws: '409 ResourceConflictException',
    document: `${API}, AddPermission, Errors`,
  },
  {
    title: 'the policy',
    words: () => one('get-policy'),
    aws: '200',
    document: `${API}, GetPolicy`,
    shape: ['Policy', 'RevisionId'],
  },
  {
    title: 'take a permission away',
    words: () => one('remove-permission', '--statement-id', 'DcfFunctionUrlPublic'),
    aws: '204',
    document: `${API}, RemovePermission`,
  },
  {
    title: 'take it away again',
    words: () => one('remove-permission', '--statement-id', 'DcfFunctionUrlPublic'),
    aws: '404 ResourceNotFoundException',
    document: `${API}, RemovePermission, Errors`,
  },
]

const endings: readonly Step[] = [
  {
    title: 'delete the URL',
    words: () => one('delete-function-url-config'),
    aws: '204',
    document: `${API}, DeleteFunctionUrlConfig`,
  },
  {
    title: 'delete the URL again',
    words: () => one('delete-function-url-config'),
    aws: '404 ResourceNotFoundException',
    document: `${API}, DeleteFunctionUrlConfig, Errors`,
  },
  { title: 'delete', words: () => one('delete-function'), aws: '204', document: `${API}, DeleteFunction` },
  {
    title: 'delete again',
    words: () => one('delete-function'),
    until: ({ code }) => code !== undefined,
    aws: '404 ResourceNotFoundException',
    document: `${API}, DeleteFunction, Errors`,
  },
]

export const lambda: Story = {
  service: 'Lambda',
  write: () => [...functions, ...urls, ...permissions, ...endings],
}
