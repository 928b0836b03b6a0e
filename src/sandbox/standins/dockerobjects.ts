// Containers that never run, what can be copied out of them, and `docker inspect`.
import { createHash } from 'node:crypto'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseFlags } from './dockerflags.ts'
import { findImage, type Image, type Store } from './dockerstore.ts'
import type { Docker } from './dockertool.ts'
import { renderTemplate } from './gotemplate.ts'
import { UsageError } from './usage.ts'

export function createContainer(argv: readonly string[], { console, store }: Docker): number {
  const { words } = parseFlags('create', argv, {
    valued: ['platform', 'name', 'entrypoint', 'env', 'volume', 'workdir', 'user', 'network'],
    plain: ['read-only', 'rm', 'tty', 'interactive'],
    short: { e: 'env', v: 'volume', w: 'workdir', u: 'user', t: 'tty', i: 'interactive' },
    strict: true,
  })
  const [reference = '', ...command] = words
  const found = findImage(store, reference)
  if (found === undefined)
    throw new UsageError(`Unable to find image '${reference}' locally: the stand-in pulls nothing`, 125)
  const { Entrypoint, Cmd } = found.image.config
  if (command.length + Entrypoint.length + Cmd.length === 0) {
    throw new UsageError('Error response from daemon: no command specified', 125)
  }
  const id = createHash('sha256')
    .update(`${found.id} ${Object.keys(store.containers).length}`)
    .digest('hex')
  store.containers[id] = found.id
  console.out(`${id}\n`)
  return 0
}

/** Copies what COPY and ADD put there, each file holding a line that says where it came from. */
export function copyOut(argv: readonly string[], { console, store }: Docker): number {
  const { words } = parseFlags('cp', argv, {
    valued: [],
    plain: ['archive', 'follow-link', 'quiet'],
    short: { a: 'archive', L: 'follow-link', q: 'quiet' },
  })
  const [from = '', to = ''] = words
  const found = /^([^:]+):(.+)$/.exec(from)
  const image = found === null ? undefined : imageOf(store, found[1] ?? '')
  if (found === null || image === undefined || words.length !== 2) {
    console.err(`Error response from daemon: No such container: ${from.split(':')[0] ?? ''}\n`)
    return 1
  }
  const path = (found[2] ?? '').replace(/\/\.?$/, '') || '/'
  const inside = Object.entries(image.files).filter(([file]) => file === path || file.startsWith(`${path}/`))
  if (inside.length === 0) {
    console.err(
      `Error response from daemon: Could not find the file ${path} in container ${found[1] ?? ''}\n`,
    )
    return 1
  }
  const root = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true ? join(to, basename(path)) : to
  for (const [file, origin] of inside) {
    const target = file === path ? root : join(root, file.slice(path.length + 1))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, `stand-in for ${origin}\n`)
  }
  return 0
}

export function removeContainers(argv: readonly string[], { console, store }: Docker): number {
  const { words } = parseFlags('rm', argv, {
    valued: [],
    plain: ['force', 'volumes', 'link'],
    short: { f: 'force', v: 'volumes' },
  })
  let status = 0
  for (const word of words) {
    const id = Object.keys(store.containers).find((one) => one.startsWith(word))
    if (id === undefined) {
      console.err(`Error response from daemon: No such container: ${word}\n`)
      status = 1
    } else {
      delete store.containers[id]
      console.out(`${word}\n`)
    }
  }
  return status
}

export function inspectObjects(argv: readonly string[], { console, store }: Docker): number {
  const { values, words } = parseFlags('inspect', argv, {
    valued: ['format', 'type'],
    plain: ['size'],
    short: { f: 'format', s: 'size' },
  })
  const [format] = values.get('format') ?? []
  const shown: unknown[] = []
  let status = 0
  for (const word of words) {
    const found = findImage(store, word)
    const image = found?.image ?? imageOf(store, word)
    if (image === undefined) {
      console.err(`Error: No such object: ${word}\n`)
      status = 1
    } else shown.push(describe(found?.id ?? store.containers[word] ?? '', image, store))
  }
  if (format === undefined) console.out(`${JSON.stringify(shown, null, 4)}\n`)
  else for (const one of shown) console.out(`${renderTemplate(format, one)}\n`)
  return status
}

function imageOf(store: Store, container: string): Image | undefined {
  const id = Object.keys(store.containers).find((one) => container !== '' && one.startsWith(container))
  return store.images[store.containers[id ?? ''] ?? '']
}

function describe(id: string, image: Image, store: Store): unknown {
  const named = (map: Readonly<Record<string, string>>): readonly string[] =>
    Object.keys(map).filter((key) => map[key] === id)
  return {
    Id: id,
    RepoTags: named(store.tags),
    RepoDigests: named(store.digests).toSorted(),
    Os: image.os,
    Architecture: image.architecture,
    Config: image.config,
    RootFS: { Type: 'layers', Layers: image.layers.map((layer) => layer.diffId) },
  }
}
