// Keeps secrets out of everything that is printed: whatever was noted as a secret is replaced, in three spellings.

/** Access key ids of AWS, long-lived and temporary. */
const keyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g
/** Three base64url parts: a JSON web token. */
const jwt = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g
const mask = '***'

export class Concealer {
  private readonly secrets = new Set<string>()

  /**
   * From now on this text is replaced, also percent-encoded and as base64, alone or inside a longer text that was
   * encoded as a whole. Short texts would hide ordinary words.
   */
  add(secret: string): void {
    if (secret.length < 8) return
    for (const spelling of [secret, encodeURIComponent(secret), ...base64Spellings(secret)])
      this.secrets.add(spelling)
  }

  conceal(text: string): string {
    let shown = text
    for (const secret of this.secrets) shown = shown.replaceAll(secret, mask)
    return shown.replace(keyId, mask).replace(jwt, mask)
  }
}

/** Base64 takes three bytes at a time, so a secret inside a longer text has three spellings. Edges depend on neighbours. */
function base64Spellings(secret: string): readonly string[] {
  const whole = Buffer.from(secret).toString('base64')
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString('base64')
    return text.slice(shift === 0 ? 0 : 4, Math.floor((shift + Buffer.byteLength(secret)) / 3) * 4)
  })
  const spellings = [whole, ...shifted].filter((spelling) => spelling.length >= 8)
  return [...spellings, ...spellings.map(toUrlAlphabet)]
}

function toUrlAlphabet(base64: string): string {
  return base64.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
}
