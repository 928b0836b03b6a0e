// What every command of the docker stand-in works with.
import type { Console } from './console.ts'
import type { Store } from './dockerstore.ts'

export interface Docker {
  readonly console: Console
  readonly store: Store
  readonly folder: string
  readonly architecture: 'amd64' | 'arm64'
}
