// What the role may do to functions, asked about one that does not exist, so that nothing can change.

import { attempt } from './attempt.ts'
import { type Check, failed, passed, untold } from './check.ts'
import type { DoctorCloud } from './cloud.ts'
import { type Remedies, writeStatements } from './statement.ts'

export interface FunctionQuestion {
  readonly cloud: DoctorCloud
  readonly remedies: Remedies
  /** Name of a function that does not exist. */
  readonly probe: string
}

export async function examineFunctions(question: FunctionQuestion): Promise<readonly Check[]> {
  return [await checkStatement(question), await checkPublicAccess(question)]
}

async function checkStatement({ cloud, remedies, probe }: FunctionQuestion): Promise<Check> {
  const id = 'function-statement'
  const title = 'The role may look at functions and remove them'
  const looked = await attempt(cloud.look(probe))
  const calls: readonly (readonly [string, Promise<unknown>])[] = [
    ['lambda:GetFunctionUrlConfig', cloud.lookForUrl(probe)],
    ['lambda:DeleteFunctionUrlConfig', cloud.removeUrl(probe)],
    ['lambda:RemovePermission', cloud.removePermission(probe, 'DcfFunctionUrlPublic')],
    ['lambda:DeleteFunction', cloud.removeFunction(probe)],
  ]
  const missing = looked.ok && looked.value.kind === 'hidden' ? ['lambda:GetFunction'] : []
  const troubles: string[] = looked.ok ? [] : [looked.refusal.detail]
  for (const [action, call] of calls) {
    const answer = await attempt(call)
    if (answer.ok) continue
    if (answer.refusal.code === 'DCF-AWS-DENIED' || answer.refusal.code === 'DCF-UNDEPLOY-DENIED')
      missing.push(action)
    else troubles.push(answer.refusal.detail)
  }
  if (missing.length > 0)
    return failed(id, title, {
      code: 'DCF-UNDEPLOY-DENIED',
      detail: `The role lacks ${missing.join(', ')}. Deployments work without them, with an unverified URL; undeploy does not.`,
      help: 'Add this statement to the role.',
      statement: writeStatements(remedies, 'deploy role', missing),
    })
  if (troubles.length > 0) return untold(id, title, { reason: troubles.join(' ') })
  return passed(id, title, 'asked about a function that does not exist')
}

async function checkPublicAccess({ cloud, remedies, probe }: FunctionQuestion): Promise<Check> {
  const id = 'function-policy'
  const title = 'Optional: the role may verify that the function is public'
  const answer = await attempt(cloud.readPublicAccess(probe))
  if (!answer.ok) return untold(id, title, { reason: answer.refusal.detail })
  if (answer.value.kind === 'shown') return passed(id, title, 'asked about a function that does not exist')
  return untold(id, title, {
    reason: 'The role may not read resource policies; the health check of the build tells instead.',
    permission: 'lambda:GetPolicy for the role that the action assumes (optional)',
    statement: writeStatements(remedies, 'deploy role', ['lambda:GetPolicy']),
  })
}
