// The Host of every door: clock, files, connection. How things are shown and kept differs and is handed in.
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Archive } from '../core/cloud.ts'
import type { DoctorHost } from '../core/doctor/cloud.ts'
import type { Endpoints } from '../core/endpoints.ts'
import type { PartialFacts } from '../core/facts.ts'
import type { Host, Identity, Unfinished } from '../core/host.ts'
import type { Progress } from '../core/progress.ts'
import { inspectSource } from '../core/source/inspect.ts'
import type { SourceReport } from '../core/source/report.ts'
import type { Tree } from '../core/source/tree.ts'
import type { Connection } from './aws/connect.ts'
import type { OwnCredentials } from './aws/own.ts'
import type { ReadableArchive } from './aws/s3.ts'
import { decodeClaims, type TokenSource } from './aws/token.ts'
import { writeArchive } from './files/archive.ts'
import { openTree } from './files/walk.ts'
import type { Network } from './network.ts'

export interface HostParts {
  readonly signal: AbortSignal
  /** Folder that relative working directories start from. */
  readonly workspace: string
  readonly endpoints: Endpoints
  /** Folder for an archive that does not fit into memory. */
  readonly temporary?: string | undefined
  /** Loaded when it is needed: a plan must not pay for the AWS SDK. */
  network(): Promise<Network>
  token(audience: string): TokenSource
  /** The caller's own credentials where he has no token; undefined on a runner. */
  own?(): Promise<OwnCredentials | undefined>
  tell(progress: Progress): void
  /** Told every secret, so that it is never shown. */
  conceal(secret: string): void
  publish(facts: PartialFacts): void
  remember(unfinished: Unfinished | undefined): void
}

/** Archives up to this many bytes are kept in memory. */
const limitInMemory = 64 * 1024 * 1024

export interface OwnHost extends Host, DoctorHost {
  /** The archive's bytes, for `pack`. */
  openArchive(archive: Archive): ReadableArchive
  /** Removes temporary files and ends every connection. */
  dispose(): Promise<void>
}

export function createHost(parts: HostParts): OwnHost {
  const trees = new Map<SourceReport, Tree>()
  const closers: (() => void)[] = []
  const archives = new Map<Archive, ReadableArchive & { dispose(): Promise<void> }>()
  const now = () => Date.now()
  const sleep = async (milliseconds: number, signal = parts.signal) => {
    await wait(milliseconds, undefined, { signal })
  }
  const openArchive = (archive: Archive) => {
    const found = archives.get(archive)
    if (found === undefined) throw new Error('An archive of another host cannot be opened here.')
    return found
  }
  const connectionOf = async (identity: Identity): Promise<Connection> => ({
    identity,
    own: await parts.own?.(),
    endpoints: parts.endpoints,
    token: parts.token(identity.audience),
    signal: parts.signal,
    sleep,
    now,
    random: () => Math.random(),
    conceal: parts.conceal,
    atEnd: (close) => closers.push(close),
    note: (text) => parts.tell({ kind: 'note', text }),
    openArchive,
  })
  return {
    signal: parts.signal,
    now,
    sleep,
    random: (bytes) => randomBytes(bytes).toString('hex'),
    tell: parts.tell,
    publish: parts.publish,
    remember: parts.remember,
    probe: async (url) => (await parts.network()).probeUrl(url, parts.signal),
    openArchive,
    async inspect({ directory, include, exclude }) {
      const tree = await openTree(resolve(parts.workspace, directory))
      const report = await inspectSource(tree, { include, exclude })
      trees.set(report, tree)
      return report
    },
    async archive(source) {
      const tree = trees.get(source)
      if (tree === undefined) throw new Error('A report of another host cannot be packed here.')
      const archive = await writeArchive(source, tree, {
        limitInMemory,
        directory: parts.temporary ?? tmpdir(),
      })
      archives.set(archive, archive)
      return archive
    },
    async connect(identity) {
      const { connect } = await parts.network()
      return connect(await connectionOf(identity))
    },
    async open(identity) {
      const { connectDoctor } = await parts.network()
      return connectDoctor(await connectionOf(identity))
    },
    readClaims: async (audience) =>
      (await parts.own?.()) === undefined ? decodeClaims(await parts.token(audience)()) : 'own identity',
    async dispose() {
      for (const close of closers) close()
      for (const archive of archives.values()) await archive.dispose()
    },
  }
}
