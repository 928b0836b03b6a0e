import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { inspectSource } from '../../src/core/source/inspect.ts'
import { writeArchive } from '../../src/edge/files/archive.ts'
import type { Archive } from '../../src/edge/files/sink.ts'
import { goodFiles, makeTree } from '../source/memorytree.ts'
import { runs } from '../source/runs.ts'

const here = dirname(fileURLToPath(import.meta.url))
const noRules = { include: [], exclude: [] }
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function pack(
  files: Readonly<Record<string, string | Buffer>>,
  limitInMemory = 64 * 1024 * 1024,
): Promise<Archive> {
  const tree = makeTree(files)
  return writeArchive(await inspectSource(tree, noRules), tree, { limitInMemory, directory: folder })
}

async function contentOf(archive: Archive): Promise<Buffer> {
  const content = archive.open()
  return Buffer.isBuffer(content) ? content : buffer(content)
}

interface Entry {
  readonly path: string
  readonly mode: number
  readonly content: Buffer
}

/** Read by yauzl, which checks sizes and names strictly. */
async function readEntries(zip: Buffer): Promise<Entry[]> {
  const file = await yauzl.fromBufferPromise(zip, { strictFileNames: true })
  const entries: Entry[] = []
  for await (const entry of file.eachEntry()) {
    const content = await buffer(await file.openReadStreamPromise(entry))
    entries.push({ path: entry.fileName, mode: entry.externalFileAttributes >>> 16, content })
  }
  return entries
}

const some = {
  ...goodFiles,
  'run.sh': '#!/bin/sh\n',
  'empty.txt': '',
  'ä/日本.txt': 'ü',
  'big.bin': Buffer.alloc(3_000_000, 'abc'),
}

test('what goes in comes out: paths in byte order, bits, contents', async () => {
  const archive = await pack(some)
  const content = await contentOf(archive)
  const entries = await readEntries(content)
  expect(entries.map(({ path }) => path)).toEqual([
    'Dockerfile',
    'big.bin',
    'bin/server.dart',
    'empty.txt',
    'pubspec.yaml',
    'run.sh',
    'ä/日本.txt',
  ])
  expect(entries.map(({ mode }) => mode.toString(8))).toEqual([
    '100644',
    '100644',
    '100644',
    '100644',
    '100644',
    '100755',
    '100644',
  ])
  for (const entry of entries)
    expect(entry.content.equals(Buffer.from(Reflect.get(some, entry.path)))).toBe(true)
  expect(archive).toMatchObject({
    bytes: content.length,
    entries: 7,
    sha256: createHash('sha256').update(content).digest('hex'),
  })
})

describe('other readers agree', () => {
  const write = async (): Promise<string> => {
    const path = join(folder, 'app.zip')
    writeFileSync(path, await contentOf(await pack(some)))
    return path
  }

  test.skipIf(spawnSync('unzip', ['-v']).status !== 0)('Info-ZIP', async () => {
    const path = await write()
    const out = join(folder, 'out')
    execFileSync('unzip', ['-q', path, '-d', out], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    expect(readFileSync(join(out, 'ä/日本.txt'), 'utf8')).toBe('ü')
    expect(statSync(join(out, 'run.sh')).mode & 0o111).not.toBe(0)
    expect(statSync(join(out, 'big.bin')).size).toBe(3_000_000)
  })

  test.skipIf(spawnSync('python3', ['--version']).status !== 0)('Python', async () => {
    const path = await write()
    const program =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print("\\n".join(z.namelist()))'
    expect(
      execFileSync('python3', ['-c', program, path], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
      }).split('\n'),
    ).toContain('ä/日本.txt')
  })
})

test('above the limit it lies in a file that opens anew every time and is gone after dispose', async () => {
  const noise = Buffer.from(
    Array.from({ length: 300_000 }, (_, index) => (index * 7919 * (index % 251)) & 255),
  )
  const files = { ...goodFiles, 'noise.bin': noise }
  const [small, large] = [await pack(files), await pack(files, 10_000)]
  expect(Buffer.isBuffer(small.open())).toBe(true)
  expect(Buffer.isBuffer(large.open())).toBe(false)
  expect(await contentOf(large)).toEqual(await contentOf(large))
  expect(large.sha256).toBe(small.sha256)
  await large.dispose()
  await large.dispose()
  expect(readdirSync(folder)).toEqual([])
})

test('a content that is not what was checked is refused, and nothing stays behind', async () => {
  const tree = makeTree({ ...goodFiles, 'z.txt': 'x'.repeat(2_000_000) })
  const report = await inspectSource(tree, noRules)
  const forged = { ...tree, ...makeTree({ ...goodFiles, 'z.txt': 'y'.repeat(2_000_000) }) }
  await expect(writeArchive(report, forged, { limitInMemory: 100, directory: folder })).rejects.toMatchObject(
    { fault: 'changed', path: 'z.txt' },
  )
  const gone = makeTree({})
  await expect(writeArchive(report, gone, { limitInMemory: 100, directory: folder })).rejects.toMatchObject({
    fault: 'changed',
  })
  expect(readdirSync(folder)).toEqual([])
})

describe('the same tree gives the same bytes', () => {
  const put = (root: string, paths: readonly string[], time: number): void => {
    for (const path of paths) {
      const full = join(root, path)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, `content of ${path}`)
      if (path.endsWith('.sh')) chmodSync(full, 0o700)
      utimesSync(full, time, time)
    }
  }
  const paths = [
    'b/ä.txt',
    'a.txt',
    'B.txt',
    'run.sh',
    'b/a.txt',
    'é/x',
    ...Array.from({ length: 120 }, (_, index) => `many/${index}.txt`),
  ]
  const program = join(here, 'packone.ts')
  const digest = (root: string, env: Readonly<Record<string, string>>): string => {
    const out = join(folder, 'out.zip')
    execFileSync(process.execPath, [program, root, out], { env: { PATH: process.env['PATH'], ...env } })
    return createHash('sha256').update(readFileSync(out)).digest('hex')
  }

  test('in other zones, locales, orders, under other masks and with other times', () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')]
    put(one, paths, 1_000_000_000)
    const before = process.umask(0o077)
    put(two, paths.toReversed(), 1_700_000_000)
    process.umask(before)
    const digests = [
      digest(one, { TZ: 'UTC', LANG: 'C' }),
      digest(two, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }),
      digest(two, { TZ: 'America/St_Johns', LC_ALL: 'sv_SE.UTF-8' }),
    ]
    expect(new Set(digests).size).toBe(1)
  })

  test('on the oldest and the newest Node that the bundles run on', ({ skip }) => {
    const cli = join(here, '..', '..', 'dist', 'cli', 'index.js')
    const old = ['/usr/bin/node', '/usr/local/bin/node'].find(
      (path) =>
        existsSync(path) && execFileSync(path, ['--version'], { encoding: 'utf8' }).startsWith('v20.'),
    )
    if (old === undefined || !existsSync(cli)) return skip('needs Node 20 and a built dist/cli')
    const root = join(folder, 'one')
    put(root, paths, 1_000_000_000)
    for (const [path, text] of Object.entries(goodFiles)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const digests = [old, process.execPath].map((node) => {
      const out = join(folder, 'out.zip')
      rmSync(out, { force: true })
      execFileSync(node, [cli, 'pack', '--working-directory', root, '--out', out])
      return createHash('sha256').update(readFileSync(out)).digest('hex')
    })
    expect(new Set(digests).size).toBe(1)
  })
})

test('any names and contents survive the way through the archive', async () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/[\\/\p{Cc}\p{Cs}\ufffd]|^\.+$/u.test(text))
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `x/${parts.join('/')}`)
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(path, fc.uint8Array({ maxLength: 300 }).map(Buffer.from), { maxKeys: 6 }),
      async (files) => {
        const tree = makeTree({ ...goodFiles, ...files })
        const report = await inspectSource(tree, noRules)
        const archive = await writeArchive(report, tree, { limitInMemory: 1024 * 1024, directory: folder })
        const entries = await readEntries(await contentOf(archive))
        expect(
          entries.map((entry) => [entry.path, createHash('sha256').update(entry.content).digest('hex')]),
        ).toEqual(report.files.map((file) => [file.path, file.sha256]))
      },
    ),
    { numRuns: Math.min(runs(100), 5000) },
  )
})

test('more files than the old format can count', async () => {
  const count = 66_000
  const files = Array.from({ length: count }, (_, index) => ({
    path: `f/${index}`,
    bytes: 0,
    mode: 0o644,
    sha256: createHash('sha256').digest('hex'),
  }))
  const empty = { read: async () => Buffer.alloc(0), async *chunks() {} }
  const archive = await writeArchive({ files }, empty, { limitInMemory: 64 * 1024 * 1024, directory: folder })
  const file = await yauzl.fromBufferPromise(await contentOf(archive))
  expect(file.entryCount).toBe(count)
})

test('a large file is never read whole, wherever it stands among the others', async () => {
  const large = 'x'.repeat(1024 * 1024 + 1)
  const tree = makeTree({ ...goodFiles, 'a-first.bin': large, 'm-middle.bin': large, 'z-last.bin': large })
  const report = await inspectSource(tree, noRules)
  const whole: string[] = []
  const read = (path: string) => {
    whole.push(path)
    return tree.read(path)
  }
  const archive = await writeArchive(
    report,
    { read, chunks: tree.chunks },
    { limitInMemory: 64 * 1024 * 1024, directory: folder },
  )
  expect(whole.filter((path) => path.endsWith('.bin'))).toEqual([])
  expect(await readEntries(await contentOf(archive))).toHaveLength(report.files.length)
})
