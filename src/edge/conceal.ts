// Keeps secrets out of everything that is printed: whatever was noted as a secret is replaced, in three spellings.

/** Access key ids of AWS, long-lived and temporary. */
const keyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g
/** Three base64url parts: a JSON web token. */
const jwt = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g
const mask = '***'

export class Concealer {
  private readonly secrets = new Set<string>()

  /** From now on this text is replaced, also as base64 and percent-encoded. Short texts would hide ordinary words. */
  add(secret: string): void {
    if (secret.length < 8) return
    this.secrets.add(secret)
    this.secrets.add(Buffer.from(secret).toString('base64'))
    this.secrets.add(encodeURIComponent(secret))
  }

  conceal(text: string): string {
    let shown = text
    for (const secret of this.secrets) shown = shown.replaceAll(secret, mask)
    return shown.replace(keyId, mask).replace(jwt, mask)
  }
}
