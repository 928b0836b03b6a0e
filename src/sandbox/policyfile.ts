// Reads the policies that customers get, with the guide's placeholders filled in for the sandbox's account.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Values by placeholder without its angle brackets, for example `ACCOUNT_ID`. */
export type Placeholders = Readonly<Record<string, string>>

/** Not `new URL(path, import.meta.url)`, which the bundler takes for a file to copy. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * Reads `policies/NAME.json`. The path holds from the sources and from the bundle alike, as both are two folders deep.
 * Throws for a placeholder that has no value.
 */
export function readPolicy(name: string, placeholders: Placeholders): unknown {
  const text = readFileSync(resolve(root, `policies/${name}.json`), 'utf8')
  const filled = text.replace(/<([A-Z_]+)>/g, (_, placeholder: string) => {
    const value = placeholders[placeholder]
    if (value === undefined) throw new Error(`policies/${name}.json: no value for <${placeholder}>`)
    return value
  })
  return JSON.parse(filled)
}
