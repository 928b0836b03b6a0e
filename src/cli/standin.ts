// The door for the stand-ins of `aws` and `docker` that builds in the sandbox call.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The command line that starts a stand-in; the tool's name and its words follow. A bundle of its own: it starts often. */
export function standinEntry(): readonly string[] {
  const self = fileURLToPath(import.meta.url)
  const isSource = self.endsWith('standin.ts')
  return [
    process.execPath,
    isSource ? join(dirname(self), '../sandbox/standins/entry.ts') : join(dirname(self), 'stand-in.js'),
  ]
}
