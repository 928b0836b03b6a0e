// The way of one request through the sandbox: recognise, spoil if ordered, authenticate, authorise, run, write down.
import { randomUUID } from 'node:crypto'
import { AwsError } from './awserror.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { Faults } from './faults.ts'
import { authenticate } from './identity/authenticate.ts'
import { authorize } from './identity/authorize.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { routeService } from './route.ts'
import { ANONYMOUS, type Caller, type Door, type Operation, type Service } from './service.ts'
import { type Attempt, type Outcome, spoil } from './spoil.ts'
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
  const { protocol } = service
  return finish(await spoil({ run, refuse, protocol }, effects), note, { protocol, counter })
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
  const attempt: Attempt = { run: async () => entrance.run(), refuse: refuseInJson, protocol: 'json' }
  return finish(await spoil(attempt, effects), note, { protocol: 'json', counter })
}

function refuseService(exchange: Exchange, name: string, counter: Counter): Reply {
  const note = startNote(exchange, 'unknown', name, counter)
  const error = new AwsError('UnknownOperationException', `The sandbox has no service \`${name}\`.`, 404)
  return finish({ answer: refuseInJson(error), error }, note, { protocol: 'json', counter })
}

function refuseInJson(error: AwsError): Answer {
  const body = JSON.stringify({ __type: error.code, message: error.message })
  return { status: error.status, headers: { 'content-type': 'application/json' }, body }
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

interface Desk {
  readonly protocol: Service['protocol']
  readonly counter: Counter
}

/** Writes the journal, and puts the request's id and the account's time on the answer: clients correct their clocks by it. */
function finish({ answer, cut, error }: Outcome, note: Note, { protocol, counter }: Desk): Reply {
  note.status = answer?.status ?? 0
  if (error !== undefined) note.errorCode = error.code
  counter.journal.add(note)
  const idHeader = protocol === 'rest-xml' ? 'x-amz-request-id' : 'x-amzn-requestid'
  const date = new Date(counter.world.clock.now()).toUTCString()
  const headers = { [idHeader]: note.requestId, date, ...answer?.headers }
  return {
    ...(answer === undefined ? {} : { answer: { ...answer, headers } }),
    ...(cut === undefined ? {} : { cut }),
  }
}

function nameFromTarget(exchange: Exchange): string {
  return exchange.headers['x-amz-target']?.split('.')[1] ?? 'unknown'
}
