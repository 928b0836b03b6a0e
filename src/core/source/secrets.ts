// Tells what looks like a secret, by its name or by what stands in it.

const folders = new Set(['.aws', '.ssh', '.docker', '.gnupg', '.kube', '.azure', '.gcloud'])

const names: readonly RegExp[] = [
  /^\.env$/,
  /^\.env\.(?!(?:example|sample|template|dist|defaults)$)/,
  /^\.(?:npmrc|netrc|pypirc|git-credentials|htpasswd|vault-token|pgpass|my\.cnf)$/,
  /^_netrc$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/,
  /\.(?:key|p12|pfx|jks|keystore|ppk|tfstate)$/,
  /^gha-creds-.*\.json$/,
  /service[-_. ]?account.*\.json$/,
  /^pub-(?:credentials|tokens)\.json$/,
  /^(?:application_default_)?credentials\.json$/,
]

/** Files that the build needs as they are: a secret in them is reported, but they stay. */
const kept = /(?:\.dart|^Dockerfile|^\.dockerignore|^pubspec\.(?:yaml|lock))$/

/** True if the name alone says secret. Sources in Dart never are. */
export function hasSecretName(path: string): boolean {
  const parts = path.split('/')
  const name = (parts.at(-1) ?? '').toLowerCase()
  if (kept.test(parts.at(-1) ?? '')) return false
  return parts.slice(0, -1).some((part) => folders.has(part)) || names.some((pattern) => pattern.test(name))
}

/** True for a file that stays in although a secret stands in it. */
export function isKeptDespiteSecret(path: string): boolean {
  return kept.test(path.slice(path.lastIndexOf('/') + 1))
}

const keyMark = Buffer.from('PRIVATE KEY')
const accountMark = Buffer.from('"private_key"')
const before = 64
const after = 160
/** A key in PEM form with its first line of content, also where line breaks are written as `\n`. */
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r)+(?:[\w-]+: [^\n]*|[A-Za-z0-9+/=]{4})/
/** Compiled programs hold the marks as texts of their own; in them only a long line of content counts. */
const binaryKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\r?\n[A-Za-z0-9+/=]{48}/

/** True if a piece of a file holds a private key or a service account's credentials. */
export function holdsSecret(piece: Buffer): boolean {
  for (let at = piece.indexOf(keyMark); at !== -1; at = piece.indexOf(keyMark, at + 1)) {
    const text = piece.toString('latin1', Math.max(0, at - before), at + after)
    const isBinary = piece.subarray(0, 8192).includes(0)
    if ((isBinary ? binaryKey : privateKey).test(text)) return true
  }
  return (
    piece.length < 65_536 &&
    piece.includes(accountMark) &&
    /"type"\s*:\s*"service_account"/.test(piece.toString('latin1'))
  )
}

/** So many bytes of the piece before have to be looked at again together with the next one. */
export const secretOverlap = before + after

/** True if a `.git/config` holds a token, which actions/checkout leaves there. */
export function holdsGitToken(config: string): boolean {
  return (
    /^\s*extraheader\s*=\s*authorization:/im.test(config) ||
    /url\s*=\s*https?:\/\/[^/\s:@]*:[^/\s@]+@/i.test(config)
  )
}
