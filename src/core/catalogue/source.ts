import type { Entry } from './entry.ts'

export const sourceCatalogue = {} as const satisfies Record<string, Entry>
