// One instance's side of the Lambda Runtime API and Extensions API: who asks for the next event, which call is under way,
// and when the instance counts as initialised.
import { randomUUID } from 'node:crypto'

export interface RuntimeCall {
  readonly requestId: string
  /** JSON text of the event. */
  readonly event: string
  /** Milliseconds since the epoch, of this machine's clock. */
  readonly deadline: number
  readonly functionArn: string
  readonly traceId: string
}

export type RuntimeResult =
  | { readonly kind: 'response'; readonly body: Buffer; readonly streamed: boolean }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }

/** A long poll that can be answered later; `alive` turns false when the client goes. */
export interface Poll {
  alive: boolean
  answer(headers: Readonly<Record<string, string>>, body: string): void
}

interface Extension {
  readonly name: string
  readonly events: readonly string[]
  poll?: Poll
}

interface Running {
  readonly call: RuntimeCall
  readonly settle: (result: RuntimeResult) => void
  delivered: boolean
}

export interface RuntimeState {
  /** Resolves when the runtime and every registered extension asked for their first event; rejects with an init error. */
  readonly initialised: Promise<void>
  invoke(call: RuntimeCall): Promise<RuntimeResult>
  /** Tells extensions that asked for it that the instance ends. */
  announceShutdown(reason: 'spindown' | 'timeout' | 'failure', deadline: number): void
  pollRuntime(poll: Poll): void
  /** False for a request id that is not the one under way. */
  settle(requestId: string, result: RuntimeResult): boolean
  failInit(message: string): void
  /** Identifier of the extension. */
  register(name: string, events: readonly string[]): string
  /** False for an unknown identifier. */
  pollExtension(identifier: string, poll: Poll): boolean
}

export function createRuntimeState(): RuntimeState {
  const extensions = new Map<string, Extension>()
  let runtime: Poll | undefined
  let running: Running | undefined
  let isInitialised = false
  let finishInit: () => void = () => undefined
  let failInit: (error: Error) => void = () => undefined
  const initialised = new Promise<void>((resolve, reject) => {
    finishInit = resolve
    failInit = reject
  })
  // Whoever awaits it gets the failure; before that it must not count as unhandled.
  initialised.catch(() => undefined)

  function deliver(): void {
    if (running === undefined || running.delivered || runtime?.alive !== true) return
    const { call } = running
    running.delivered = true
    const poll = runtime
    runtime = undefined
    for (const extension of extensions.values()) tellExtension(extension, call)
    poll.answer(
      {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': call.requestId,
        'lambda-runtime-deadline-ms': String(call.deadline),
        'lambda-runtime-invoked-function-arn': call.functionArn,
        'lambda-runtime-trace-id': call.traceId,
      },
      call.event,
    )
  }

  function watchInit(): void {
    if (isInitialised || runtime === undefined) return
    if ([...extensions.values()].some((extension) => extension.poll === undefined)) return
    isInitialised = true
    finishInit()
  }

  return {
    initialised,
    invoke: (call) =>
      new Promise((settle) => {
        running = { call, settle, delivered: false }
        deliver()
      }),
    announceShutdown: (reason, deadline) => {
      for (const { events, poll } of extensions.values()) {
        if (events.includes('SHUTDOWN') && poll?.alive === true) {
          answerExtension(poll, { eventType: 'SHUTDOWN', shutdownReason: reason, deadlineMs: deadline })
        }
      }
    },
    pollRuntime: (poll) => {
      runtime = poll
      watchInit()
      deliver()
    },
    settle: (requestId, result) => {
      if (running?.call.requestId !== requestId || !running.delivered) return false
      const { settle } = running
      running = undefined
      settle(result)
      return true
    },
    failInit: (message) => failInit(new Error(message)),
    register: (name, events) => {
      const identifier = randomUUID()
      extensions.set(identifier, { name, events })
      return identifier
    },
    pollExtension: (identifier, poll) => {
      const extension = extensions.get(identifier)
      if (extension === undefined) return false
      extension.poll = poll
      watchInit()
      return true
    },
  }
}

function tellExtension({ events, poll }: Extension, call: RuntimeCall): void {
  if (!events.includes('INVOKE') || poll?.alive !== true) return
  answerExtension(poll, {
    eventType: 'INVOKE',
    deadlineMs: call.deadline,
    requestId: call.requestId,
    invokedFunctionArn: call.functionArn,
    tracing: { type: 'X-Amzn-Trace-Id', value: call.traceId },
  })
}

function answerExtension(poll: Poll, event: unknown): void {
  poll.answer(
    { 'content-type': 'application/json', 'lambda-extension-event-identifier': randomUUID() },
    JSON.stringify(event),
  )
}
