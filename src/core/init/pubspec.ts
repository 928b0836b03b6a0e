// The one line of pubspec.yaml that a deployment depends on: the window of the Dart SDK.
import { isScalar, parseDocument } from 'yaml'
import { parseConstraint } from '../source/constraint.ts'
import { newerWindow, olderWindow, relateToWindows, type SdkWindow } from '../source/window.ts'
import { readYaml } from '../source/yaml.ts'

/** What to make of a pubspec: its text with a window in it, and that window. */
export interface PubspecEdit {
  readonly text: string
  readonly window: SdkWindow
}

/** Puts a supported window where `environment.sdk` stands; everything else stays byte for byte. */
export function editPubspec(text: string): PubspecEdit {
  const place = findConstraint(text)
  const window = chooseWindow(place?.constraint ?? '')
  if (place === undefined) return { text: addConstraint(text, window), window }
  if (isEqual(place.constraint)) return { text, window }
  const before = text.slice(0, place.start)
  const blank = before.endsWith(':') ? ' ' : ''
  // A block scalar ends with the line's end, which has to stay.
  const end = /\r?\n$/.exec(text.slice(place.start, place.end))?.[0] ?? ''
  return { text: `${before}${blank}'${window.text}'${end}${text.slice(place.end)}`, window }
}

interface Place {
  readonly start: number
  readonly end: number
  readonly constraint: string
}

function findConstraint(text: string): Place | undefined {
  // The library must not see what it would not survive, and has no positions in what is no YAML.
  if (readYaml(new TextEncoder().encode(text)).kind === 'refused') return findLine(text)
  const document = parseDocument(text, { strict: false, logLevel: 'silent' })
  const node = document.errors.length === 0 ? document.getIn(['environment', 'sdk'], true) : undefined
  if (!isScalar(node) || !node.range) return findLine(text)
  const [start, end] = node.range
  return { start, end, constraint: typeof node.value === 'string' ? node.value : (node.source ?? '') }
}

/** The line `sdk:` below `environment:`, for a file that is no YAML, as `sdk: >=3.11.0 <3.12.0` without quotes is none. */
function findLine(text: string): Place | undefined {
  const found =
    /^environment:[^\S\r\n]*(?:#.*)?(?:\r?\n[^\S\r\n]+(?!sdk:).*|\r?\n[^\S\r\n]*)*?\r?\n[^\S\r\n]+sdk:[^\S\r\n]*/m.exec(
      text,
    )
  if (found === null) return undefined
  const start = found.index + found[0].length
  const constraint = /^.*?(?=[^\S\r\n]*(?:[^\S\r\n]#|\r?\n|$))/.exec(text.slice(start))?.[0] ?? ''
  return { start, end: start + constraint.length, constraint: constraint.replace(/^(['"])(.*)\1$/, '$2') }
}

function chooseWindow(text: string): SdkWindow {
  const constraint = parseConstraint(text)
  if (constraint.kind !== 'invalid') return relateToWindows(constraint).window
  return text.includes('3.10') && !text.includes('3.11') ? olderWindow : newerWindow
}

function isEqual(text: string): boolean {
  const constraint = parseConstraint(text)
  return constraint.kind !== 'invalid' && relateToWindows(constraint).kind === 'equal'
}

function addConstraint(text: string, window: SdkWindow): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `  sdk: '${window.text}'`
  const section = /^environment:[^\S\r\n]*(?:#.*?)?(?=\r?\n|$)/m.exec(text)
  if (section !== null) {
    const at = section.index + section[0].length
    return `${text.slice(0, at)}${end}${line}${text.slice(at)}`
  }
  // Something on the line of `environment:`, such as a map in braces: its own author knows best.
  if (/^environment:/m.test(text)) return text
  const start = text === '' || text.endsWith('\n') ? '' : end
  return `${text}${start}${end}environment:${end}${line}${end}`
}
