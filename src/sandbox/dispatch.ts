// The way of one request through the sandbox: recognise, spoil if ordered, authenticate, authorise, run, write down.
import { randomUUID } from 'node:crypto'
import { AwsError } from './awserror.ts'
import type { Answer, Exchange } from './exchange.ts'
import { type Effect, type Faults, throttlingOf } from './faults.ts'
import { authenticate } from './identity/authenticate.ts'
import { authorize } from './identity/authorize.ts'
import { PolicyError } from './identity/policyerror.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { routeService } from './route.ts'
import { ANONYMOUS, type Caller, type Door, type Operation, type Service } from './service.ts'
import type { World } from './world.ts'

export interface Counter {
  readonly world: World
  readonly services: readonly Service[]
  readonly doors: readonly Door[]
  readonly journal: Journal
  readonly faults: Faults
}

/** What goes back over the wire; `cut` ends the connection without or in the middle of the answer. */
export interface Reply {
  readonly answer?: Answer
  readonly cut?: boolean
}

export async function dispatch(exchange: Exchange, counter: Counter): Promise<Reply> {
  const door = counter.doors.find((one) => one.matches(exchange))
  if (door !== undefined) return enterDoor(exchange, door, counter)
  const name = routeService(exchange)
  const service = counter.services.find((one) => one.name === name)
  if (service === undefined) return refuseService(exchange, name, counter)
  return serve(exchange, service, counter)
}

async function serve(exchange: Exchange, service: Service, counter: Counter): Promise<Reply> {
  const understood = understand(exchange, service)
  const operation = understood instanceof AwsError ? undefined : understood
  const name = operation?.name ?? nameFromTarget(exchange)
  const note = startNote(exchange, service.name, name, counter)
  const effects = counter.faults.take(service.name, name)
  const run = async (): Promise<Answer> => {
    const isUnsigned = operation?.unsigned === true
    const caller = isUnsigned ? ANONYMOUS : await authenticate(exchange, service, counter.world)
    note.principal = caller.arn
    if (understood instanceof AwsError) throw understood
    return operate(understood, { caller, service, world: counter.world, note })
  }
  const refuse = (error: AwsError): Answer => service.refuse(error, note.requestId)
  return finish(await spoil(run, refuse, effects, service.protocol), note, service.protocol, counter)
}

interface Errand {
  readonly caller: Caller
  readonly service: Service
  readonly world: World
  readonly note: Note
}

async function operate(operation: Operation, { caller, service, world, note }: Errand): Promise<Answer> {
  note.access = operation.access.map(({ action, resource }) => ({ action, resource }))
  note.parameters = operation.parameters
  operation.precheck?.()
  for (const access of operation.access) authorize(world, caller, access, service.protocol)
  return operation.run(caller)
}

function understand(exchange: Exchange, service: Service): Operation | AwsError {
  try {
    return service.understand(exchange)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}

async function enterDoor(exchange: Exchange, door: Door, counter: Counter): Promise<Reply> {
  const entrance = door.enter(exchange)
  const note = startNote(exchange, door.name, entrance.operation, counter)
  note.parameters = entrance.parameters
  const effects = counter.faults.take(door.name, entrance.operation)
  const refuse = (error: AwsError): Answer => refuseInJson(error)
  return finish(await spoil(async () => entrance.run(), refuse, effects, 'json'), note, 'json', counter)
}

function refuseService(exchange: Exchange, name: string, counter: Counter): Reply {
  const note = startNote(exchange, 'unknown', name, counter)
  const error = new AwsError('UnknownOperationException', `The sandbox has no service \`${name}\`.`, 404)
  return finish({ answer: refuseInJson(error), error }, note, 'json', counter)
}

function refuseInJson(error: AwsError): Answer {
  const body = JSON.stringify({ __type: error.code, message: error.message })
  return { status: error.status, headers: { 'content-type': 'application/json' }, body }
}

interface Outcome {
  readonly answer?: Answer
  readonly cut?: boolean
  readonly error?: AwsError
}

/** Runs the operation under the effects that were ordered for it. */
async function spoil(
  run: () => Promise<Answer>,
  refuse: (error: AwsError) => Answer,
  effects: readonly Effect[],
  protocol: Service['protocol'],
): Promise<Outcome> {
  let cut: 'answer' | 'inside' | undefined
  for (const effect of effects) {
    switch (effect.kind) {
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, effect.milliseconds))
        break
      case 'error': {
        const error = new AwsError(effect.code, effect.message, effect.status)
        return { answer: refuse(error), error }
      }
      case 'throttle': {
        const error = throttlingOf(protocol)
        return { answer: refuse(error), error }
      }
      case 'body':
        return {
          answer: {
            status: effect.status,
            headers: { 'content-type': effect.contentType },
            body: effect.body,
          },
        }
      case 'cut':
        if (effect.at === 'request') return { cut: true }
        cut = effect.at
        break
    }
  }
  const outcome = await attempt(run, refuse)
  if (cut === undefined) return outcome
  return cut === 'answer' ? { cut: true } : { ...outcome, cut: true }
}

async function attempt(run: () => Promise<Answer>, refuse: (error: AwsError) => Answer): Promise<Outcome> {
  try {
    return { answer: await run() }
  } catch (error) {
    const told = tell(error)
    return { answer: refuse(told), error: told }
  }
}

/** A policy that cannot be judged is told to the caller, under a status that no client tries again. */
function tell(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof PolicyError) return new AwsError('SandboxPolicyError', error.message, 501)
  throw error
}

/** The journal entry while it is being written. */
type Note = { -readonly [K in keyof JournalEntry]: JournalEntry[K] }

function startNote(exchange: Exchange, service: string, operation: string, counter: Counter): Note {
  return {
    requestId: randomUUID(),
    time: new Date(counter.world.clock.now()).toISOString(),
    service,
    operation,
    principal: ANONYMOUS.arn,
    access: [],
    method: exchange.method,
    path: exchange.path,
    status: 0,
  }
}

function finish(outcome: Outcome, note: Note, protocol: Service['protocol'], counter: Counter): Reply {
  const { answer, cut, error } = outcome
  note.status = answer?.status ?? 0
  if (error !== undefined) note.errorCode = error.code
  counter.journal.add(note)
  const header = protocol === 'rest-xml' ? 'x-amz-request-id' : 'x-amzn-requestid'
  return {
    ...(answer === undefined
      ? {}
      : { answer: { ...answer, headers: { [header]: note.requestId, ...answer.headers } } }),
    ...(cut === undefined ? {} : { cut }),
  }
}

function nameFromTarget(exchange: Exchange): string {
  return exchange.headers['x-amz-target']?.split('.')[1] ?? 'unknown'
}
