// Finds the workflows that the documentation shows, so that they are linted like workflows that run.
import { parse } from 'yaml'
import { isMapping, type Mapping } from './shape.ts'

export interface Example {
  /** `README.md:12`: the line of the opening fence, counted from 1. */
  readonly place: string
  /** A whole workflow, whose line numbers are those of the page where there is room for it. */
  readonly text: string
}

export interface Examples {
  readonly examples: readonly Example[]
  /** Blocks that use actions but are neither a whole workflow nor a list of steps, and so cannot be linted. */
  readonly problems: readonly string[]
}

const STEPS_HEADER = `name: Example
on: workflow_dispatch
permissions: {}
concurrency: { group: example, cancel-in-progress: false }
jobs:
  example:
    name: Example
    runs-on: ubuntu-latest
    timeout-minutes: 90
    permissions:
      contents: read # check out the function
      id-token: write # ask GitHub for the OIDC token
    steps:
`

/** Looks at every fenced YAML block of a Markdown page. A list of steps is put into a job of its own. */
export function extractExamples(path: string, markdown: string): Examples {
  const examples: Example[] = []
  const problems: string[] = []
  for (const block of listYamlBlocks(markdown)) {
    const place = `${path}:${block.line}`
    const outcome = readBlock(block)
    if (outcome.kind === 'example') examples.push({ place, text: outcome.text })
    if (outcome.kind === 'problem') problems.push(`${place}: ${outcome.problem}`)
  }
  return { examples, problems }
}

interface Block {
  /** Line of the opening fence, from 1. */
  readonly line: number
  readonly text: string
}

function listYamlBlocks(markdown: string): Block[] {
  const fences = /^([ \t]*)(`{3,}|~{3,})ya?ml\b[^\n]*\n([\s\S]*?)^\1\2[ \t]*$/gm
  return [...markdown.matchAll(fences)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length,
    text: (match[3] ?? '').replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
  }))
}

type BlockOutcome =
  | { readonly kind: 'example'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'other' }

function readBlock({ line, text }: Block): BlockOutcome {
  let root: unknown
  try {
    root = parse(text)
  } catch (error) {
    return { kind: 'problem', problem: `not YAML: ${String(error)}` }
  }
  if (isMapping(root) && 'on' in root && 'jobs' in root) {
    return { kind: 'example', text: '\n'.repeat(line) + text }
  }
  if (Array.isArray(root) && root.length > 0 && root.every(isStep)) {
    const room = line - STEPS_HEADER.split('\n').length + 1
    const steps = text.replaceAll(/^(?=.)/gm, '      ')
    return { kind: 'example', text: '\n'.repeat(Math.max(0, room)) + STEPS_HEADER + steps }
  }
  if (/^\s*(-\s+)?uses:/m.test(text)) {
    return {
      kind: 'problem',
      problem: 'neither a whole workflow nor a list of steps; write it as one of them',
    }
  }
  return { kind: 'other' }
}

function isStep(value: unknown): value is Mapping {
  return isMapping(value) && ('uses' in value || 'run' in value)
}
