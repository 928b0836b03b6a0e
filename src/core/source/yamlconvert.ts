// Turns the library's document into plain data: aliases resolved once each, equal keys found in linear time.
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml'
import type { YamlFault } from './yamlfault.ts'
import type { YamlEntry, YamlNode, YamlPosition, YamlScalar } from './yamlnode.ts'

interface Conversion {
  readonly locate: (offset: number) => YamlPosition
  /** An alias means the last anchor of that name before it. */
  readonly anchors: Map<string, YamlNode>
  fault: YamlFault | undefined
}

/** Converts what could be read; `fault` is the first thing in it that Dart refuses. */
export function convertDocument(
  document: Document.Parsed,
  locate: (offset: number) => YamlPosition,
): { readonly root: YamlNode; readonly fault?: YamlFault } {
  const conversion: Conversion = { locate, anchors: new Map(), fault: undefined }
  const root = convert(conversion, document.contents, 0)
  return conversion.fault === undefined ? { root } : { root, fault: conversion.fault }
}

function convert(conversion: Conversion, node: ParsedNode | null, near: number): YamlNode {
  const position = conversion.locate(node?.range[0] ?? near)
  if (node === null) return { kind: 'scalar', value: null, ...position }
  if (isAlias(node)) return resolve(conversion, node.source, node.range[0])
  const converted = convertContent(conversion, node, position)
  if (node.anchor !== undefined) conversion.anchors.set(node.anchor, converted)
  return converted
}

function convertContent(conversion: Conversion, node: ParsedNode, position: YamlPosition): YamlNode {
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(conversion, item, node.range[0]))
    return { kind: 'list', items, ...position }
  }
  if (isMap(node)) {
    const entries = node.items.map((pair): YamlEntry => {
      const key = convert(conversion, pair.key, node.range[0])
      return { key, value: convert(conversion, pair.value, pair.key.range[0]) }
    })
    findDuplicate(
      conversion,
      entries,
      node.items.map((pair) => pair.key.range[0]),
    )
    return { kind: 'map', entries, ...position }
  }
  return { kind: 'scalar', value: isScalar(node) ? toScalar(node.value) : null, ...position }
}

function resolve(conversion: Conversion, name: string, at: number): YamlNode {
  const found = conversion.anchors.get(name)
  if (found === undefined) {
    addFault(conversion, { message: `the alias \`*${name.slice(0, 60)}\` has no anchor before it`, at })
  }
  // Its place stays where the value was written: that is the text to mend, and the place that Dart names.
  return found ?? { kind: 'scalar', value: null, ...conversion.locate(at) }
}

function findDuplicate(
  conversion: Conversion,
  entries: readonly YamlEntry[],
  offsets: readonly number[],
): void {
  const seen = new Set<string>()
  entries.forEach(({ key }, index) => {
    if (key.kind !== 'scalar') return
    const identity = `${typeof key.value} ${key.value}`
    if (seen.has(identity)) {
      addFault(conversion, {
        message: `the key \`${String(key.value).slice(0, 60)}\` stands here a second time`,
        at: offsets[index] ?? 0,
      })
    }
    seen.add(identity)
  })
}

function addFault(conversion: Conversion, fault: YamlFault): void {
  if (conversion.fault === undefined || fault.at < conversion.fault.at) conversion.fault = fault
}

function toScalar(value: unknown): YamlScalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  return typeof value === 'boolean' ? value : null
}
