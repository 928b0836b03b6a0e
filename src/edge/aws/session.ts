// One session of the role for all clients: renewed before it ends, and the one place where calls are tried again.
import { Refusal } from '../../core/refusal.ts'
import { within } from '../within.ts'
import { type Clients, type Credentials, closeClients, makeClients, type Place } from './clients.ts'
import { readFailure } from './failure.ts'
import { type CallName, refuse } from './refuse.ts'

/** Renew this long before the end, in milliseconds: longer than any single call takes. */
const margin = 5 * 60_000
/**
 * Milliseconds between two renewals: after one that failed the old session serves as long as it lasts, and a clock that
 * is wrong must not renew with every call. What AWS calls expired is renewed at once.
 */
const renewalPause = 60_000

export interface SessionSource {
  readonly place: Place
  readonly signal: AbortSignal
  assume(signal: AbortSignal): Promise<Credentials>
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  now(): number
  /** From 0 to 1. */
  random(): number
}

/** How long one operation may take. */
export interface Patience {
  readonly attempts: number
  /** Milliseconds for all attempts together; no attempt begins or goes on after them. */
  readonly budget: number
  /** Milliseconds for one attempt. */
  readonly limit: number
}

/** No dead server holds a run longer than this. */
const usual: Patience = { attempts: 5, budget: 30_000, limit: 10_000 }
/** For calls that are made again and again anyway. */
export const once: Patience = { attempts: 1, budget: 10_000, limit: 10_000 }

export interface CallOptions {
  /** The run's own unless a clean-up after a cancel gives another. */
  readonly signal?: AbortSignal
  readonly patience?: Patience
}

type Send<T> = (clients: Clients, signal: AbortSignal) => Promise<T>

export class Session {
  private clients: Clients | undefined
  private readonly made: Clients[] = []
  private expiresAt = 0
  private renewableAt = 0
  private renewal: Promise<Clients> | undefined
  private readonly source: SessionSource

  constructor(source: SessionSource) {
    this.source = source
  }

  /** Assumes the role, so that a refusal shows before anything else happens. */
  async open(): Promise<void> {
    await this.current(this.source.signal)
  }

  /** Ends every connection, also one whose answer is still dripping in. */
  close(): void {
    for (const clients of this.made) closeClients(clients)
  }

  /** Makes one call, again where a fault may pass; throws Refusal, or the signal's reason once it aborts. */
  async call<T>(name: CallName, send: Send<T>, options: CallOptions = {}): Promise<T> {
    const { signal = this.source.signal, patience = usual } = options
    const { now, sleep } = this.source
    const deadline = now() + patience.budget
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(send, signal, Math.min(patience.limit, deadline - now()))
      } catch (error) {
        if (signal.aborted) throw signal.reason
        const refusal = refuse(error, name)
        const pause = this.pauseAfter(attempt, refusal)
        if (!mayPass(refusal, name, attempt) || attempt >= patience.attempts || now() + pause >= deadline)
          throw refusal
        await sleep(pause, signal)
      }
    }
  }

  private pauseAfter(attempt: number, refusal: Refusal): number {
    const base = refusal.code === 'DCF-THROTTLED' ? 1000 : 300
    return Math.min(base * 2 ** (attempt - 1), 8000) * (0.5 + this.source.random())
  }

  /** A session that AWS calls expired is renewed once. */
  private async attempt<T>(send: Send<T>, signal: AbortSignal, limit: number): Promise<T> {
    const clients = await this.current(signal)
    try {
      return await within(limit, signal, (either) => send(clients, either))
    } catch (error) {
      if (signal.aborted || readFailure(error).kind !== 'expired') throw error
      if (this.clients === clients) this.forget()
      const renewed = await this.current(signal)
      return await within(limit, signal, (either) => send(renewed, either))
    }
  }

  private async current(signal: AbortSignal): Promise<Clients> {
    const { now } = this.source
    const left = this.expiresAt - now()
    const isLasting = left > 0 && this.clients !== undefined
    // A clean-up has seconds only.
    const isUrgent = isLasting && signal !== this.source.signal
    if (this.clients !== undefined && (left > margin || isUrgent || now() < this.renewableAt))
      return this.clients
    this.renewal ??= this.renew(signal)
    try {
      return await this.renewal
    } catch (error) {
      if (this.clients === undefined || !isLasting || !(error instanceof Refusal)) throw error
      this.renewableAt = now() + renewalPause
      return this.clients
    } finally {
      this.renewal = undefined
    }
  }

  private forget(): void {
    this.expiresAt = 0
    this.renewableAt = 0
  }

  private async renew(signal: AbortSignal): Promise<Clients> {
    const credentials = await this.source.assume(signal)
    this.clients = makeClients(this.source.place, credentials)
    this.made.push(this.clients)
    this.renewableAt = this.source.now() + renewalPause
    // A server that tells no end is believed for as long as we asked for.
    this.expiresAt = credentials.expiresAt > 0 ? credentials.expiresAt : this.source.now() + 3_600_000
    return this.clients
  }
}

/** A wrong clock is corrected by the SDK from the answer, so the next attempt is right; two, for a server whose own clock was corrected meanwhile. */
function mayPass(refusal: Refusal, name: CallName, attempt: number): boolean {
  if (name.isPressing === true && refusal.code !== name.denied) return true
  return refusal.isTransient || (refusal.code === 'DCF-CLOCK-SKEW' && attempt <= 2)
}
