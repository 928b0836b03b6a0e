// The door for the stand-ins of `aws` and `docker` that builds in the sandbox call: this program again.
import { fileURLToPath } from 'node:url'

/** The command line that starts a stand-in; the tool's name and its words follow. */
export function standinEntry(): readonly string[] {
  const self = fileURLToPath(import.meta.url)
  // From the sources the stand-ins have a door of their own; in the bundle this file is the program itself.
  return self.endsWith('standin.ts')
    ? [process.execPath, fileURLToPath(import.meta.resolve('../sandbox/standins/main.ts'))]
    : [process.execPath, self, 'stand-in']
}
