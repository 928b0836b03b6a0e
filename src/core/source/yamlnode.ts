// A YAML document as plain data with positions, free of the library that read it.

export interface YamlPosition {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

export type YamlScalar = string | number | bigint | boolean | null

export type YamlNode = YamlPosition &
  (
    | { readonly kind: 'scalar'; readonly value: YamlScalar }
    | { readonly kind: 'list'; readonly items: readonly YamlNode[] }
    | { readonly kind: 'map'; readonly entries: readonly YamlEntry[] }
  )

export interface YamlEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

export type YamlMap = Extract<YamlNode, { kind: 'map' }>

/** The entry whose key is this text. */
export function findEntry(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== 'map') return undefined
  return node.entries.find((entry) => entry.key.kind === 'scalar' && entry.key.value === key)
}

/** The value under this key; undefined where there is none or it is null. */
export function findValue(node: YamlNode | undefined, key: string): YamlNode | undefined {
  const value = findEntry(node, key)?.value
  return value === undefined || isNull(value) ? undefined : value
}

/** The text under this key; undefined where it is no text. */
export function findText(node: YamlNode | undefined, key: string): string | undefined {
  const value = findValue(node, key)
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** What a value is, in the words of an error message. */
export function describeNode(node: YamlNode): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'map') return 'a map'
  if (node.value === null) return 'nothing'
  if (typeof node.value === 'boolean') return `the truth value \`${node.value}\``
  return typeof node.value === 'string' ? 'a text' : `the number \`${node.value}\``
}
