// Version constraints as Dart's pub_semver reads them: text to a set of versions.
import { compareVersions, hasSameNumbers, nextBreaking, readVersionStart, type Version } from './version.ts'

/** Everything between two ends; an end that is absent is open. */
export interface Range {
  readonly min?: Version
  readonly max?: Version
  readonly includesMin: boolean
  readonly includesMax: boolean
}

export type Constraint =
  | { readonly kind: 'range'; readonly range: Range }
  /** Parses, but no version satisfies it. */
  | { readonly kind: 'empty' }
  /** What pub refuses to read. `at` is the index of the first character that does not fit. */
  | { readonly kind: 'invalid'; readonly at: number; readonly reason: InvalidReason }

export type InvalidReason =
  | 'nothing'
  | 'unknown text'
  | 'version expected'
  | 'more than a caret'
  | 'number too large'

/** Longer texts are refused unread: a real constraint has some twenty characters. */
const longestConstraint = 4096

/** Reads a constraint the way `VersionConstraint.parse` does. */
export function parseConstraint(text: string): Constraint {
  if (text.length > longestConstraint)
    return { kind: 'invalid', at: longestConstraint, reason: 'unknown text' }
  const start = skipBlanks(text, 0)
  // JavaScript's trim and Dart's agree on everything but U+0085, which only Dart takes for white space.
  const end = trimmedEnd(text)
  if (text.slice(start, end) === 'any') return range({ includesMin: false, includesMax: false })
  const scan: Scan = { text: text.slice(0, end), at: start }
  return scan.text.startsWith('^', start) ? parseCaret(scan) : parseParts(scan)
}

interface Scan {
  readonly text: string
  readonly at: number
}

function parseCaret({ text, at }: Scan): Constraint {
  const read = readVersionAt(text, skipBlanks(text, at + 1))
  if (read.kind === 'invalid') return read
  if (read.next < text.length) return { kind: 'invalid', at: read.next, reason: 'more than a caret' }
  const max = nextBreaking(read.version)
  if (max === undefined) return { kind: 'invalid', at: at + 1, reason: 'number too large' }
  return range(excludePreReleases({ min: read.version, max, includesMin: true, includesMax: false }))
}

/** Parts in any order; the highest minimum and the lowest maximum count, exclusive ends first. */
function parseParts(scan: Scan): Constraint {
  let ends: Range = { includesMin: false, includesMax: false }
  for (let at = scan.at; at < scan.text.length; at = skipBlanks(scan.text, at)) {
    const part = readPart(scan.text, at)
    if (part.kind === 'invalid') return part
    ends = intersect(ends, part.range)
    at = part.next
  }
  const { min, max } = ends
  if (min === undefined && max === undefined) return { kind: 'invalid', at: scan.at, reason: 'nothing' }
  if (min !== undefined && max !== undefined) {
    const order = compareVersions(min, max)
    if (order > 0 || (order === 0 && !(ends.includesMin && ends.includesMax))) return { kind: 'empty' }
    if (order === 0) return range(ends)
  }
  return range(excludePreReleases(ends))
}

type Part = { readonly kind: 'part'; readonly range: Range; readonly next: number }
type Invalid = Extract<Constraint, { kind: 'invalid' }>

function readPart(text: string, at: number): Part | Invalid {
  const operator = /^[<>]=?/.exec(text.slice(at, at + 2))?.[0] ?? ''
  const read = readVersionAt(text, operator === '' ? at : skipBlanks(text, at + operator.length))
  if (read.kind === 'invalid') {
    return operator === '' && read.reason === 'version expected' ? { ...read, reason: 'unknown text' } : read
  }
  const { version, next } = read
  const includes = { includesMin: operator !== '>', includesMax: operator !== '<' }
  const low = operator.startsWith('<') ? {} : { min: version }
  const high = operator.startsWith('>') ? {} : { max: version }
  return { kind: 'part', range: { ...includes, ...low, ...high }, next }
}

function readVersionAt(
  text: string,
  at: number,
): { readonly kind: 'version'; readonly version: Version; readonly next: number } | Invalid {
  const start = readVersionStart(text.slice(at))
  switch (start.kind) {
    case 'none':
      return { kind: 'invalid', at, reason: 'version expected' }
    case 'too large':
      return { kind: 'invalid', at, reason: 'number too large' }
    case 'version':
      return { kind: 'version', version: start.version, next: at + start.length }
  }
}

function intersect(a: Range, b: Range): Range {
  const low = compareLow(a, b) >= 0 ? a : b
  const high = compareHigh(a, b) <= 0 ? a : b
  return {
    ...(low.min === undefined ? {} : { min: low.min }),
    ...(high.max === undefined ? {} : { max: high.max }),
    includesMin: low.includesMin,
    includesMax: high.includesMax,
  }
}

/** Orders two ranges by where they begin. */
export function compareLow(a: Range, b: Range): number {
  if (a.min === undefined || b.min === undefined)
    return Number(a.min !== undefined) - Number(b.min !== undefined)
  return compareVersions(a.min, b.min) || Number(b.includesMin) - Number(a.includesMin)
}

/** Orders two ranges by where they end. */
export function compareHigh(a: Range, b: Range): number {
  if (a.max === undefined || b.max === undefined)
    return Number(a.max === undefined) - Number(b.max === undefined)
  return compareVersions(a.max, b.max) || Number(a.includesMax) - Number(b.includesMax)
}

/** True if one of them ends before the other begins. */
export function areApart(a: Range, b: Range): boolean {
  return endsBefore(a, b) || endsBefore(b, a)
}

function endsBefore(a: Range, b: Range): boolean {
  if (a.max === undefined || b.min === undefined) return false
  const order = compareVersions(a.max, b.min)
  return order < 0 || (order === 0 && !(a.includesMax && b.includesMin))
}

/**
 * `<3.12.0` leaves out the pre-releases of 3.12.0 as well, as if it were `<3.12.0-0`: not so if the end has a build
 * suffix, or if the range begins with a pre-release of the same version.
 */
function excludePreReleases(ends: Range): Range {
  const { min, max } = ends
  if (max === undefined || ends.includesMax || max.preRelease.length > 0 || max.build.length > 0) return ends
  if (min !== undefined && min.preRelease.length > 0 && hasSameNumbers(min, max)) return ends
  return { ...ends, max: { ...max, preRelease: [0n] } }
}

function range(ends: Range): Constraint {
  return { kind: 'range', range: ends }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text.charAt(at))) at += 1
  return at
}

function trimmedEnd(text: string): number {
  let end = text.length
  while (end > 0 && isBlank(text.charAt(end - 1))) end -= 1
  return end
}

/** What Dart's `trim` takes away: Unicode's White_Space and the byte order mark. */
function isBlank(character: string): boolean {
  return /[\s\u0085]/.test(character)
}
