// The probe build: started, followed, its findings read, and what the role may do to builds and logs.
import { type BuildSnapshot, explainBuild } from '../build.ts'
import { entryOf } from '../catalogue.ts'
import type { BuildOrder } from '../cloud.ts'
import { Refusal } from '../refusal.ts'
import { StatusWatch } from '../statuswatch.ts'
import { attempt } from './attempt.ts'
import { type Check, failed, passed, untold } from './check.ts'
import type { DoctorCloud, DoctorHost } from './cloud.ts'
import { judgeFindings, parseFindings } from './findings.ts'
import { type Remedies, writeStatements } from './statement.ts'

export interface BuildQuestion {
  readonly cloud: DoctorCloud
  readonly host: DoctorHost
  readonly remedies: Remedies
  readonly order: BuildOrder
  /** Milliseconds to wait for the end. */
  readonly patience: number
}

const titles = {
  start: 'The role may start a build, and watch it',
  log: "Optional: the role may read the build's log",
  stop: 'Optional: the role may stop a build',
}
const interval = 3000

export async function examineBuild(question: BuildQuestion): Promise<readonly Check[]> {
  const { cloud, host, order, remedies } = question
  host.tell({ kind: 'step', text: `Starting a probe build of ${order.project}` })
  const started = await attempt(cloud.startBuild(order))
  if (!started.ok) return [explainStart(started.refusal, remedies), ...judgeFindings(new Map(), remedies)]
  const ended = await attempt(waitFor(question, started.value))
  if (!ended.ok) return [explainStart(ended.refusal, remedies), ...judgeFindings(new Map(), remedies)]
  const build = ended.value
  const findings = parseFindings(build.exported['DCF_DOCTOR'] ?? '')
  return [
    judgeEnd(build),
    ...judgeFindings(findings, remedies),
    await checkLog(question, build),
    await checkStop(question, build),
  ]
}

async function waitFor(
  { cloud, host, patience }: BuildQuestion,
  started: BuildSnapshot,
): Promise<BuildSnapshot> {
  const deadline = host.now() + patience
  const status = new StatusWatch(cloud, host, started)
  let build = started
  while (!build.isOver) {
    if (host.now() > deadline)
      throw new Refusal('DCF-FOLLOW-TIMED-OUT', {
        detail: `The probe build ${build.id} did not end in time.`,
      })
    await host.sleep(interval)
    build = (await status.read()).build
  }
  return build
}

function judgeEnd(build: BuildSnapshot): Check {
  const failure = explainBuild(build)
  if (failure === undefined) return passed('build-start', titles.start, build.id)
  const { code, detail } = failure
  return failed('build-start', titles.start, { code, detail, help: entryOf(code).remedy })
}

function explainStart(refusal: Refusal, remedies: Remedies): Check {
  const isDenied = refusal.code === 'DCF-BUILD-DENIED'
  const actions = ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'].filter(
    (action) =>
      refusal.detail.includes(action) || refusal.detail.startsWith(action.slice('codebuild:'.length)),
  )
  return failed('build-start', titles.start, {
    code: refusal.code,
    detail: refusal.detail,
    help: refusal.help ?? refusal.entry.remedy,
    statement: isDenied ? writeStatements(remedies, 'deploy role', actions) : undefined,
  })
}

async function checkLog({ cloud, remedies }: BuildQuestion, build: BuildSnapshot): Promise<Check> {
  const id = 'build-log'
  if (build.log.kind !== 'stream')
    return untold(id, titles.log, { reason: 'The project writes no log to CloudWatch Logs.' })
  const page = await attempt(cloud.readLog(build.log, {}))
  if (!page.ok) return untold(id, titles.log, { reason: page.refusal.detail })
  if (page.value.kind === 'page') return passed(id, titles.log, build.log.group)
  if (page.value.kind === 'absent')
    return untold(id, titles.log, { reason: `The log group ${build.log.group} has no stream of this build.` })
  return untold(id, titles.log, {
    reason: 'The role may not read it; deployments show phases and their messages instead.',
    permission: 'logs:GetLogEvents for the role that the action assumes (optional)',
    statement: writeStatements(remedies, 'deploy role', ['logs:GetLogEvents']),
  })
}

/** Stopping a build that is over changes nothing, and tells whether it would be allowed. */
async function checkStop({ cloud, remedies }: BuildQuestion, build: BuildSnapshot): Promise<Check> {
  const id = 'build-stop'
  const stopped = await attempt(cloud.stopBuild(build.id))
  if (stopped.ok && stopped.value) return passed(id, titles.stop, build.id)
  if (!stopped.ok) return untold(id, titles.stop, { reason: stopped.refusal.detail })
  return untold(id, titles.stop, {
    reason: 'The role may not stop builds; a cancelled run stops its build at the fence before the function.',
    permission: 'codebuild:StopBuild for the role that the action assumes (optional)',
    statement: writeStatements(remedies, 'deploy role', ['codebuild:StopBuild']),
  })
}
