// The doctor's round: token, role, bucket, build and functions, each looked at without deploying anything.
import { createHash } from 'node:crypto'
import type { RunContext } from '../context.ts'
import type { Identity } from '../host.ts'
import type { DeployInputs } from '../inputs.ts'
import { makeSessionName } from '../names.ts'
import { sessionPolicyOf } from '../sessionpolicy.ts'
import type { PolicySources } from '../setup/policy.ts'
import type { Target } from '../target.ts'
import { attempt } from './attempt.ts'
import { type BucketQuestion, examineBucket, removeProbe } from './bucket.ts'
import { examineBuild } from './build.ts'
import { type Check, failed, passed, untold } from './check.ts'
import type { DoctorCloud, DoctorHost, ProbePlace } from './cloud.ts'
import { examineFunctions } from './functions.ts'
import { createRemedies } from './statement.ts'

export interface DoctorRequest {
  readonly inputs: DeployInputs
  readonly target: Target
  readonly context: RunContext
  /** Text of the probe's buildspec. */
  readonly buildspec: string
  readonly sources: PolicySources
}

/** Looks at the whole chain. Rejects only when the run is cancelled, or for a defect of ours. */
export async function diagnose(request: DoctorRequest, host: DoctorHost): Promise<readonly Check[]> {
  const nonce = host.random(4)
  const token = await checkToken(request, host)
  if (token.verdict.kind === 'fail') return [token, ...notReached()]
  host.tell({ kind: 'step', text: `Assuming ${request.target.role.arn}` })
  const opened = await attempt(host.open(identityOf(request, nonce)))
  const title = 'The role trusts the token, in the account that its ARN names'
  if (!opened.ok) {
    const { code, detail, help, entry } = opened.refusal
    return [token, failed('role', title, { code, detail, help: help ?? entry.remedy }), ...notReached()]
  }
  const role = passed('role', title, request.target.role.arn)
  return [
    token,
    role,
    conditions(request.target),
    ...(await examineAccount(request, host, { cloud: opened.value, nonce })),
  ]
}

async function checkToken({ inputs }: DoctorRequest, host: DoctorHost): Promise<Check> {
  const title = 'There is an OIDC token'
  const answer = await attempt(host.readClaims(inputs.audience))
  if (!answer.ok) {
    const { code, detail, help, entry } = answer.refusal
    return failed('token', title, { code, detail, help: help ?? entry.remedy })
  }
  const claims = answer.value
  if (claims === 'own identity')
    return untold('token', title, { reason: 'You use your own credentials; a run on GitHub has a token.' })
  if (claims === undefined)
    return untold('token', title, { reason: 'The token cannot be read here; AWS will judge it.' })
  return passed('token', title, `sub=${claims.sub} aud=${claims.aud.join(',')} iss=${claims.iss}`)
}

/** The trust policy itself is nothing that the role may read. */
function conditions({ role }: Target): Check {
  return untold('trust-conditions', 'The trust policy compares `sub` and `aud`', {
    reason: 'A role whose trust policy has no conditions trusts every repository, and works.',
    permission: `iam:GetRole for yourself: aws iam get-role --role-name ${role.name} --query Role.AssumeRolePolicyDocument`,
  })
}

interface Opened {
  readonly cloud: DoctorCloud
  readonly nonce: string
}

async function examineAccount(
  request: DoctorRequest,
  host: DoctorHost,
  { cloud, nonce }: Opened,
): Promise<readonly Check[]> {
  const { inputs, target } = request
  const remedies = createRemedies(request.sources, target, inputs.artifactKey)
  host.tell({ kind: 'step', text: `Looking at the bucket ${target.bucket}` })
  const question: BucketQuestion = {
    cloud,
    remedies,
    artifact: placeOf(target, inputs.artifactKey),
    spare: placeOf(target, spareKey(inputs.artifactKey, nonce)),
    region: target.region,
  }
  const bucket = await examineBucket(question)
  try {
    const build = await examineBuild({
      cloud,
      host,
      remedies,
      order: orderOf(request, nonce, host.random(16)),
      patience: (2 * inputs.buildTimeoutMinutes + 5) * 60_000,
    })
    host.tell({ kind: 'step', text: 'Asking Lambda about a function that does not exist' })
    const functions = await examineFunctions({ cloud, remedies, probe: probeName(nonce) })
    const removed = bucket.left === undefined ? [] : [await removeProbe(question, bucket.left)]
    return [...bucket.checks, ...removed, ...build, ...functions]
  } catch (error) {
    if (bucket.left !== undefined) await removeProbe(question, bucket.left)
    throw error
  }
}

function placeOf(target: Target, key: string): ProbePlace {
  return { bucket: target.bucket, key, owner: target.role.account }
}

function spareKey(key: string, nonce: string): string {
  return `${key}.dcf-doctor-${nonce}`
}

function probeName(nonce: string): string {
  return `dcf-doctor-${nonce}`
}

function identityOf({ inputs, target, context }: DoctorRequest, nonce: string): Identity {
  const { repository, runId, attempt: count } = context
  return {
    roleArn: target.role.arn,
    region: target.region,
    audience: inputs.audience,
    sessionName: makeSessionName({ repository, runId, attempt: count }),
    sessionPolicy: sessionPolicyOf({
      partition: target.role.partition,
      account: target.role.account,
      region: target.region,
      functionName: probeName(nonce),
      bucket: target.bucket,
      key: inputs.artifactKey,
      spareKey: spareKey(inputs.artifactKey, nonce),
      project: target.project,
    }),
  }
}

function orderOf({ inputs, target, buildspec }: DoctorRequest, nonce: string, seed: string) {
  const name = probeName(nonce)
  const order = {
    project: target.project,
    buildspec,
    variables: {
      S3_BUCKET: target.bucket,
      S3_KEY: inputs.artifactKey,
      AWS_REGION: target.region,
      ECR_REPOSITORY_URI: target.repository.uri,
      LAMBDA_EXECUTION_ROLE_ARN: target.executionRole.arn,
      DCF_BUCKET_OWNER: target.role.account,
      DCF_DOCTOR_FUNCTION: name,
      DCF_DOCTOR_FUNCTION_ARN: `arn:${target.role.partition}:lambda:${target.region}:${target.role.account}:function:${name}`,
    },
    timeoutMinutes: inputs.buildTimeoutMinutes,
  }
  const idempotencyToken = createHash('sha256')
    .update(JSON.stringify([seed, order]))
    .digest('hex')
  return { ...order, idempotencyToken }
}

/** Everything behind a door that did not open. */
function notReached(): readonly Check[] {
  const reason = 'It takes a session of the role.'
  return [
    untold('bucket-region', 'The bucket', { reason }),
    untold('build-start', 'The build, and all that it may do', { reason }),
    untold('function-statement', 'Functions', { reason }),
  ]
}
