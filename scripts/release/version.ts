// What a version of a release is: three numbers and nothing else, as `1.4.0` or, for its tag, `v1.4.0`.

export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** Null for anything but three decimal numbers without leading zeros; pre-releases are not published. */
export function parseVersion(text: string): Version | null {
  const match = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(text)
  if (match === null) return null
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) }
}

/** Null for a tag that is not a release's, such as the moving `v1`. */
export function parseReleaseTag(tag: string): Version | null {
  return tag.startsWith('v') ? parseVersion(tag.slice(1)) : null
}

export function formatVersion(version: Version): string {
  return `${version.major}.${version.minor}.${version.patch}`
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch
}
