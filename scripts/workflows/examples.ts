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
  /** Blocks that use actions but are no workflow and no part of one, and so cannot be linted. */
  readonly problems: readonly string[]
}

const JOBS_HEADER = `name: Example
on: workflow_dispatch
permissions: {}
concurrency: { group: example, cancel-in-progress: false }
`

const STEPS_HEADER = `${JOBS_HEADER}jobs:
  example:
    name: Example
    runs-on: ubuntu-latest
    timeout-minutes: 90
    permissions:
      contents: read # check out the function
      id-token: write # ask GitHub for the OIDC token
    steps:
`

/** Looks at every fenced YAML block of a Markdown page. The jobs of a workflow, or the steps of a job, are completed. */
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
  if (isMapping(root) && Object.keys(root).join() === 'jobs') return complete(line, JOBS_HEADER, text)
  if (Array.isArray(root) && root.length > 0 && root.every(isStep)) {
    return complete(line, STEPS_HEADER, text.replaceAll(/^(?=.)/gm, '      '))
  }
  if (/^\s*(-\s+)?uses:/m.test(text)) {
    return {
      kind: 'problem',
      problem: 'neither a whole workflow nor its jobs nor a list of steps; write one of them',
    }
  }
  return { kind: 'other' }
}

/** Puts a header before a fragment, and blank lines before that, so far as the page has room above it. */
function complete(line: number, header: string, text: string): BlockOutcome {
  const room = Math.max(0, line - header.split('\n').length + 1)
  return { kind: 'example', text: '\n'.repeat(room) + header + text }
}

function isStep(value: unknown): value is Mapping {
  return isMapping(value) && ('uses' in value || 'run' in value)
}
