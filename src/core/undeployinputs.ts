// Turns the texts of the undeploy action's inputs into one typed value, or into every problem at once.
import { partitionOf, type RoleArn } from './arn.ts'
import { accept, type Checked, reject } from './checked.ts'
import type { Endpoints } from './endpoints.ts'
import { Fields } from './fields.ts'
import {
  audienceForm,
  functionNameForm,
  readDirectory,
  readEndpoints,
  readKey,
  type Texts,
} from './inputs.ts'
import { bucketForm, readRole, regionForm } from './target.ts'

export interface UndeployInputs {
  readonly role: RoleArn
  readonly region: string
  readonly functionName: string | undefined
  readonly workingDirectory: string
  readonly force: boolean
  /** Where an artifact is to be withdrawn. */
  readonly artifact: { readonly bucket: string; readonly key: string } | undefined
  readonly audience: string
  readonly endpoints: Endpoints
}

/** The names of the undeploy action's inputs, in the order of its action.yml. */
export const undeployInputNames = [
  'role-to-assume',
  'aws-region',
  'function-name',
  'working-directory',
  'force',
  'bucket-name',
  'artifact-key',
  'audience',
  'endpoint-url',
] as const

export function parseUndeployInputs(texts: Texts, environment: Texts): Checked<UndeployInputs> {
  const fields = new Fields(texts)
  const endpoints = readEndpoints(fields, environment)
  const role = readRole(fields, 'role-to-assume', true)
  const region = fields.match('aws-region', regionForm, true)
  const bucket = fields.match('bucket-name', bucketForm, false)
  const key = readKey(fields)
  if (fields.text('artifact-key') !== '' && fields.text('bucket-name') === '') {
    fields.missing('bucket-name', 'the bucket that holds `artifact-key`, or leave both out')
  }
  if (role && region && role.partition !== partitionOf(region)) {
    fields.disagree(
      `\`role-to-assume\` is in partition \`${role.partition}\`, region \`${region}\` in \`${partitionOf(region)}\`.`,
      'Give a role and a region of one partition.',
    )
  }
  const rest = {
    functionName: fields.match('function-name', functionNameForm, false),
    workingDirectory: readDirectory(fields),
    force: fields.flag('force'),
    audience: fields.match('audience', audienceForm, false) ?? 'sts.amazonaws.com',
  }
  if (fields.problems.length > 0 || role === undefined || region === undefined) return reject(fields.problems)
  return accept({
    role,
    region,
    ...rest,
    artifact: bucket === undefined ? undefined : { bucket, key },
    endpoints,
  })
}
