// The gate before every operation: the caller's role, its session policy and the resource's policy are asked, and AWS's words say no.
import { AwsError } from '../awserror.ts'
import type { Access, Caller, Service } from '../service.ts'
import type { Permits, PermitsPrincipal } from '../services/permission.ts'
import type { World } from '../world.ts'
import { type Decision, decide, weigh } from './policy.ts'
import { readPolicyDocument } from './policydocument.ts'
import { type Context, createContext } from './policypattern.ts'
import type { Principal } from './policyprincipal.ts'

/** Throws AccessDenied, in the words and under the code of the service's protocol, when the access is not allowed. */
export function authorize(world: World, caller: Caller, access: Access, protocol: Service['protocol']): void {
  const decision = judge(world, caller, access)
  if (decision.kind === 'allowed') return
  throw deny(explain(decision, caller, access), protocol)
}

/** "No" under the code and status of each protocol. */
export function deny(message: string, protocol: Service['protocol']): AwsError {
  const isOld = protocol === 'rest-xml' || protocol === 'query'
  const code = isOld ? 'AccessDenied' : 'AccessDeniedException'
  return new AwsError(code, message, protocol === 'json' ? 400 : 403)
}

/** What the services ask while they work. */
export function createPermits(world: World): Permits {
  return (caller, access) => judge(world, caller, access).kind === 'allowed'
}

/** A policy that stands at a resource or a role, asked about a service or about everybody. */
export const permitsPrincipal: PermitsPrincipal = ({ policy, principal, access }) => {
  const document = readPolicyDocument(policy, access.action.startsWith('sts:') ? 'trust' : 'resource')
  const isService = principal !== '*'
  const who: Principal = isService ? { kind: 'service', name: principal } : { kind: 'anonymous' }
  const context = createContext({
    ...TRANSPORT,
    'aws:PrincipalIsAWSService': [String(isService)],
    ...(isService ? { 'aws:PrincipalServiceName': [principal] } : {}),
    ...access.context,
  })
  const verdict = weigh([document], {
    principal: who,
    action: access.action,
    resource: access.resource,
    context,
  })
  return verdict.allowed && !verdict.denied
}

/** The sandbox stands in for endpoints with TLS, and listens on loopback only. */
const TRANSPORT = { 'aws:SecureTransport': ['true'], 'aws:SourceIp': ['127.0.0.1'] } as const

function judge(world: World, caller: Caller, access: Access): Decision {
  const session = world.sessions.findByCaller(caller)
  if (session === undefined) return { kind: 'missing', from: 'identity-based' }
  const { role, policy } = session
  return decide(
    {
      principal: { kind: 'session', account: caller.account, roleArn: role.arn, arn: caller.arn },
      action: access.action,
      resource: access.resource,
      context: contextOf(world, caller, access, role.arn),
    },
    {
      // Read afresh each time: a test may change a role between two requests.
      identity: [...role.policies.values()].map((document) => readPolicyDocument(document, 'identity')),
      ...(policy === undefined ? {} : { session: readPolicyDocument(policy, 'identity') }),
      foreign: access.owner !== undefined && access.owner !== caller.account,
      ...(access.resourcePolicy === undefined
        ? {}
        : { resource: readPolicyDocument(access.resourcePolicy, 'resource') }),
    },
  )
}

/** The global condition keys of a request of a role's session, and the operation's own. */
function contextOf(world: World, caller: Caller, access: Access, roleArn: string): Context {
  const now = world.clock.now()
  return createContext({
    'aws:CurrentTime': [new Date(now).toISOString()],
    'aws:EpochTime': [String(Math.floor(now / 1000))],
    'aws:PrincipalAccount': [caller.account],
    'aws:PrincipalArn': [roleArn],
    'aws:PrincipalType': ['AssumedRole'],
    'aws:PrincipalIsAWSService': ['false'],
    'aws:RequestedRegion': [world.region],
    ...TRANSPORT,
    'aws:userid': [caller.userId],
    'aws:ViaAWSService': ['false'],
    ...access.context,
  })
}

function explain(decision: Exclude<Decision, { kind: 'allowed' }>, caller: Caller, access: Access): string {
  // Between accounts S3 does not say why.
  if (decision.kind === 'missing' && decision.from === 'resource-based') return 'Access Denied'
  // S3 puts the resource between double quotes, the other services do not.
  const resource = access.action.startsWith('s3:') ? `"${access.resource}"` : access.resource
  const refused = `User: ${caller.arn} is not authorized to perform: ${access.action} on resource: ${resource}`
  if (decision.kind === 'denied') return `${refused} with an explicit deny in ${articled(decision.by)} policy`
  return `${refused} because no ${decision.from} policy allows the ${access.action} action`
}

function articled(kind: string): string {
  return kind === 'identity-based' ? `an ${kind}` : `a ${kind}`
}
