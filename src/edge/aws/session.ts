// One session of the role for all clients: renewed before it ends, and when AWS says that it has ended.
import { type Clients, type Credentials, makeClients, type Place } from './clients.ts'
import { readFailure } from './failure.ts'
import { type CallName, refuse } from './refuse.ts'

/** Renew this long before the end, in milliseconds: longer than any single call takes. */
const margin = 5 * 60_000

export interface SessionSource {
  readonly place: Place
  readonly signal: AbortSignal
  assume(): Promise<Credentials>
  now(): number
}

export class Session {
  private clients: Clients | undefined
  private expiresAt = 0
  private renewal: Promise<Clients> | undefined
  private readonly source: SessionSource

  constructor(source: SessionSource) {
    this.source = source
  }

  /** Assumes the role, so that a refusal shows before anything else happens. */
  async open(): Promise<void> {
    await this.current()
  }

  /**
   * Makes one call; throws Refusal. `signal` is the run's own unless a clean-up after a cancel gives another.
   * A session that AWS calls expired is renewed once.
   */
  async call<T>(
    name: CallName,
    send: (clients: Clients, signal: AbortSignal) => Promise<T>,
    signal = this.source.signal,
  ): Promise<T> {
    try {
      return await this.attempt(send, signal)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw refuse(error, name)
    }
  }

  private async attempt<T>(
    send: (clients: Clients, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const clients = await this.current()
    try {
      return await send(clients, signal)
    } catch (error) {
      if (signal.aborted || readFailure(error).kind !== 'expired') throw error
      if (this.clients === clients) this.clients = undefined
      return await send(await this.current(), signal)
    }
  }

  private async current(): Promise<Clients> {
    if (this.clients !== undefined && this.source.now() < this.expiresAt - margin) return this.clients
    this.renewal ??= this.renew()
    try {
      return await this.renewal
    } finally {
      this.renewal = undefined
    }
  }

  private async renew(): Promise<Clients> {
    const credentials = await this.source.assume()
    this.clients = makeClients(this.source.place, credentials)
    // A server that tells no end is believed for as long as we asked for.
    this.expiresAt = credentials.expiresAt > 0 ? credentials.expiresAt : this.source.now() + 3_600_000
    return this.clients
  }
}
