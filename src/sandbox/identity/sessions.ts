// Temporary credentials: who holds which access key, until when, and with which session policy.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Caller } from '../service.ts'
import type { Role } from './role.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Milliseconds since the epoch. */
  readonly expiration: number
}

export interface Session {
  readonly credentials: Credentials
  readonly caller: Caller
  readonly role: Role
  /** Inline session policy, as parsed JSON. */
  readonly policy?: unknown
}

export interface SessionRequest {
  readonly role: Role
  readonly sessionName: string
  readonly durationSeconds: number
  readonly policy?: unknown
}

export interface Sessions {
  /** Mints a session; no trust policy is looked at here. */
  create(request: SessionRequest): Session
  find(accessKeyId: string): Session | undefined
  /** The session that this very caller object belongs to. */
  findByCaller(caller: Caller): Session | undefined
}

export function createSessions(account: string, partition: string, clock: Clock): Sessions {
  const byKey = new Map<string, Session>()
  const byCaller = new WeakMap<Caller, Session>()
  return {
    create: (request) => {
      const session = mint(request, account, partition, clock.now())
      byKey.set(session.credentials.accessKeyId, session)
      byCaller.set(session.caller, session)
      return session
    },
    find: (accessKeyId) => byKey.get(accessKeyId),
    findByCaller: (caller) => byCaller.get(caller),
  }
}

function mint(request: SessionRequest, account: string, partition: string, now: number): Session {
  const { role, sessionName, durationSeconds, policy } = request
  return {
    credentials: {
      accessKeyId: `ASIA${randomBase32(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(240).toString('base64'),
      expiration: now + durationSeconds * 1000,
    },
    caller: {
      account,
      roleName: role.name,
      arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${sessionName}`,
      userId: `${role.id}:${sessionName}`,
    },
    role,
    ...(policy === undefined ? {} : { policy }),
  }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Random text of AWS's key alphabet. */
export function randomBase32(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE32[byte % 32]).join('')
}
