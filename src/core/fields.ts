// Reads single inputs from text, and collects every problem on the way instead of stopping at the first.
import type { Code } from './catalogue.ts'
import type { Problem } from './problem.ts'

export interface Form {
  readonly pattern: RegExp
  /** What the value must look like, as the end of "expected ...". */
  readonly expected: string
}

/** A reader over the texts of the inputs; `problems` fills while it reads. */
export class Fields {
  readonly problems: Problem[] = []
  private readonly texts: Readonly<Record<string, string | undefined>>

  constructor(texts: Readonly<Record<string, string | undefined>>) {
    this.texts = texts
  }

  /** The text without white space around it, or the fallback where it is empty. */
  text(name: string, fallback = ''): string {
    const text = (this.texts[name] ?? '').trim()
    return text === '' ? fallback : text
  }

  /** A value that must match; undefined where it is empty (a problem if required) or does not match. */
  match(name: string, form: Form, required: boolean): string | undefined {
    const text = this.text(name)
    if (text === '') {
      if (required) this.missing(name, form.expected)
      return undefined
    }
    if (form.pattern.test(text)) return text
    this.invalid(name, text, form.expected)
    return undefined
  }

  /** A whole number in plain ASCII digits within the limits. */
  number(name: string, fallback: number, limits: { readonly min: number; readonly max: number }): number {
    const text = this.text(name, String(fallback))
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
    if (value >= limits.min && value <= limits.max) return value
    this.invalid(name, text, `a whole number from ${limits.min} to ${limits.max}`)
    return fallback
  }

  /** `true` or `false`, and nothing else. */
  flag(name: string): boolean {
    const text = this.text(name, 'false')
    if (text === 'true' || text === 'false') return text === 'true'
    this.invalid(name, text, '`true` or `false`')
    return false
  }

  /** The lines of a multi-line input that are not empty. */
  lines(name: string): readonly string[] {
    return this.text(name)
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  missing(name: string, expected: string): void {
    this.add('DCF-INPUT-MISSING', `\`${name}\` has no value.`, `Give \`${name}\` ${expected}.`)
  }

  invalid(name: string, text: string, expected: string): void {
    const shown = text.length > 80 ? `${text.slice(0, 80)}...` : text
    this.add('DCF-INPUT-INVALID', `\`${name}\` is \`${shown}\`.`, `It must be ${expected}.`)
  }

  disagree(message: string, help: string): void {
    this.add('DCF-INPUT-DISAGREE', message, help)
  }

  add(code: Code, message: string, help: string): void {
    this.problems.push({ code, severity: 'error', message, help })
  }
}
