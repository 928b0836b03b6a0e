// The way to the commands that need the AWS SDK or the sandbox: a bundle of its own, so that `plan` starts at once.
import type { full } from './full.ts'

/** In the sources a module, in dist/ the bundle of that name beside this one. */
export async function loadFull(): Promise<typeof full> {
  return (await import(/* webpackIgnore: true */ './full.ts')).full
}
