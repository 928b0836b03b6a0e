// Versions as Dart's pub_semver reads and orders them, which is not how npm does.

/** A dot-separated part behind `-` or `+`: a number where Dart's `int.tryParse` sees one. */
export type Identifier = bigint | string

export interface Version {
  readonly numbers: readonly [bigint, bigint, bigint]
  readonly preRelease: readonly Identifier[]
  readonly build: readonly Identifier[]
}

const versionStart =
  /^(\d+)\.(\d+)\.(\d+)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?/

/** Dart's integers have 64 bits. */
const largestInteger = 2n ** 63n - 1n
const smallestInteger = -(2n ** 63n)

export type VersionStart =
  | { readonly kind: 'version'; readonly version: Version; readonly length: number }
  | { readonly kind: 'too large'; readonly length: number }
  | { readonly kind: 'none' }

/** Reads the version that `text` begins with. Leading zeros are read as integers. */
export function readVersionStart(text: string): VersionStart {
  const match = versionStart.exec(text)
  if (match === null) return { kind: 'none' }
  const [whole, major = '', minor = '', patch = '', preRelease, build] = match
  const numbers = [toInteger(major), toInteger(minor), toInteger(patch)] as const
  const [first, second, third] = numbers
  if (first === undefined || second === undefined || third === undefined) {
    return { kind: 'too large', length: whole.length }
  }
  const version: Version = {
    numbers: [first, second, third],
    preRelease: splitIdentifiers(preRelease),
    build: splitIdentifiers(build),
  }
  return { kind: 'version', version, length: whole.length }
}

/** Reads `text` as one version and nothing else. */
export function parseVersion(text: string): Version | undefined {
  const start = readVersionStart(text)
  return start.kind === 'version' && start.length === text.length ? start.version : undefined
}

function splitIdentifiers(text: string | undefined): readonly Identifier[] {
  return text === undefined ? [] : text.split('.').map((part) => toInteger(part) ?? part)
}

/** As Dart's `int.tryParse` does: decimal or hexadecimal with an optional minus, within 64 bits. */
function toInteger(text: string): bigint | undefined {
  const match = /^(-?)(\d+|0[xX][\dA-Fa-f]+)$/.exec(text)
  // A number of more than 40 digits is over 64 bits only if it is not all zeros in front.
  const digits = match?.[2]?.replace(/^0+(?=\d)/, '')
  if (match === null || digits === undefined || digits.length > 40) return undefined
  const isHexadecimal = /^0x/i.test(match[2] ?? '')
  const size = BigInt(isHexadecimal ? (match[2] ?? '') : digits)
  const value = match[1] === '-' ? -size : size
  if (value >= smallestInteger && value <= largestInteger) return value
  // Sixteen hexadecimal digits are taken as the 64 bits themselves.
  return isHexadecimal && size < 2n ** 64n ? BigInt.asIntN(64, value) : undefined
}

/** Negative, zero or positive, in the order of pub_semver: build parts take part, other than in SemVer. */
export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    const order = compare(a.numbers[index], b.numbers[index])
    if (order !== 0) return order
  }
  if (a.preRelease.length === 0 && b.preRelease.length > 0) return 1
  if (b.preRelease.length === 0 && a.preRelease.length > 0) return -1
  return compareLists(a.preRelease, b.preRelease) || compareLists(a.build, b.build)
}

/** Missing parts come first, numbers before texts. */
function compareLists(a: readonly Identifier[], b: readonly Identifier[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = compareIdentifiers(a[index], b[index])
    if (order !== 0) return order
  }
  return 0
}

function compareIdentifiers(a: Identifier | undefined, b: Identifier | undefined): number {
  if (a === undefined || b === undefined) return compare(Number(a !== undefined), Number(b !== undefined))
  if (typeof a === 'bigint') return typeof b === 'bigint' ? compare(a, b) : -1
  return typeof b === 'bigint' ? 1 : compare(a, b)
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** True if both have the same three numbers, whatever stands behind them. */
export function hasSameNumbers(a: Version, b: Version): boolean {
  return a.numbers.every((number, index) => number === b.numbers[index])
}

/** The first version that `^version` does not reach; undefined if it has no number for that. */
export function nextBreaking(version: Version): Version | undefined {
  const [major, minor] = version.numbers
  const next: Version['numbers'] = major === 0n ? [0n, minor + 1n, 0n] : [major + 1n, 0n, 0n]
  return next.some((number) => number > largestInteger)
    ? undefined
    : { numbers: next, preRelease: [], build: [] }
}

/** As text; leading zeros are gone. */
export function formatVersion(version: Version): string {
  const preRelease = version.preRelease.length > 0 ? `-${version.preRelease.join('.')}` : ''
  const build = version.build.length > 0 ? `+${version.build.join('.')}` : ''
  return `${version.numbers.join('.')}${preRelease}${build}`
}
