// Who runs a function when its URL is called; a container runtime and the stand-in answer the same question.
import type { LambdaFunction, Version } from '../function.ts'
import type { UrlEvent } from './event.ts'

export interface Invocation {
  readonly fn: LambdaFunction
  /** What the function serves at this moment. */
  readonly version: Version
  readonly event: UrlEvent
  readonly requestId: string
}

export type InvokeOutcome =
  /** The payload as the function returned it: JSON text, at most 6 MB. */
  | { readonly kind: 'payload'; readonly text: string }
  /** The function failed, ran into its timeout or could not start. */
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  /** No instance is free and none may be started. */
  | { readonly kind: 'throttled' }

export interface Invoker {
  invoke(invocation: Invocation): Promise<InvokeOutcome>
  /** A function is gone; whatever runs for it ends. */
  forget(fn: LambdaFunction): Promise<void>
  /** Ends whatever still runs. */
  close?(): Promise<void>
}
