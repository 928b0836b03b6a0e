import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TreeEntry } from '../../src/core/source/tree.ts'
import { openTree } from '../../src/edge/files/walk.ts'
import { runs } from '../source/runs.ts'

let outside = ''
let root = ''

beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'walk-')))
  root = join(outside, 'root')
  mkdirSync(root)
  put('../secret.txt', 'outside')
})
afterEach(() => rmSync(outside, { recursive: true, force: true }))

function put(path: string, content = ''): string {
  const full = join(root, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, content)
  return full
}

function replaceBy(path: string, make: () => unknown): void {
  rmSync(path)
  make()
}

async function drain(pieces: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0
  for await (const piece of pieces) bytes += piece.length
  return bytes
}

async function list(): Promise<TreeEntry[]> {
  const { entries } = await openTree(root)
  return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
}

test('files come with size and executable bit, tool folders are not looked into', async () => {
  put('lib/a.dart', 'abc')
  chmodSync(put('run.sh', ''), 0o755)
  put('.git/objects/x', '')
  put('.git/config', '[core]')
  put('x/node_modules/y', '')
  mkdirSync(join(root, 'empty'))
  expect(await list()).toEqual([
    { kind: 'folder', path: '.git' },
    { kind: 'file', path: '.git/config', bytes: 6, isExecutable: false },
    { kind: 'folder', path: 'empty' },
    { kind: 'file', path: 'lib/a.dart', bytes: 3, isExecutable: false },
    { kind: 'file', path: 'run.sh', bytes: 0, isExecutable: true },
    { kind: 'folder', path: 'x/node_modules' },
  ])
})

test('a link inside becomes its content, with the place it comes from', async () => {
  put('real/a.txt', 'inside')
  symlinkSync('real', join(root, 'folder'))
  symlinkSync('real/a.txt', join(root, 'file'))
  symlinkSync('file', join(root, 'again'))
  const tree = await openTree(root)
  expect(tree.entries).toEqual(
    expect.arrayContaining([
      { kind: 'file', path: 'folder/a.txt', bytes: 6, isExecutable: false, target: 'real/a.txt' },
      { kind: 'file', path: 'file', bytes: 6, isExecutable: false, target: 'real/a.txt' },
      { kind: 'file', path: 'again', bytes: 6, isExecutable: false, target: 'real/a.txt' },
    ]),
  )
  expect((await tree.read('folder/a.txt')).toString()).toBe('inside')
})

test('a link into a tool folder shows nothing of it', async () => {
  put('.git/config', 'token')
  symlinkSync('.git', join(root, 'innocent'))
  symlinkSync('.git/config', join(root, 'file'))
  const entries = await list()
  expect(entries.find((entry) => entry.path === 'innocent')).toEqual({ kind: 'folder', path: 'innocent' })
  expect(entries.find((entry) => entry.path === 'file')).toMatchObject({ target: '.git/config' })
})

test.each([
  ['leaves', '../secret.txt'],
  ['leaves', '..'],
  ['leaves', '/etc'],
  ['dangles', 'nowhere'],
  ['loops', '.'],
  ['loops', 'x'],
])('a link that %s: %s', async (fault, target) => {
  symlinkSync(target, join(root, 'x'))
  expect(await list()).toEqual([{ kind: 'link', path: 'x', target, fault }])
})

test('links between folders end', async () => {
  mkdirSync(join(root, 'a'))
  mkdirSync(join(root, 'b'))
  symlinkSync('../b', join(root, 'a/b'))
  symlinkSync('../a', join(root, 'b/a'))
  expect(await list()).toEqual([
    { kind: 'link', path: 'a/b/a', target: '../a', fault: 'loops' },
    { kind: 'link', path: 'b/a/b', target: '../b', fault: 'loops' },
  ])
})

test('links that double at every level are cut, not followed for ever', async () => {
  mkdirSync(join(root, 'd0'))
  put('d0/x')
  for (let level = 1; level < 30; level += 1) {
    mkdirSync(join(root, `d${level}`))
    for (const name of ['l', 'r']) symlinkSync(`../d${level - 1}`, join(root, `d${level}/${name}`))
  }
  const { entries } = await openTree(root, 3000)
  expect(entries.at(-1)).toMatchObject({ kind: 'cut', limit: 3000 })
  expect(entries.length).toBeLessThan(3100)
})

test('pipes and sockets are named, not opened', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')])
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve))
  expect(await list()).toEqual([
    { kind: 'special', path: 'pipe', what: 'a named pipe' },
    { kind: 'special', path: 'socket', what: 'a socket' },
  ])
  await new Promise((resolve) => server.close(resolve))
})

test('what may not be read is named', async () => {
  chmodSync(put('closed/x'), 0)
  chmodSync(join(root, 'closed'), 0)
  const listing = await withoutRoot(list)
  chmodSync(join(root, 'closed'), 0o755)
  expect(listing).toEqual([{ kind: 'unreadable', path: 'closed', reason: 'EACCES' }])
})

/** Root may read everything: for the while it becomes nobody, who may pass through the folders of the test. */
async function withoutRoot<T>(look: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return look()
  for (let folder = root; folder !== tmpdir() && folder !== '/'; folder = dirname(folder))
    chmodSync(folder, 0o755)
  process.seteuid?.(65534)
  try {
    return await look()
  } finally {
    process.seteuid?.(0)
  }
}

test.each([
  ['grows', (path: string) => writeFileSync(path, 'longer than before')],
  ['shrinks', (path: string) => writeFileSync(path, '')],
  ['vanishes', (path: string) => rmSync(path)],
  ['becomes a link', (path: string) => replaceBy(path, () => symlinkSync('../secret.txt', path))],
  ['becomes a pipe', (path: string) => replaceBy(path, () => execFileSync('mkfifo', [path]))],
  ['is touched', (path: string) => utimesSync(path, 1, 1)],
])('a file that %s after it was listed is a fault', async (_name, change) => {
  const path = put('a.txt', 'content')
  const tree = await openTree(root)
  change(path)
  await expect(tree.read('a.txt')).rejects.toMatchObject({ fault: 'changed', path: 'a.txt' })
  await expect(drain(tree.chunks('a.txt'))).rejects.toMatchObject({ fault: 'changed' })
})

test('a hard link is a file like any other', async () => {
  linkSync(put('a', 'x'), join(root, 'b'))
  expect((await list()).map((entry) => entry.kind)).toEqual(['file', 'file'])
})

test('whatever the links, nothing outside is ever read', async () => {
  const target = fc.constantFrom(
    '..',
    '../secret.txt',
    '../root',
    '.',
    'a',
    'b',
    'a/b',
    '../root/a',
    '/',
    'nowhere',
    'a/../../secret.txt',
  )
  const step = fc.record({
    path: fc.constantFrom('a', 'b', 'a/x', 'b/y', 'c'),
    kind: fc.constantFrom('file', 'link', 'folder'),
    target,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      rmSync(root, { recursive: true, force: true })
      mkdirSync(root)
      for (const { path, kind, target: to } of steps) {
        try {
          if (kind === 'link') symlinkSync(to, join(root, path))
          else if (kind === 'folder') mkdirSync(join(root, path), { recursive: true })
          else writeFileSync(join(root, path), 'inside', { flag: 'wx' })
        } catch {
          // Two steps may want the same place; the first one has it.
        }
      }
      const tree = await openTree(root)
      for (const entry of tree.entries) {
        if (entry.kind === 'file') expect((await tree.read(entry.path)).toString()).toBe('inside')
      }
    }),
    { numRuns: Math.min(runs(150), 3000) },
  )
})
