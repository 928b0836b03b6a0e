// Connects: assumes the role, and offers what the core asks of AWS.
import type { Archive, Cloud } from '../../core/cloud.ts'
import type { Endpoints } from '../../core/endpoints.ts'
import type { Identity } from '../../core/host.ts'
import { Refusal } from '../../core/refusal.ts'
import { assumeRole } from './assume.ts'
import { makeSts } from './clients.ts'
import { readBuild, startBuild, stopBuild } from './codebuild.ts'
import { lookAt, readPublicAccess, removeFunction, removePermission, removeUrl } from './lambda.ts'
import { readLog } from './logs.ts'
import { assumeFromOwn, type OwnCredentials } from './own.ts'
import { type ReadableArchive, uploadArchive } from './s3.ts'
import { type CallOptions, Session } from './session.ts'
import type { TokenSource } from './token.ts'
import { withdraw, withdrawFunction } from './withdraw.ts'

export interface Connection {
  readonly identity: Identity
  readonly endpoints: Endpoints
  readonly token: TokenSource
  /** The caller's own credentials, from which the role is assumed where there is no token. */
  readonly own?: OwnCredentials | undefined
  readonly signal: AbortSignal
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
  /** From 0 to 1. */
  random(): number
  note(text: string): void
  /** Told every secret of the session, so that it is never shown. */
  conceal(secret: string): void
  /** Given what ends the connections of the session. */
  atEnd(close: () => void): void
  /** The archive that was made for this run, to be opened for each attempt. */
  openArchive(archive: Archive): ReadableArchive
}

/**
 * Milliseconds for all of a clean-up: after a cancel the runner kills within 7.5 s, of which an answer to StartBuild
 * is still waited for.
 */
const cleanUpLimits = { cancelled: 4500, else: 20_000 }
const startGrace = 1500
/** Milliseconds for which a deletion waits out an update that is under way. */
const conflictPatience = 60_000

/** Throws Refusal if the role cannot be assumed. */
export async function connect(connection: Connection): Promise<Cloud> {
  return offerCloud(await openSession(connection), connection)
}

/** A session of the role, assumed already. Throws Refusal. */
export async function openSession(connection: Connection): Promise<Session> {
  const { identity, endpoints, signal, sleep, now, random, own } = connection
  const place = { region: identity.region, endpoints }
  const sts = makeSts(place)
  const session = new Session({
    place,
    signal,
    now,
    random,
    sleep,
    assume: (either) =>
      own === undefined
        ? assumeRole({ ...connection, sts, signal: either })
        : assumeFromOwn(own, { identity, place, signal: either, conceal: connection.conceal }),
  })
  connection.atEnd(() => {
    session.close()
    sts.destroy()
  })
  await session.open()
  return session
}

/** What the core asks of AWS, by this session. */
export function offerCloud(session: Session, connection: Connection): Cloud {
  const { signal } = connection
  const cleanUp = () => cleanUpOptions(signal.aborted)
  return {
    look: (name) => lookAt(session, name),
    upload: (archive, destination) => uploadArchive(session, connection.openArchive(archive), destination),
    startBuild: (order) => withGrace(signal, (grace) => startBuild(session, order, grace)),
    readBuild: (id) => readBuild(session, id),
    readLog: (log, position) => readLog(session, log, position),
    stopBuild: (id) => stopBuild(session, id, cleanUp()),
    withdraw: (destination, etag) => withdraw(session, destination, etag, cleanUp()),
    withdrawFunction: (destination, isOurs) => withdrawFunction(session, destination, isOurs),
    readPublicAccess: (name) => readPublicAccess(session, name),
    removeUrl: (name) => patiently(connection, () => removeUrl(session, name)),
    removePermission: (name, id) => patiently(connection, () => removePermission(session, name, id)),
    removeFunction: (name) => patiently(connection, () => removeFunction(session, name)),
  }
}

/** Three silent answers fit into the time, and a server that is away for two seconds. */
function cleanUpOptions(isCancelled: boolean): CallOptions {
  const budget = isCancelled ? cleanUpLimits.cancelled : cleanUpLimits.else
  const limit = Math.round(budget / 4)
  return { signal: AbortSignal.timeout(budget), patience: { attempts: 6, budget, limit } }
}

/** A StartBuild whose answer is thrown away would leave a build that nobody knows of: a cancel waits a moment for it. */
async function withGrace<T>(signal: AbortSignal, send: (grace: AbortSignal) => Promise<T>): Promise<T> {
  const grace = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => grace.abort(signal.reason), startGrace)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await send(grace.signal)
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(timer)
  }
}

async function patiently<T>({ sleep, now }: Connection, send: () => Promise<T>): Promise<T> {
  const deadline = now() + conflictPatience
  for (;;) {
    try {
      return await send()
    } catch (error) {
      const mayPass =
        error instanceof Refusal && (error.code === 'DCF-UNDEPLOY-CONFLICT' || error.isTransient)
      if (!mayPass || now() >= deadline) throw error
      await sleep(3000)
    }
  }
}
