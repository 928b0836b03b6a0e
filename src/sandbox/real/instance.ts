// One instance of a function: a container that takes one call at a time, from its start to its end.
import { randomBytes } from 'node:crypto'
import type { LambdaFunction } from '../services/function.ts'
import type { InvokeOutcome } from '../services/functionurl/invoker.ts'
import { askAddress, describeContainer, type Plant, type Start } from './container.ts'
import { type FunctionLog, openFunctionLog } from './functionlog.ts'
import { openRuntimeApi, type RuntimeApi } from './runtimeapi.ts'
import type { RuntimeResult } from './runtimestate.ts'
import { assembleStream } from './streamed.ts'

export interface Call {
  readonly requestId: string
  /** JSON text. */
  readonly event: string
  readonly traceId: string
  /** Milliseconds. */
  readonly timeout: number
}

export interface Instance {
  /** An error outcome that ends the instance leaves `isOver` true. */
  invoke(call: Call): Promise<InvokeOutcome>
  isOver(): boolean
  stop(reason: 'spindown' | 'timeout' | 'failure'): Promise<void>
}

/** A start that did not come to its end. `Init.Timedout` may be tried again. */
export class StartFailure extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.name = 'StartFailure'
    this.type = type
  }
}

/** What Lambda grants an instance between SIGTERM and SIGKILL, in seconds (Lambda execution environment, shutdown phase). */
const SHUTDOWN_SECONDS = 2

/** @throws StartFailure */
export async function startInstance(start: Start, plant: Plant): Promise<Instance> {
  const { fn, patience } = start
  const log = openFunctionLog(fn.name, plant.world)
  const api = await openRuntimeApi(plant.gateway, { functionName: fn.name, accountId: plant.world.account })
  const body: Body = {
    start,
    plant,
    log,
    api,
    name: `dcf-${fn.name}-${randomBytes(6).toString('hex')}`,
    over: false,
  }
  try {
    await plant.docker.must(
      describeContainer(start, plant, { name: body.name, runtimeApi: api.address, log }),
    )
    api.admit(await plant.docker.must(askAddress(body.name)))
    const ended = watch(body)
    const broken = startExtensions(body)
    broken.catch(() => undefined)
    await within(patience, Promise.race([api.state.initialised, ended.then(failStart), broken]))
    return {
      invoke: (call) => invoke(call, body, ended),
      isOver: () => body.over,
      stop: (why) => stop(body, why),
    }
  } catch (error) {
    await stop(body, 'failure')
    const failure =
      error instanceof StartFailure ? error : new StartFailure('Runtime.InvalidEntrypoint', textOf(error))
    log.write(`INIT_REPORT Status: error Error Type: ${failure.type} ${failure.message}`)
    throw failure
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What makes up an instance inside. */
interface Body {
  readonly start: Start
  readonly plant: Plant
  readonly log: FunctionLog
  readonly api: RuntimeApi
  readonly name: string
  over: boolean
}

/** Follows the container's output into the log; resolves with the exit status when the container has ended. */
async function watch(body: Body): Promise<number> {
  const { docker } = body.plant
  await docker.follow(['logs', '--follow', body.name], body.log.write)
  const { stdout } = await docker.run(['wait', body.name])
  body.over = true
  return Number(stdout.toString('utf8').trim() || '-1')
}

/**
 * Lambda starts every file of /opt/extensions as a process beside the function's own. Never resolves: an extension may end
 * when it likes, and a container that has ended is told by its exit status.
 */
function startExtensions({ start, plant, name, log }: Body): Promise<never> {
  return new Promise((_, reject) => {
    for (const extension of start.extensions) {
      const said: string[] = []
      const command = ['exec', name, `/opt/extensions/${extension}`]
      const line = (text: string): void => {
        if (said.length < 5) said.push(text)
        log.write(text)
      }
      void plant.docker.follow(command, line).then((status) => {
        const why = said.join(' ')
        if (!NOT_STARTED.has(status) || /is not running|No such container/i.test(why)) return
        reject(new StartFailure('Extension.LaunchError', `${extension}: ${why}`))
      })
    }
  })
}

/** Statuses of `docker exec` for a program that cannot be run or is not there. */
const NOT_STARTED = new Set([125, 126, 127])

function failStart(status: number): never {
  throw new StartFailure('Runtime.ExitError', `Runtime exited with error: exit status ${status}`)
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const seconds = (milliseconds / 1000).toFixed(2)
      reject(new StartFailure('Init.Timedout', `Initialisation timed out after ${seconds} seconds`))
    }, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function invoke(call: Call, body: Body, ended: Promise<number>): Promise<InvokeOutcome> {
  const { log, api, start } = body
  const from = Date.now()
  log.write(`START RequestId: ${call.requestId} Version: $LATEST`)
  const work = api.state.invoke({ ...call, deadline: from + call.timeout, functionArn: start.fn.arn })
  const outcome = await Promise.race([
    work.then((result) => settleResult(result, body, ended)),
    ended.then((status) => describeExit(call.requestId, status)),
    sleep(call.timeout).then(() => describeTimeout(call)),
  ])
  const milliseconds = Date.now() - from
  if (outcome.kind === 'error') log.write(outcome.message)
  log.write(`END RequestId: ${call.requestId}`)
  log.write(
    `REPORT RequestId: ${call.requestId}\tDuration: ${milliseconds} ms\tMemory Size: ${start.version.memorySize} MB`,
  )
  if (outcome.kind === 'error' && ENDING.has(outcome.type)) await stop(body, 'timeout')
  return outcome
}

/** Errors after which Lambda does not use an instance again. */
const ENDING = new Set(['Sandbox.Timedout', 'Runtime.ExitError'])

function describeTimeout({ requestId, timeout }: Call): InvokeOutcome {
  const message = `${requestId} Task timed out after ${(timeout / 1000).toFixed(2)} seconds`
  return { kind: 'error', type: 'Sandbox.Timedout', message }
}

function describeExit(requestId: string, status: number): InvokeOutcome {
  const message = `RequestId: ${requestId} Error: Runtime exited with error: exit status ${status}`
  return { kind: 'error', type: 'Runtime.ExitError', message }
}

/** Milliseconds in which a program that died shows: the adapter reports the broken call before the container has ended. */
const LAST_BREATH = 1000

async function settleResult(
  result: RuntimeResult,
  body: Body,
  ended: Promise<number>,
): Promise<InvokeOutcome> {
  if (result.kind === 'error') await Promise.race([ended, sleep(LAST_BREATH)])
  return readResult(result, body.start.fn)
}

/** A streamed response belongs to a URL that streams; any other URL gets its raw bytes, which are no valid response. */
function readResult(result: RuntimeResult, fn: LambdaFunction): InvokeOutcome {
  if (result.kind === 'error') return { kind: 'error', type: result.type, message: result.message }
  const text =
    result.streamed && fn.url?.invokeMode === 'RESPONSE_STREAM' ? assembleStream(result.body) : undefined
  return { kind: 'payload', text: text ?? result.body.toString('utf8') }
}

async function stop(body: Body, reason: 'spindown' | 'timeout' | 'failure'): Promise<void> {
  const { api, plant, name } = body
  body.over = true
  if (reason === 'spindown') {
    api.state.announceShutdown(reason, Date.now() + SHUTDOWN_SECONDS * 1000)
    await plant.docker.run(['stop', '--time', String(SHUTDOWN_SECONDS), name])
  }
  await plant.docker.run(['rm', '--force', '--volumes', name])
  await api.close()
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref()
  })
}
