// The one catalogue of everything that can be wrong or refused: code -> words.
import { buildCatalogue } from './catalogue/build.ts'
import { cloudCatalogue } from './catalogue/cloud.ts'
import type { Entry } from './catalogue/entry.ts'
import { inputsCatalogue } from './catalogue/inputs.ts'
import { setupCatalogue } from './catalogue/setup.ts'
import { sourceCatalogue } from './catalogue/source.ts'

export const catalogue = {
  ...inputsCatalogue,
  ...sourceCatalogue,
  ...cloudCatalogue,
  ...buildCatalogue,
  ...setupCatalogue,
} as const satisfies Record<string, Entry>

/** A stable code; it is public (output `error-code`), so none is ever renamed. */
export type Code = keyof typeof catalogue

/** The words of a code. */
export function entryOf(code: Code): Entry {
  return catalogue[code]
}
