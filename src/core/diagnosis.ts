// Where a person reads on: the page of a code, whose anchor `docs/problems.md` has for every entry of the catalogue.
import type { Code } from './catalogue.ts'

/** The documentation of the release that runs. */
export const pages = 'https://github.com/dcf/aws-lambda-deploy/blob/v1/docs'

/** The address of a code's section; GitHub makes anchors of headings in lower case. */
export function pageOf(code: Code): string {
  return `${pages}/problems.md#${code.toLowerCase()}`
}
