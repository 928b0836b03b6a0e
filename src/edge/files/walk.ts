// Lists a working directory without ever following a link out of it, for the rules in core/source.
import { type Dirent, lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { join, sep } from 'node:path'
import { isNeverFolder } from '../../core/source/never.ts'
import type { LinkFault, Tree, TreeEntry } from '../../core/source/tree.ts'
import { createReader, type Listed } from './reader.ts'
import { reasonOf } from './reason.ts'

/** More entries than this are not listed: a repository of functions has some hundreds. */
const mostEntries = 100_000
/** Deeper than this a path is no longer one that a build could use. */
const depthLimit = 64

/** A larger one is none that a checkout has written. */
const gitConfigLimit = 64 * 1024

interface Walk {
  /** The working directory with all links resolved. */
  readonly root: string
  readonly entryLimit: number
  readonly entries: TreeEntry[]
  readonly listed: Map<string, Listed>
}

interface Place {
  /** Path in the archive; empty for the root. */
  readonly path: string
  /** Path on disk, free of links. */
  readonly real: string
  /** Every folder on the way here, free of links, to see a loop. */
  readonly above: readonly string[]
}

/**
 * Lists everything below `directory`. Rejects only if the directory itself cannot be listed.
 * The calls are synchronous on purpose: on 10,000 files that is several times quicker than promises.
 */
export async function openTree(directory: string, entryLimit: number = mostEntries): Promise<Tree> {
  const root = realpathSync(directory)
  const walk: Walk = { root, entryLimit, entries: [], listed: new Map() }
  const names = readdirSync(root, { withFileTypes: true })
  listFolder(walk, { path: '', real: root, above: [root] }, names)
  return { entries: walk.entries, ...createReader(walk.listed) }
}

function listFolder(walk: Walk, place: Place, names: readonly Dirent[]): void {
  if (names.length === 0 && place.path !== '') walk.entries.push({ kind: 'folder', path: place.path })
  for (const entry of names) {
    const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`
    if (walk.entries.length >= walk.entryLimit) {
      if (walk.entries.at(-1)?.kind !== 'cut')
        walk.entries.push({ kind: 'cut', path, what: 'files', limit: walk.entryLimit })
      return
    }
    const real = join(place.real, entry.name)
    if (entry.isSymbolicLink()) listLink(walk, { ...place, path, real })
    else listThing(walk, { ...place, path, real })
  }
}

function listThing(walk: Walk, place: Place): void {
  let stats: Stats
  try {
    stats = lstatSync(place.real)
  } catch (error) {
    walk.entries.push({ kind: 'unreadable', path: place.path, reason: reasonOf(error) })
    return
  }
  if (stats.isDirectory()) enterFolder(walk, place)
  else if (stats.isFile()) addFile(walk, place, stats)
  else walk.entries.push({ kind: 'special', path: place.path, what: describeSpecial(stats) })
}

function addFile(walk: Walk, place: Place, stats: Stats): void {
  const inside = insideOf(walk, place.real)
  walk.listed.set(place.path, {
    real: place.real,
    bytes: stats.size,
    inode: stats.ino,
    changed: stats.mtimeMs,
  })
  walk.entries.push({
    kind: 'file',
    path: place.path,
    bytes: stats.size,
    isExecutable: (stats.mode & 0o111) !== 0,
    ...(inside === place.path ? {} : { target: inside }),
  })
}

function enterFolder(walk: Walk, place: Place): void {
  if (isNeverFolder(place.path)) {
    walk.entries.push({ kind: 'folder', path: place.path })
    // Its one file that is looked into: a checkout may have left a token there.
    if (place.path === '.git') addGitConfig(walk, join(place.real, 'config'))
    return
  }
  if (place.above.length > depthLimit) {
    walk.entries.push({ kind: 'cut', path: place.path, what: 'levels', limit: depthLimit })
    return
  }
  try {
    const names = readdirSync(place.real, { withFileTypes: true })
    listFolder(walk, { ...place, above: [...place.above, place.real] }, names)
  } catch (error) {
    walk.entries.push({ kind: 'unreadable', path: place.path, reason: reasonOf(error) })
  }
}

function addGitConfig(walk: Walk, real: string): void {
  const stats = lstatSync(real, { throwIfNoEntry: false })
  if (stats?.isFile() === true && stats.size < gitConfigLimit)
    addFile(walk, { path: '.git/config', real, above: [] }, stats)
}

/** A link inside the tree stands for what it leads to; any other is listed with its fault and not opened. */
function listLink(walk: Walk, place: Place): void {
  const target = followLink(walk, place)
  if ('fault' in target) {
    walk.entries.push({ kind: 'link', path: place.path, target: readTarget(place.real), fault: target.fault })
  } else if (isNeverFolder(insideOf(walk, target.real))) {
    walk.entries.push({ kind: 'folder', path: place.path })
  } else {
    listThing(walk, { ...place, real: target.real })
  }
}

function followLink(walk: Walk, place: Place): { readonly real: string } | { readonly fault: LinkFault } {
  let real: string
  try {
    real = realpathSync(place.real)
  } catch (error) {
    return { fault: reasonOf(error) === 'ELOOP' ? 'loops' : 'dangles' }
  }
  if (real !== walk.root && !real.startsWith(walk.root + sep)) return { fault: 'leaves' }
  return place.above.includes(real) ? { fault: 'loops' } : { real }
}

function insideOf(walk: Walk, real: string): string {
  return real
    .slice(walk.root.length + 1)
    .split(sep)
    .join('/')
}

function readTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '?'
  }
}

function describeSpecial(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
