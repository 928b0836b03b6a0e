// Which part of the distribution interface a path addresses.
export type Address =
  | { readonly kind: 'base' }
  | { readonly kind: 'uploads'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string }
  | { readonly kind: 'tags'; readonly name: string }

const NAME = '([a-z0-9]+(?:[._\\-/]+[a-z0-9]+)*)'

/** Undefined for a path that is none of the interface's. */
export function parseAddress(path: string): Address | undefined {
  if (path === '/v2/' || path === '/v2') return { kind: 'base' }
  const uploads = match(path, '/blobs/uploads/?$')
  if (uploads !== undefined) return { kind: 'uploads', name: uploads[0] }
  const upload = match(path, '/blobs/uploads/([0-9a-f-]{36})$')
  if (upload !== undefined) return { kind: 'upload', name: upload[0], id: upload[1] }
  const blob = match(path, '/blobs/(sha256:[0-9a-f]{64})$')
  if (blob !== undefined) return { kind: 'blob', name: blob[0], digest: blob[1] }
  const manifest = match(path, '/manifests/(sha256:[0-9a-f]{64}|\\w[\\w.-]{0,127})$')
  if (manifest !== undefined) return { kind: 'manifest', name: manifest[0], reference: manifest[1] }
  const tags = match(path, '/tags/list$')
  return tags === undefined ? undefined : { kind: 'tags', name: tags[0] }
}

function match(path: string, rest: string): readonly [string, string] | undefined {
  const found = new RegExp(`^/v2/${NAME}${rest}`).exec(path)
  return found === null ? undefined : [found[1] ?? '', found[2] ?? '']
}
