// The settings of a function in CreateFunction and UpdateFunctionConfiguration, checked as Lambda checks them.
import { AwsError } from '../../awserror.ts'
import { atLeast, atMost, createValidation, matching, noLongerThan, oneOf } from '../constraint.ts'
import type { Version } from '../function.ts'
import type { Members } from '../members.ts'
import { invalidParameter } from './naming.ts'
import type { LambdaOffice } from './office.ts'

/** Bytes of the environment's JSON. */
const ENVIRONMENT_LIMIT = 4096
const ROLE_PATTERN = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'

const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])

/** Settings that are kept and shown as they came; an update without one leaves it as it is. */
const EXTRAS = [
  'VpcConfig',
  'TracingConfig',
  'EphemeralStorage',
  'ImageConfig',
  'DeadLetterConfig',
  'KMSKeyArn',
  'FileSystemConfigs',
  'LoggingConfig',
  'SnapStart',
]

/** Throws ValidationException or InvalidParameterValueException for malformed settings. */
export function checkSettings(input: Members, office: LambdaOffice): void {
  const validation = createValidation()
  validation.check('role', input.text('Role'), matching(ROLE_PATTERN))
  validation.check('description', input.text('Description'), noLongerThan(256))
  validation.check('timeout', input.number('Timeout'), atLeast(1), atMost(900))
  validation.check('memorySize', input.number('MemorySize'), atLeast(128), atMost(32_768))
  for (const architecture of input.texts('Architectures') ?? []) {
    validation.check('architectures', architecture, oneOf(['x86_64', 'arm64']))
  }
  const variables = Object.keys(input.structure('Environment')?.map('Variables') ?? {})
  for (const name of variables)
    validation.check('environment.variables', name, matching('[a-zA-Z]([a-zA-Z0-9_])+'))
  validation.settle('ValidationException')
  checkMemory(input, office)
  checkEnvironment(input)
}

function checkMemory(input: Members, { switches }: LambdaOffice): void {
  const { maximumMemory } = switches.lambda
  if ((input.number('MemorySize') ?? 0) > maximumMemory) {
    throw invalidParameter(
      `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${maximumMemory}`,
    )
  }
}

function checkEnvironment(input: Members): void {
  const variables = input.structure('Environment')?.map('Variables')
  if (variables === undefined) return
  const start =
    'Lambda was unable to configure your environment variables because the environment variables you have provided'
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name))
  if (reserved.length > 0) {
    throw invalidParameter(
      `${start} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  }
  const measured = JSON.stringify(variables)
  if (Buffer.byteLength(measured) > ENVIRONMENT_LIMIT) {
    throw invalidParameter(`${start} exceeded the 4KB limit. String measured: ${measured}`)
  }
}

/** The execution role must exist, be of this account, and trust Lambda. */
export function requireRole(arn: string, office: LambdaOffice): void {
  const { world, permitsPrincipal, switches } = office
  if (arn.split(':')[4] !== world.account) {
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', 403)
  }
  const role = [...world.roles.values()].find((one) => one.arn === arn)
  const access = { action: 'sts:AssumeRole', resource: arn }
  const trusts =
    role !== undefined && permitsPrincipal({ policy: role.trust, principal: 'lambda.amazonaws.com', access })
  if (trusts && switches.lambda.unassumable === 0) return
  if (trusts) switches.lambda.unassumable -= 1
  throw invalidParameter('The role defined for the function cannot be assumed by Lambda.')
}

/** What the request names over what stands; the environment is replaced as a whole, as at AWS. */
export function mergeVersion(before: Version, input: Members): Version {
  const environment = input.structure('Environment')
  return {
    ...before,
    role: input.text('Role') ?? before.role,
    timeout: input.number('Timeout') ?? before.timeout,
    memorySize: input.number('MemorySize') ?? before.memorySize,
    description: input.text('Description') ?? before.description,
    environment: environment === undefined ? before.environment : (environment.map('Variables') ?? {}),
    extras: { ...before.extras, ...readExtras(input) },
  }
}

function readExtras(input: Members): Readonly<Record<string, unknown>> {
  const present = EXTRAS.filter((name) => input.has(name))
  return Object.fromEntries(
    present.map((name) => [name, name === 'KMSKeyArn' ? input.text(name) : readPlain(input, name)]),
  )
}

function readPlain(input: Members, name: string): unknown {
  return name === 'FileSystemConfigs'
    ? input.structures(name)?.map((one) => one.plain())
    : input.structure(name)?.plain()
}

/** A function's settings before anything was named. */
export const DEFAULTS: Version = {
  codeSha256: '',
  role: '',
  timeout: 3,
  memorySize: 128,
  description: '',
  environment: {},
  architectures: ['x86_64'],
  extras: {},
}
