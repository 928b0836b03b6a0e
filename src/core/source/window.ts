// Which versions of the Dart SDK a function may ask for, and how a constraint stands to them.
import {
  areApart,
  type Constraint,
  compareHigh,
  compareLow,
  parseConstraint,
  type Range,
} from './constraint.ts'

/** One minor version of the SDK that the platform builds with. */
export interface SdkWindow {
  readonly minor: '3.10' | '3.11'
  /** The canonical text of the constraint. */
  readonly text: string
  readonly range: Range
}

export const olderWindow: SdkWindow = makeWindow('3.10', '>=3.10.0 <3.11.0')
export const newerWindow: SdkWindow = makeWindow('3.11', '>=3.11.0 <3.12.0')
export const sdkWindows: readonly SdkWindow[] = [olderWindow, newerWindow]

export type Relation =
  | { readonly kind: 'equal'; readonly window: SdkWindow }
  /** Holds one window whole, and more; `window` is the one to narrow it to. */
  | { readonly kind: 'broader'; readonly window: SdkWindow }
  | { readonly kind: 'both'; readonly window: SdkWindow }
  | { readonly kind: 'narrower'; readonly window: SdkWindow }
  | { readonly kind: 'overlapping'; readonly window: SdkWindow }
  | { readonly kind: 'older'; readonly window: SdkWindow }
  | { readonly kind: 'newer'; readonly window: SdkWindow }
  | { readonly kind: 'empty'; readonly window: SdkWindow }

/** How a constraint that parses stands to the windows, with the window that it should be. */
export function relateToWindows(constraint: Exclude<Constraint, { kind: 'invalid' }>): Relation {
  if (constraint.kind === 'empty') return { kind: 'empty', window: newerWindow }
  const { range } = constraint
  const equal = sdkWindows.find((window) => holds(range, window.range) && holds(window.range, range))
  if (equal !== undefined) return { kind: 'equal', window: equal }
  const held = sdkWindows.filter((window) => holds(range, window.range))
  if (held.length > 1) return { kind: 'both', window: newerWindow }
  const [only] = held
  if (only !== undefined) return { kind: 'broader', window: only }
  const around = sdkWindows.find((window) => holds(window.range, range))
  if (around !== undefined) return { kind: 'narrower', window: around }
  const touched = sdkWindows.filter((window) => !areApart(range, window.range)).at(-1)
  if (touched !== undefined) return { kind: 'overlapping', window: touched }
  const isOlder = compareLow(range, olderWindow.range) < 0
  return { kind: isOlder ? 'older' : 'newer', window: newerWindow }
}

/** True if every version in `inner` is in `outer`. */
function holds(outer: Range, inner: Range): boolean {
  return compareLow(outer, inner) <= 0 && compareHigh(outer, inner) >= 0
}

function makeWindow(minor: SdkWindow['minor'], text: string): SdkWindow {
  const constraint = parseConstraint(text)
  if (constraint.kind !== 'range') throw new Error(`the window ${text} is not a range`)
  return { minor, text, range: constraint.range }
}
