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
import { putTombstone, type ReadableArchive, readRun, uploadArchive } from './s3.ts'
import { Session } from './session.ts'
import type { TokenSource } from './token.ts'

export interface Connection {
  readonly identity: Identity
  readonly endpoints: Endpoints
  readonly token: TokenSource
  readonly signal: AbortSignal
  sleep(milliseconds: number): Promise<void>
  now(): number
  note(text: string): void
  /** The archive that was made for this run, to be opened for each attempt. */
  openArchive(archive: Archive): ReadableArchive
}

/** Clean-up after a cancel has this long for a call, in milliseconds: the runner kills after 7.5 s. */
const cleanUpLimit = 4000
/** How long an answer to StartBuild is still waited for after a cancel. */
const startGrace = 1500
/** Milliseconds for which a deletion waits out an update that is under way. */
const conflictPatience = 60_000

/** Throws Refusal if the role cannot be assumed. */
export async function connect(connection: Connection): Promise<Cloud> {
  return offerCloud(await openSession(connection), connection)
}

/** A session of the role, assumed already. Throws Refusal. */
export async function openSession(connection: Connection): Promise<Session> {
  const { identity, endpoints, signal, sleep, now, note, token } = connection
  const place = { region: identity.region, endpoints }
  const sts = makeSts(place)
  const session = new Session({
    place,
    signal,
    now,
    assume: () => assumeRole({ identity, sts, token, signal, sleep, now, note }),
  })
  await session.open()
  return session
}

/** What the core asks of AWS, by this session. */
export function offerCloud(session: Session, connection: Connection): Cloud {
  const { signal, sleep } = connection
  const cleanUp = () => AbortSignal.timeout(cleanUpLimit)
  return {
    look: (name) => lookAt(session, name),
    upload: (archive, destination) =>
      uploadArchive(session, connection.openArchive(archive), destination, sleep),
    startBuild: (order) => withGrace(signal, (grace) => startBuild(session, order, grace)),
    readBuild: (id) => readBuild(session, id),
    readLog: (log, next) => readLog(session, log, next),
    stopBuild: (id) => stopBuild(session, id, cleanUp()),
    withdraw: (destination, etag) => putTombstone(session, destination, etag, cleanUp()),
    withdrawFunction: async (destination, isOurs) => {
      const found = await readRun(session, destination, signal)
      if (
        found === undefined ||
        found.isWithdrawn ||
        found.functionName !== destination.functionName ||
        !isOurs(found.run)
      )
        return false
      return putTombstone(session, { ...destination, run: found.run }, found.etag, signal)
    },
    readPublicAccess: (name) => readPublicAccess(session, name),
    removeUrl: (name) => patiently(connection, () => removeUrl(session, name)),
    removePermission: (name, id) => patiently(connection, () => removePermission(session, name, id)),
    removeFunction: (name) => patiently(connection, () => removeFunction(session, name)),
  }
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
