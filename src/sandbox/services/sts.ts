// AWS STS: a web identity token becomes a session of a role, and a session learns who it is.
import { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { readPolicyDocument } from '../identity/policydocument.ts'
import { PolicyError } from '../identity/policyerror.ts'
import type { Role } from '../identity/role.ts'
import type { Session } from '../identity/sessions.ts'
import { trusts, trustsCaller } from '../identity/trust.ts'
import { verifyWebIdentity } from '../identity/webidentity.ts'
import { parseJson } from '../json.ts'
import type { Operation, Service } from '../service.ts'
import type { World } from '../world.ts'
import type { XmlNode } from '../xml.ts'
import { answerQuery, readForm, refuseQuery } from './queryprotocol.ts'
import { type AssumeRoleInput, invalid, readAssumeRoleInput } from './stsinput.ts'

export function createStsService(world: World): Service {
  return {
    name: 'sts',
    protocol: 'query',
    understand: (exchange) => understand(exchange, world),
    refuse: refuseQuery,
  }
}

function understand(exchange: Exchange, world: World): Operation {
  const form = readForm(exchange)
  const action = form.get('Action') ?? ''
  if (
    form.get('Version') !== '2011-06-15' ||
    !['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity'].includes(action)
  )
    throw new AwsError(
      'InvalidAction',
      `Could not find operation ${action} for version ${form.get('Version')}`,
    )
  if (action === 'GetCallerIdentity') {
    // AWS asks no permission for it.
    return {
      name: action,
      access: [],
      run: ({ arn, userId, account }) =>
        answerQuery(action, [
          ['Arn', arn],
          ['UserId', userId],
          ['Account', account],
        ]),
    }
  }
  if (action === 'AssumeRole') return understandAssumeRole(form, world)
  return {
    name: action,
    access: [],
    unsigned: true,
    parameters: describe(form),
    run: () => assumeRole(readAssumeRoleInput(form), world),
  }
}

/**
 * For a role the trust policy has the say, whatever the caller's own policies allow. Where it names the account's root
 * AWS asks those too; here the trust policy alone is asked.
 */
function understandAssumeRole(form: URLSearchParams, world: World): Operation {
  // Only the other operation has a token; the constraints of the rest are the same.
  const input = readAssumeRoleInput(new URLSearchParams([...form, ['WebIdentityToken', 'none']]))
  const role = findRole(input.roleArn, world)
  return {
    name: 'AssumeRole',
    access: [],
    parameters: describe(form),
    run: (caller) => {
      if (role === undefined || !trustsCaller(role, caller, { world, sessionName: input.sessionName }))
        throw new AwsError(
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.roleArn}`,
          403,
        )
      const { session, percent } = openSession(role, input, world)
      return answerQuery('AssumeRole', describeSession(session, percent))
    },
  }
}

/** All but the token, which is a credential. */
function describe(form: URLSearchParams): unknown {
  return {
    RoleArn: form.get('RoleArn'),
    RoleSessionName: form.get('RoleSessionName'),
    DurationSeconds: form.get('DurationSeconds'),
    Policy: parseJson(form.get('Policy') ?? 'null'),
  }
}

async function assumeRole(input: AssumeRoleInput, world: World): Promise<Answer> {
  const identity = await verifyWebIdentity(input.token, world)
  const role = findRole(input.roleArn, world)
  // The same words for a role that does not exist and for one that does not trust: AWS tells neither.
  if (role === undefined || !trusts(role, identity, { world, sessionName: input.sessionName }))
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
  const { session, percent } = openSession(role, input, world)
  return answerQuery('AssumeRoleWithWebIdentity', [
    ['SubjectFromWebIdentityToken', identity.subject],
    ['Audience', identity.audience],
    ...describeSession(session, percent),
    ['Provider', identity.provider.arn],
  ])
}

interface OpenedSession {
  readonly session: Session
  /** Of the space for session policies. */
  readonly percent: number | undefined
}

function openSession(role: Role, input: AssumeRoleInput, world: World): OpenedSession {
  if (input.durationSeconds > role.maxSessionDuration)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  const packed = input.policy === undefined ? undefined : packPolicy(input.policy, world)
  const session = world.sessions.create({
    role,
    sessionName: input.sessionName,
    durationSeconds: input.durationSeconds,
    ...(packed === undefined ? {} : { policy: packed.document }),
  })
  return { session, percent: packed?.percent }
}

function findRole(arn: string, world: World): Role | undefined {
  return [...world.roles.values()].find((role) => role.arn === arn)
}

interface PackedPolicy {
  readonly document: unknown
  readonly percent: number
}

/** AWS does not publish how it packs; here the document without its white space counts against the world's limit. */
function packPolicy(text: string, world: World): PackedPolicy {
  const document = parseJson(text)
  if (document === undefined) throw malformed('This policy contains invalid Json')
  try {
    readPolicyDocument(document, 'identity')
  } catch (error) {
    if (error instanceof PolicyError) throw malformed(error.message)
    throw error
  }
  const percent = Math.ceil((100 * JSON.stringify(document).length) / world.packedPolicyLimit)
  if (percent > 100) {
    const message = `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
    throw new AwsError('PackedPolicyTooLarge', message)
  }
  return { document, percent }
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message)
}

function describeSession(session: Session, percent: number | undefined): readonly XmlNode[] {
  const { credentials, caller } = session
  return [
    [
      'AssumedRoleUser',
      [
        ['Arn', caller.arn],
        ['AssumedRoleId', caller.userId],
      ],
    ],
    [
      'Credentials',
      [
        ['AccessKeyId', credentials.accessKeyId],
        ['SecretAccessKey', credentials.secretAccessKey],
        ['SessionToken', credentials.sessionToken],
        ['Expiration', new Date(credentials.expiration).toISOString()],
      ],
    ],
    ['PackedPolicySize', percent],
  ]
}
