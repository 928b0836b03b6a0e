// The story of taking a function away again: Function URL, public permissions, function, and nothing of anybody else.
import type { Cloud, Removal } from './cloud.ts'
import type { RunContext } from './context.ts'
import type { Host } from './host.ts'
import type { Live } from './live.ts'
import { readMark } from './mark.ts'
import { makeSessionName, sanitizeFunctionName } from './names.ts'
import type { Outcome } from './outcome.ts'
import { judgeOwnership } from './ownership.ts'
import { runPrefixOf } from './plan.ts'
import type { Problem } from './problem.ts'
import { Refusal } from './refusal.ts'
import { sessionPolicyOf } from './sessionpolicy.ts'
import type { UndeployInputs } from './undeployinputs.ts'

export interface UndeployRequest {
  readonly inputs: UndeployInputs
  readonly context: RunContext
}

/** Statement ids: the buildspec's own two, then those that the Lambda console has used. */
export const statementIds = [
  'DcfFunctionUrlPublic',
  'DcfFunctionInvokePublic',
  'FunctionURLAllowPublicAccess',
  'FunctionURLInvokeAllowPublicAccess',
  'FunctionURLAllowInvokeAction',
] as const

/** How long the function may still be shown after DeleteFunction, in milliseconds. */
const goneWithin = 60_000

/** Never throws for what somebody outside does: it returns how the run ended. A second run finishes what a first could not. */
export async function undeploy(request: UndeployRequest, host: Host): Promise<Outcome> {
  const { inputs } = request
  const named = await findName(inputs, host)
  if (typeof named !== 'string') return { kind: 'rejected', problems: named }
  host.publish({ functionName: named, region: inputs.region, account: inputs.role.account })
  const removed: string[] = []
  try {
    return await run(request, named, removed, host)
  } catch (error) {
    host.publish({ removed })
    const done =
      removed.length === 0
        ? 'Nothing was removed.'
        : `Removed so far: ${removed.join(', ')}. Run it again to finish.`
    if (host.signal.aborted)
      return { kind: 'cancelled', refusal: new Refusal('DCF-CANCELLED', { detail: done }) }
    if (!(error instanceof Refusal)) throw error
    host.tell({ kind: 'note', text: done })
    return { kind: 'refused', refusal: error, annotations: [] }
  }
}

async function findName(inputs: UndeployInputs, host: Host): Promise<string | readonly Problem[]> {
  if (inputs.functionName !== undefined) return inputs.functionName
  const source = await host.inspect({ directory: inputs.workingDirectory, include: [], exclude: [] })
  if (source.name !== undefined && source.name !== '') return sanitizeFunctionName(source.name)
  return [
    {
      code: 'DCF-INPUT-MISSING',
      severity: 'error',
      message:
        '`function-name` has no value, and no name can be read from pubspec.yaml in `working-directory`.',
      help: 'Give `function-name`, or check out the repository before this step.',
    },
  ]
}

async function run(request: UndeployRequest, name: string, removed: string[], host: Host): Promise<Outcome> {
  const { inputs, context } = request
  host.tell({ kind: 'step', text: `Assuming ${inputs.role.arn}` })
  const cloud = await host.connect({
    roleArn: inputs.role.arn,
    region: inputs.region,
    audience: inputs.audience,
    sessionName: makeSessionName({
      repository: context.repository,
      runId: context.runId,
      attempt: context.attempt,
    }),
    sessionPolicy: sessionPolicyOf({
      partition: inputs.role.partition,
      account: inputs.role.account,
      region: inputs.region,
      functionName: name,
      ...inputs.artifact,
    }),
  })
  host.tell({ kind: 'step', text: `Looking at the live function ${name}` })
  const live = await cloud.look(name)
  refuseForeign(live, name, request)
  await withdraw(cloud, name, request, removed, host)
  if (live.kind !== 'absent') await removeAll(cloud, name, removed, host)
  host.publish({ removed, remaining: remainingOf(name) })
  return { kind: removed.some((thing) => thing !== 'artifact') ? 'removed' : 'absent' }
}

/** Throws Refusal unless the function is this repository's (or this pull request's). */
function refuseForeign(live: Live, name: string, { inputs, context }: UndeployRequest): void {
  if (live.kind === 'absent') return
  const claim = { repositoryId: context.repositoryId, pullRequest: context.pullRequest, force: inputs.force }
  if (live.kind === 'hidden') {
    if (inputs.force && claim.pullRequest === '-') return
    throw new Refusal('DCF-UNDEPLOY-UNSEEN', {
      detail: `The mark of \`${name}\` cannot be read: ${live.reason}`,
    })
  }
  const ownership = judgeOwnership(readMark(live.function.description), claim)
  if (ownership === 'of another pull request') {
    throw new Refusal('DCF-FUNCTION-PULL-REQUEST', {
      detail: `The function \`${name}\` does not carry the mark of pull request ${claim.pullRequest}.`,
    })
  }
  if (ownership === 'foreign') {
    throw new Refusal('DCF-FUNCTION-FOREIGN', {
      detail: `The function \`${name}\` does not carry the mark of repository ${claim.repositoryId}.`,
    })
  }
}

/** First of all: a build under way would otherwise make the function again. */
async function withdraw(
  cloud: Cloud,
  name: string,
  { inputs, context }: UndeployRequest,
  removed: string[],
  host: Host,
): Promise<void> {
  if (inputs.artifact === undefined) return
  host.tell({
    kind: 'step',
    text: `Withdrawing the artifact s3://${inputs.artifact.bucket}/${inputs.artifact.key}`,
  })
  const destination = { ...inputs.artifact, owner: inputs.role.account, functionName: name, run: '-' }
  const isForced = inputs.force && context.pullRequest === '-'
  const isOurs = (run: string) =>
    isForced ||
    run.startsWith(runPrefixOf(context)) ||
    (context.pullRequest === '-' && run.startsWith(`${context.repositoryId}/`))
  if (await cloud.withdrawFunction(destination, isOurs)) removed.push('artifact')
  else host.tell({ kind: 'note', text: 'There is no artifact of this function to withdraw.' })
}

async function removeAll(cloud: Cloud, name: string, removed: string[], host: Host): Promise<void> {
  const note = (thing: string, removal: Removal) => {
    if (removal === 'removed') removed.push(thing)
    host.publish({ removed: [...removed] })
  }
  host.tell({ kind: 'step', text: `Removing the Function URL of ${name}` })
  note('function-url', await cloud.removeUrl(name))
  host.tell({ kind: 'step', text: 'Removing the public permissions' })
  for (const id of statementIds) note(`permission ${id}`, await cloud.removePermission(name, id))
  host.tell({ kind: 'step', text: `Removing the function ${name}` })
  note('function', await cloud.removeFunction(name))
  await untilGone(cloud, name, host)
}

/**
 * DeleteFunction may be answered before the function is gone (state `Deleting`), or with something that is no answer of
 * Lambda's: while it is shown it is deleted again, which changes nothing where it is under way.
 */
async function untilGone(cloud: Cloud, name: string, host: Host): Promise<void> {
  const deadline = host.now() + goneWithin
  while ((await cloud.look(name)).kind === 'present') {
    if (host.now() >= deadline)
      throw new Refusal('DCF-UNDEPLOY-INCOMPLETE', {
        detail: `Lambda still shows \`${name}\` a minute after DeleteFunction.`,
      })
    await host.sleep(2000)
    await cloud.removeFunction(name).catch(passConflict)
  }
}

/** A function in state `Deleting` refuses a second deletion: the first one is under way. */
function passConflict(error: unknown): void {
  if (!(error instanceof Refusal) || error.code !== 'DCF-UNDEPLOY-CONFLICT') throw error
}

function remainingOf(name: string): readonly string[] {
  return ['images in ECR', `log group /aws/lambda/${name}`, 'execution role']
}
