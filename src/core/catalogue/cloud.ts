import type { Entry } from './entry.ts'

export const cloudCatalogue = {} as const satisfies Record<string, Entry>
