// Turns the texts of the deploy action's inputs into one typed value, or into every problem at once.
import { accept, type Checked, reject } from './checked.ts'
import { type Endpoints, parseEndpoints } from './endpoints.ts'
import { Fields, type Form } from './fields.ts'
import { functionNamePattern, imageTagPattern } from './names.ts'
import { readSettings, type Settings } from './settings.ts'
import { readTarget, type Target } from './target.ts'

export type Texts = Readonly<Record<string, string | undefined>>

export interface DeployInputs {
  /** Absent only in plan mode. */
  readonly target: Target | undefined
  readonly plan: boolean
  /** Verify the chain instead of deploying. */
  readonly doctor: boolean
  readonly functionName: string | undefined
  readonly workingDirectory: string
  readonly artifactKey: string
  readonly imageTag: string | undefined
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly dcfEnvironment: string | undefined
  readonly settings: Settings
  readonly healthCheckPath: string
  readonly skipUnchanged: boolean
  readonly force: boolean
  readonly audience: string
  readonly buildTimeoutMinutes: number
  readonly hideBuildLogs: boolean
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly endpoints: Endpoints
}

/** The names of the deploy action's inputs, in the order of action.yml. */
export const deployInputNames = [
  'role-to-assume',
  'aws-region',
  'bucket-name',
  'codebuild-project',
  'ecr-repository-uri',
  'lambda-execution-role-arn',
  'function-name',
  'working-directory',
  'artifact-key',
  'image-tag',
  'lambda-timeout-seconds',
  'lambda-memory-mb',
  'dcf-environment',
  'environment-variables',
  'health-check-path',
  'skip-unchanged',
  'force',
  'audience',
  'build-timeout-minutes',
  'hide-build-logs',
  'include',
  'exclude',
  'plan',
  'doctor',
  'endpoint-url',
] as const

export const functionNameForm: Form = {
  pattern: functionNamePattern,
  expected: '1 to 64 letters, digits, `-` and `_`: a plain name, no ARN, qualifier or wildcard',
}
const imageTagForm: Form = {
  pattern: imageTagPattern,
  expected: 'a tag of at most 128 letters, digits, `.`, `_` and `-` that does not start with `.` or `-`',
}
const environmentForm: Form = {
  // What a tag of Lambda takes as value.
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
  expected: 'the value of a tag: at most 256 letters, digits, spaces and `_.:/=+-@`',
}
export const healthPathForm: Form = {
  pattern: /^(?:none|\/[\x21-\x7e]{0,1000})$/,
  expected: 'a path that begins with `/`, or `none`',
}
export const audienceForm: Form = {
  pattern: /^[\x21-\x7e]{1,255}$/,
  expected: 'an audience such as `sts.amazonaws.com`',
}

/** Reads all inputs; `environment` is only asked for the endpoints and the switch that turns TLS off. */
export function parseDeployInputs(texts: Texts, environment: Texts): Checked<DeployInputs> {
  const fields = new Fields(texts)
  const plan = fields.flag('plan')
  const endpoints = readEndpoints(fields, environment)
  const target = readTarget(fields, !plan, endpoints)
  const inputs: DeployInputs = {
    target,
    plan,
    doctor: readDoctor(fields, plan),
    functionName: fields.match('function-name', functionNameForm, false),
    workingDirectory: readDirectory(fields),
    artifactKey: readKey(fields),
    imageTag: fields.match('image-tag', imageTagForm, false),
    timeoutSeconds: fields.number('lambda-timeout-seconds', 30, { min: 1, max: 900 }),
    memoryMb: fields.number('lambda-memory-mb', 512, { min: 128, max: 10240 }),
    dcfEnvironment: fields.match('dcf-environment', environmentForm, false),
    settings: readSettings(fields),
    healthCheckPath: fields.match('health-check-path', healthPathForm, false) ?? '/',
    skipUnchanged: fields.flag('skip-unchanged'),
    force: fields.flag('force'),
    audience: fields.match('audience', audienceForm, false) ?? 'sts.amazonaws.com',
    buildTimeoutMinutes: fields.number('build-timeout-minutes', 30, { min: 5, max: 480 }),
    hideBuildLogs: fields.flag('hide-build-logs'),
    include: fields.lines('include'),
    exclude: fields.lines('exclude'),
    endpoints,
  }
  return fields.problems.length > 0 ? reject(fields.problems) : accept(inputs)
}

export function readEndpoints(fields: Fields, environment: Texts): Endpoints {
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    fields.add(
      'DCF-TLS-VERIFICATION-OFF',
      'NODE_TLS_REJECT_UNAUTHORIZED is `0`: certificates of AWS and GitHub would not be checked.',
      'Remove it from the environment of the step; name a private certificate authority in NODE_EXTRA_CA_CERTS.',
    )
  }
  const endpoints = parseEndpoints(fields.text('endpoint-url'), environment)
  if (endpoints.ok) return endpoints.value
  fields.problems.push(...endpoints.problems)
  return {}
}

/** The two do not go together: a plan makes no call, and the doctor makes nothing else. */
function readDoctor(fields: Fields, plan: boolean): boolean {
  const doctor = fields.flag('doctor')
  if (doctor && plan) fields.invalid('doctor', 'true', '`false` where `plan` is `true`')
  return doctor
}

export function readDirectory(fields: Fields): string {
  const text = fields.text('working-directory', '.')
  // NUL ends a path for the operating system, and a line break would end a line of the log.
  if (!/[\p{Cc}]/u.test(text)) return text
  fields.invalid(
    'working-directory',
    text.replace(/\p{Cc}/gu, '?'),
    'a folder of the workspace, without control characters',
  )
  return '.'
}

/** S3's key: also a value of StartBuild and of `aws s3api`, so control characters and `..` are refused. */
export function readKey(fields: Fields): string {
  const text = fields.text('artifact-key', 'builds/app.zip')
  const bad =
    Buffer.byteLength(text) > 1024 ||
    /\p{Cc}/u.test(text) ||
    /^[/-]/.test(text) ||
    text.includes('://') ||
    text.split('/').includes('..')
  if (!bad) return text
  fields.invalid(
    'artifact-key',
    text.replace(/\p{Cc}/gu, '?'),
    'a key of at most 1,024 bytes that does not begin with `/` or `-` and has neither `..` nor `://` in it',
  )
  return 'builds/app.zip'
}
