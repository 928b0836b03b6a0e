// What a web identity token says about itself. Decoded for messages only; it is STS that verifies it.

export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  /** Seconds since 1970. */
  readonly exp: number | undefined
  readonly repository: string | undefined
  readonly repositoryId: string | undefined
  readonly ownerId: string | undefined
}

/** Where a fresh token comes from; asked again for every attempt, because a token lives five minutes only. */
export type TokenSource = (signal?: AbortSignal) => Promise<string>

/** Undefined if the text is no JWT. */
export function decodeClaims(token: string): Claims | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token)?.[1]
  if (payload === undefined) return undefined
  const claims = parseObject(Buffer.from(payload, 'base64url').toString('utf8'))
  if (claims === undefined) return undefined
  const text = (name: string) => {
    const value = claims.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const audience = claims.get('aud')
  const exp = claims.get('exp')
  return {
    iss: text('iss') ?? '',
    sub: text('sub') ?? '',
    aud: Array.isArray(audience) ? audience.filter((one) => typeof one === 'string') : [text('aud') ?? ''],
    exp: typeof exp === 'number' ? exp : undefined,
    repository: text('repository'),
    repositoryId: text('repository_id'),
    ownerId: text('repository_owner_id'),
  }
}

function parseObject(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}
