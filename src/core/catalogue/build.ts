import type { Entry } from './entry.ts'

export const buildCatalogue = {} as const satisfies Record<string, Entry>
