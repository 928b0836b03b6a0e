// One thing that the doctor looks at, and what it found.

import type { Code } from '../catalogue.ts'
import { pageOf, pages } from '../diagnosis.ts'

export type Verdict =
  | { readonly kind: 'pass'; readonly detail: string }
  | {
      readonly kind: 'fail'
      readonly code: Code
      readonly detail: string
      readonly help: string
      /** IAM statements to add, as JSON. */
      readonly statement?: string | undefined
    }
  /** Could not be told; `permission` names who lacks what, where that is the reason. */
  | {
      readonly kind: 'unknown'
      readonly reason: string
      readonly permission?: string | undefined
      readonly statement?: string | undefined
    }

export interface Check {
  /** Stable, for example `bucket-region`. */
  readonly id: string
  /** What was looked at, in a few words. */
  readonly title: string
  readonly verdict: Verdict
  /** Where to read on. */
  readonly link: string
}

export function passed(id: string, title: string, detail: string): Check {
  return { id, title, verdict: { kind: 'pass', detail }, link: `${pages}/setup.md` }
}

export interface Failure {
  readonly code: Code
  readonly detail: string
  readonly help: string
  readonly statement?: string | undefined
}

export function failed(id: string, title: string, failure: Failure): Check {
  return { id, title, verdict: { kind: 'fail', ...failure }, link: pageOf(failure.code) }
}

export interface Doubt {
  readonly reason: string
  readonly permission?: string | undefined
  readonly statement?: string | undefined
}

export function untold(id: string, title: string, doubt: Doubt): Check {
  return { id, title, verdict: { kind: 'unknown', ...doubt }, link: `${pages}/permissions.md` }
}
