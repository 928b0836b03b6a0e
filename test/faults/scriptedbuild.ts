// Builds that keep the contract of the fence without Docker: they look at the artifact as the buildspec does, log what
// they are told to log, and touch the function only past the fence.

import type { BuildEnd, BuildJob, BuildListener, RunBuild } from '../../src/sandbox/runner/job.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'

export interface BuildRecord {
  readonly id: string
  /** Milliseconds since 1970. */
  passedFence?: number
  ended?: number
  status?: string
}

export interface BuildScript {
  readonly lines: readonly string[]
  /** Milliseconds before the first look at the artifact, then until the fence, then until the end. */
  readonly download: number
  readonly work: number
  readonly finish: number
  /** The build of the image fails after the lines, with this exit status and code. */
  readonly failure?: { readonly status: number; readonly code: string }
}

/** `sandbox` is asked when a build begins, as it starts with this runner. */
export function scriptBuilds(sandbox: () => Sandbox, script: BuildScript, records: BuildRecord[]): RunBuild {
  return async (job, listener, signal) => {
    const record: BuildRecord = { id: job.id }
    records.push(record)
    const end = await run({ job, listener, signal, record, script, world: sandbox().world })
    record.ended = Date.now()
    record.status = end.status
    return end
  }
}

interface Run {
  readonly job: BuildJob
  readonly listener: BuildListener
  readonly signal: AbortSignal
  readonly record: BuildRecord
  readonly script: BuildScript
  readonly world: Sandbox['world']
}

async function run({ job, listener, signal, record, script, world }: Run): Promise<BuildEnd> {
  const variable = (name: string) => job.variables.find((one) => one.name === name)?.value ?? ''
  const stopped: BuildEnd = { status: 'STOPPED', exported: [] }
  const fail = (status: number, code: string): BuildEnd => {
    listener.line(`[dcf] error ${code}`)
    const message = `Error while executing command: (exit "$DCF_STATUS"). Reason: exit status ${status}`
    listener.phaseEnded('BUILD', 'FAILED', [{ statusCode: 'COMMAND_EXECUTION_ERROR', message }])
    return { status: 'FAILED', exported: [{ name: 'DCF_ERROR_CODE', value: code }] }
  }
  const holder = () => world.buckets.get(variable('S3_BUCKET'))?.objects.get(variable('S3_KEY'))
  /** As the buildspec's `owner`. */
  const judge = (): BuildEnd | undefined => {
    const found = holder()
    if (found === undefined) return fail(42, 'DCF-FENCE-CLOSED')
    if (found.metadata['dcf-function'] !== variable('FUNCTION_NAME')) return undefined
    if (found.metadata['dcf-withdrawn'] === 'true') return fail(17, 'DCF-WITHDRAWN')
    return found.metadata['dcf-run'] === variable('DCF_RUN') ? undefined : fail(16, 'DCF-SUPERSEDED')
  }
  listener.phaseStarted('BUILD')
  if (!(await pause(script.download, signal))) return stopped
  if (holder()?.etag !== variable('DCF_ARTIFACT_ETAG')) return judge() ?? fail(18, 'DCF-ARTIFACT-REPLACED')
  for (const line of script.lines) {
    listener.line(line)
    if (!(await pause(script.work / Math.max(script.lines.length, 1), signal))) return stopped
  }
  if (script.failure !== undefined) return fail(script.failure.status, script.failure.code)
  const fenced = judge()
  if (fenced !== undefined) return fenced
  record.passedFence = Date.now()
  const url = publish(world, variable)
  if (!(await pause(script.finish, signal))) return stopped
  listener.phaseEnded('BUILD', 'SUCCEEDED', [])
  const digest = `sha256:${'a'.repeat(64)}`
  const exported = {
    FUNCTION_URL: url,
    FUNCTION_ARN: `arn:aws:lambda:${job.region}:${job.account}:function:${variable('FUNCTION_NAME')}`,
    IMAGE_URI: `${variable('ECR_REPOSITORY_URI')}@${digest}`,
    IMAGE_DIGEST: digest,
  }
  return { status: 'SUCCEEDED', exported: Object.entries(exported).map(([name, value]) => ({ name, value })) }
}

function publish(world: Sandbox['world'], variable: (name: string) => string): string {
  const mark = `dcf/aws-lambda-deploy repo=${variable('DCF_REPOSITORY_ID')} pr=${variable('DCF_PULL_REQUEST')} src=${variable('DCF_SOURCE_DIGEST').slice(0, 16)} cfg=${variable('DCF_CONFIG_DIGEST')} img=${'a'.repeat(16)}`
  return placeFunction(world, variable('FUNCTION_NAME'), mark)
}

/** A function of ours with a public URL; answers the URL. */
export function placeFunction(world: Sandbox['world'], name: string, description: string): string {
  const { account, region, partition } = world
  const now = world.clock.now()
  const role = `arn:aws:iam::${account}:role/lambda-execution-role`
  const made = createForeignFunction({
    name,
    account,
    region,
    partition,
    now,
    role,
    packageType: 'Image',
    description,
  })
  const url = 'http://127.0.0.1:9/'
  made.url = {
    url,
    authType: 'NONE',
    invokeMode: 'BUFFERED',
    created: now,
    modified: now,
    close: async () => undefined,
  }
  const statement = { Effect: 'Allow', Principal: '*', Resource: made.arn } as const
  made.policy.push(
    {
      Sid: 'DcfFunctionUrlPublic',
      Action: 'lambda:InvokeFunctionUrl',
      ...statement,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
    {
      Sid: 'DcfFunctionInvokePublic',
      Action: 'lambda:InvokeFunction',
      ...statement,
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
  )
  world.functions.set(name, made)
  return url
}

/** False if the build was stopped meanwhile. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve(false)
      },
      { once: true },
    )
  })
}
