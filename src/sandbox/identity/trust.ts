// Whether a role's trust policy lets the bearer of a web identity token in.
import type { Caller } from '../service.ts'
import type { World } from '../world.ts'
import { weigh } from './policy.ts'
import { readPolicyDocument } from './policydocument.ts'
import { createContext } from './policypattern.ts'
import type { Role } from './role.ts'
import type { WebIdentity } from './webidentity.ts'

/** Claims that AWS offers to trust policies under the provider's name, besides `sub` and `aud`. */
const CLAIM_KEYS = [
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'workflow',
]

/** Throws PolicyError for a trust policy that cannot be judged. */
export function trusts(
  role: Role,
  identity: WebIdentity,
  request: { readonly world: World; readonly sessionName: string },
): boolean {
  const { world, sessionName } = request
  const now = world.clock.now()
  const verdict = weigh([readPolicyDocument(role.trust, 'trust')], {
    principal: { kind: 'federated', arn: identity.provider.arn },
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: role.arn,
    context: createContext({
      'aws:CurrentTime': [new Date(now).toISOString()],
      'aws:EpochTime': [String(Math.floor(now / 1000))],
      'aws:FederatedProvider': [identity.provider.arn],
      'aws:SecureTransport': ['true'],
      'aws:SourceIp': ['127.0.0.1'],
      'sts:RoleSessionName': [sessionName],
      ...claimContext(identity),
    }),
  })
  return verdict.allowed && !verdict.denied
}

/** Whether a trust policy lets a session of another role in. Throws PolicyError for one that cannot be judged. */
export function trustsCaller(
  role: Role,
  caller: Caller,
  request: { readonly world: World; readonly sessionName: string },
): boolean {
  const roleArn = request.world.roles.get(caller.roleName)?.arn ?? ''
  const verdict = weigh([readPolicyDocument(role.trust, 'trust')], {
    principal: { kind: 'session', account: caller.account, roleArn, arn: caller.arn },
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: createContext({
      'aws:PrincipalAccount': [caller.account],
      'aws:PrincipalArn': [roleArn],
      'aws:SecureTransport': ['true'],
      'sts:RoleSessionName': [request.sessionName],
    }),
  })
  return verdict.allowed && !verdict.denied
}

function claimContext({
  provider,
  subject,
  audience,
  claims,
}: WebIdentity): Record<string, readonly string[]> {
  const prefix = provider.issuer.replace(/^https?:\/\//, '')
  const context: Record<string, readonly string[]> = {
    [`${prefix}:sub`]: [subject],
    [`${prefix}:aud`]: [audience],
  }
  for (const name of CLAIM_KEYS) {
    const value = claims[name]
    if (typeof value === 'string') context[`${prefix}:${name}`] = [value]
  }
  return context
}
