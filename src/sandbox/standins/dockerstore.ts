// The image store of the docker stand-in: one JSON file and one file a blob, in the folder of the build.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, parseJson } from '../json.ts'

export interface ImageSettings {
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Labels: Readonly<Record<string, string>>
  readonly WorkingDir: string
  readonly User: string
  readonly OnBuild: readonly string[]
  readonly ExposedPorts: Readonly<Record<string, unknown>>
}

export interface Layer {
  /** Digest of the compressed blob, and of what it holds. */
  readonly digest: string
  readonly diffId: string
  readonly size: number
}

export interface Image {
  readonly os: string
  readonly architecture: string
  readonly config: ImageSettings
  readonly layers: readonly Layer[]
  /** Files that COPY and ADD put into the image: path in the image -> what it was made of. */
  readonly files: Readonly<Record<string, string>>
}

export interface Store {
  /** Image id (digest of the configuration) -> image. */
  readonly images: Record<string, Image>
  /** `NAME:TAG` -> image id. */
  readonly tags: Record<string, string>
  /** `NAME@DIGEST` as pushed or pulled -> image id. */
  readonly digests: Record<string, string>
  /** Container id -> image id. */
  readonly containers: Record<string, string>
  /** Registry -> value of the Authorization header. */
  readonly logins: Record<string, string>
}

export const BARE: ImageSettings = {
  Env: [],
  Entrypoint: [],
  Cmd: [],
  Labels: {},
  WorkingDir: '',
  User: '',
  OnBuild: [],
  ExposedPorts: {},
}

export function openStore(folder: string): Store {
  mkdirSync(join(folder, 'blobs'), { recursive: true })
  const empty: Store = { images: {}, tags: {}, digests: {}, containers: {}, logins: {} }
  const file = join(folder, 'store.json')
  return existsSync(file) ? { ...empty, ...readStore(file) } : empty
}

/** The file is this program's own; whatever else stands there is no store. */
function readStore(file: string): Partial<Store> {
  const parsed = parseJson(readFileSync(file, 'utf8'))
  if (!isStore(parsed)) throw new Error(`${file} is not the image store of this stand-in`)
  return parsed
}

function isStore(value: unknown): value is Store {
  return (
    isObject(value) &&
    ['images', 'tags', 'digests', 'containers', 'logins'].every((key) => isObject(value[key]))
  )
}

export function saveStore(folder: string, store: Store): void {
  writeFileSync(join(folder, 'store.json'), JSON.stringify(store))
}

export function digestOf(data: string | Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`
}

export function blobFile(folder: string, digest: string): string {
  return join(folder, 'blobs', digest.replace(':', '-'))
}

/** The configuration as it goes into a registry; its digest is the id of the image. */
export function writeConfiguration(image: Image): string {
  const { Entrypoint, Cmd, OnBuild, ...rest } = image.config
  const config = {
    ...rest,
    ...(Entrypoint.length === 0 ? {} : { Entrypoint }),
    ...(Cmd.length === 0 ? {} : { Cmd }),
    ...(OnBuild.length === 0 ? {} : { OnBuild }),
  }
  return JSON.stringify({
    architecture: image.architecture,
    os: image.os,
    created: '1970-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => layer.diffId) },
    history: image.layers.map(() => ({
      created: '1970-01-01T00:00:00Z',
      created_by: 'dcf-lambda docker stand-in',
    })),
  })
}

/** Adds an image and gives its id. */
export function addImage(store: Store, image: Image): string {
  const id = digestOf(writeConfiguration(image))
  store.images[id] = image
  return id
}

/** By id, by an id's beginning, by tag (`latest` where none is named) or by digest. */
export function findImage(
  store: Store,
  reference: string,
): { readonly id: string; readonly image: Image } | undefined {
  const id = store.tags[withTag(reference)] ?? store.digests[reference] ?? idBeginning(store, reference)
  const image = id === undefined ? undefined : store.images[id]
  return id === undefined || image === undefined ? undefined : { id, image }
}

export function withTag(reference: string): string {
  return reference.includes('@') || /:[^/]+$/.test(reference) ? reference : `${reference}:latest`
}

function idBeginning(store: Store, reference: string): string | undefined {
  if (!/^(sha256:)?[0-9a-f]{6,64}$/.test(reference)) return undefined
  return Object.keys(store.images).find(
    (id) => id.startsWith(reference) || id.startsWith(`sha256:${reference}`),
  )
}
