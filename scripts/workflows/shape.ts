// Reads the parts of a workflow that our own rules look at. YAML is untrusted here: whatever has another shape than
// expected reads as absent, and the rules then miss it where it must be present.
import { parse } from 'yaml'

export interface Workflow {
  readonly path: string
  readonly text: string
  readonly triggers: readonly string[]
  readonly root: Mapping
  readonly jobs: readonly Job[]
}

export interface Job {
  readonly id: string
  readonly body: Mapping
  readonly steps: readonly Mapping[]
}

export type Mapping = Readonly<Record<string, unknown>>

export function readMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {}
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function parseWorkflow(path: string, text: string): Workflow {
  const root = readMapping(parse(text))
  const jobs = Object.entries(readMapping(root['jobs'])).map(([id, value]) => {
    const body = readMapping(value)
    const steps = Array.isArray(body['steps']) ? body['steps'].map(readMapping) : []
    return { id, body, steps }
  })
  return { path, text, triggers: readTriggers(root['on']), root, jobs }
}

function readTriggers(on: unknown): string[] {
  if (typeof on === 'string') return [on]
  return Array.isArray(on) ? on.map(readText) : Object.keys(readMapping(on))
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
