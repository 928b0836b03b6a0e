// From which branches, environments and events the role may be assumed.
import type { Fields } from '../fields.ts'
import type { Context } from './subject.ts'

/** The contexts that were asked for; the branch `main` where nothing was. */
export function readContexts(fields: Fields): readonly Context[] {
  const branches = fields.lines('branch').map((name): Context => ({ kind: 'branch', name: readRef(name) }))
  const environments = fields.lines('environment').map((name): Context => ({ kind: 'environment', name }))
  const pullRequests: readonly Context[] = fields.flag('pull-request') ? [{ kind: 'pull-request' }] : []
  const named = [...branches, ...environments]
  for (const context of named) checkName(fields, context)
  const places: readonly Context[] = named.length === 0 ? [{ kind: 'branch', name: 'main' }] : named
  return [...places, ...pullRequests]
}

function readRef(name: string): string {
  return name.replace(/^refs\/heads\//, '')
}

function checkName(fields: Fields, context: Context): void {
  if (context.kind === 'pull-request') return
  const { kind, name } = context
  if (/[*?]|\$\{/.test(name)) {
    fields.add(
      'DCF-SETUP-SUBJECT-WILDCARD',
      `\`--${kind} ${name}\` would be compared as it stands, and match no token or too many.`,
      `Name each ${kind} by itself: --${kind} can be repeated.`,
    )
    return
  }
  // What git takes in a ref, and GitHub in the name of an environment.
  const isName = kind === 'branch' ? /^[^\s~^:?*[\\\p{C}]{1,244}$/u : /^[^'"`,;\\\p{C}]{1,255}$/u
  if (!isName.test(name))
    fields.invalid(kind, name, `the name of a${kind === 'branch' ? ' branch' : 'n environment'}`)
}
