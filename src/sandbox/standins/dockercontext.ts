// The files of a build context, less what `.dockerignore` excludes, and which of them a COPY source means.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, posix } from 'node:path'
import dockerignore from '@balena/dockerignore'

export interface Context {
  readonly folder: string
  /** Paths relative to the folder, with `/`. */
  readonly files: readonly string[]
}

export function readContext(folder: string): Context {
  const ignoreFile = join(folder, '.dockerignore')
  const ignore = dockerignore.default({ ignorecase: false })
  if (existsSync(ignoreFile)) ignore.add(readFileSync(ignoreFile, 'utf8').replace(/^\uFEFF/, ''))
  const all = listFiles(folder, '')
  return { folder, files: all.filter((path) => !ignore.ignores(path)) }
}

function listFiles(folder: string, prefix: string): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(prefix, entry.name)
    return entry.isDirectory() ? listFiles(folder, path) : [path]
  })
}

/** What a source of COPY names: each file with its path below the destination. Empty where nothing matches. */
export function matchSource(
  context: Context,
  source: string,
): readonly { readonly from: string; readonly below: string }[] {
  const clean = posix
    .normalize(source)
    .replace(/^(\.\/|\/)+/, '')
    .replace(/\/$/, '')
  if (clean === '.' || clean === '') return context.files.map((from) => ({ from, below: from }))
  const pattern = globToRegExp(clean)
  return context.files.flatMap((from) => {
    const parts = from.split('/')
    const length = parts.findIndex((_, index) => pattern.test(parts.slice(0, index + 1).join('/'))) + 1
    if (length === 0) return []
    const below = length === parts.length ? (parts.at(-1) ?? '') : parts.slice(length).join('/')
    return [{ from, below }]
  })
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`)
}

/** Content and mode bits of one file, as they decide a layer. */
export function fingerprint(context: Context, path: string): string {
  const file = join(context.folder, path)
  const stat = lstatSync(file)
  if (stat.isSymbolicLink()) return `link ${readlinkSync(file)}`
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  return `${(stat.mode & 0o777).toString(8)} ${digest}`
}
