// Reads the policies that customers get, with the guide's placeholders filled in for the sandbox's account.
import { readFileSync } from 'node:fs'

/** Values by placeholder without its angle brackets, for example `ACCOUNT_ID`. */
export type Placeholders = Readonly<Record<string, string>>

/**
 * Reads `policies/NAME.json`. The path holds from the sources and from the bundle alike, as both are two folders deep.
 * Throws for a placeholder that has no value.
 */
export function readPolicy(name: string, placeholders: Placeholders): unknown {
  const text = readFileSync(new URL(`../../policies/${name}.json`, import.meta.url), 'utf8')
  const filled = text.replace(/<([A-Z_]+)>/g, (_, placeholder: string) => {
    const value = placeholders[placeholder]
    if (value === undefined) throw new Error(`policies/${name}.json: no value for <${placeholder}>`)
    return value
  })
  return JSON.parse(filled)
}
