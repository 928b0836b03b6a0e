// What the core tells while it works. Words that come from outside are marked as such by the kind, never mixed into ours.
import type { Problem } from './problem.ts'

export type Progress =
  /** One sentence of ours about the step that begins. */
  | { readonly kind: 'step'; readonly text: string }
  /** A sentence of ours; its detail is somebody else's words. */
  | { readonly kind: 'note'; readonly text: string; readonly detail?: string }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | {
      readonly kind: 'phase'
      readonly phase: string
      readonly status: string
      readonly seconds: number | undefined
      readonly messages: readonly string[]
    }
  /** Lines of the build's log, untrusted. */
  | { readonly kind: 'log'; readonly lines: readonly string[] }
  /** Nothing new for a while; seconds since the build started. */
  | { readonly kind: 'waiting'; readonly phase: string; readonly seconds: number }
