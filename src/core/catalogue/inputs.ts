import type { Entry } from './entry.ts'

export const inputsCatalogue = {} as const satisfies Record<string, Entry>
