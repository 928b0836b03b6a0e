// A web identity token from a file, as other CI systems and Kubernetes mount it; checked before STS is asked.
import { readFileSync } from 'node:fs'
import { isLoopbackUrl } from '../../core/endpoints.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Concealer } from '../conceal.ts'
import { decodeClaims, type TokenSource } from './token.ts'

export interface TokenFile {
  readonly path: string
  readonly audience: string
  /** An http issuer on loopback is fine only where STS is there too. */
  readonly isLoopback: boolean
  readonly concealer: Concealer
  now(): number
}

/** Reads the file anew for every token: whoever mounts it also renews it. Throws Refusal. */
export function fileTokens(file: TokenFile): TokenSource {
  return async () => {
    const token = readToken(file)
    file.concealer.add(token)
    const fault = findFault(token, file)
    if (fault === undefined) return token
    throw new Refusal('DCF-TOKEN-FILE', { detail: `The token in ${file.path} ${fault}.` })
  }
}

function readToken({ path }: TokenFile): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refusal('DCF-TOKEN-FILE', { detail: `The token file cannot be read: ${reason}` })
  }
}

function findFault(token: string, file: TokenFile): string | undefined {
  const claims = decodeClaims(token)
  if (claims === undefined) return 'is not a JSON web token'
  if (!claims.aud.includes(file.audience))
    return `is for audience \`${claims.aud.join(', ')}\`, not \`${file.audience}\``
  const isIssuer = claims.iss.startsWith('https://') || (file.isLoopback && isLoopbackUrl(claims.iss))
  if (!isIssuer) return `has the issuer \`${claims.iss}\`; IAM takes https only`
  if (claims.exp === undefined) return 'has no expiry'
  if (claims.exp * 1000 <= file.now())
    return `expired ${Math.round(file.now() / 1000 - claims.exp)} seconds ago`
  return undefined
}
