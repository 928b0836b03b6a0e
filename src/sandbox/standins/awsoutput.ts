// Prints an answer as the AWS CLI does: `--query` first, then json or text.
import { search } from 'jmespath'
import { UsageError } from './usage.ts'

export function formatAnswer(answer: unknown, output: string, query: string | undefined): string {
  const chosen = query === undefined ? answer : select(answer, query)
  if (output === 'text') return formatText(chosen)
  if (isMap(chosen) && Object.keys(chosen).length === 0) return ''
  return `${JSON.stringify(chosen, null, 4)}\n`
}

function select(answer: unknown, query: string): unknown {
  try {
    return search(answer, query) ?? null
  } catch (error) {
    throw new UsageError(
      `Bad value for --query ${query}: ${error instanceof Error ? error.message : String(error)}`,
      255,
    )
  }
}

interface Frame {
  readonly name?: string
  readonly keys?: readonly string[]
}

function formatText(item: unknown, frame: Frame = {}): string {
  if (isMap(item)) return formatMap(item, frame)
  if (Array.isArray(item)) return formatList(item, frame)
  return `${scalar(item)}\n`
}

function formatList(items: readonly unknown[], { name }: Frame): string {
  if (items.length === 0) return ''
  if (items.some(isMap)) {
    const keys = [...new Set(items.flatMap((item) => (isMap(item) ? scalarKeys(item) : [])))].toSorted()
    return items.map((item) => formatText(item, { keys, ...(name === undefined ? {} : { name }) })).join('')
  }
  const nested = items.filter(Array.isArray)
  const plain = items.filter((item) => !Array.isArray(item))
  const first = plain.length === 0 ? '' : formatRow(plain, name)
  return first + nested.map((item) => formatList(item, name === undefined ? {} : { name })).join('')
}

function formatRow(items: readonly unknown[], name: string | undefined): string {
  if (name === undefined) return `${items.map(scalar).join('\t')}\n`
  return items.map((item) => `${name.toUpperCase()}\t${scalar(item)}\n`).join('')
}

function formatMap(item: Readonly<Record<string, unknown>>, { name, keys }: Frame): string {
  const shown = keys ?? scalarKeys(item)
  const row = shown.map((key) => (key in item ? scalar(item[key]) : ''))
  const head = name === undefined ? row : [name.toUpperCase(), ...row]
  const first = shown.length === 0 ? '' : `${head.join('\t')}\n`
  const nested = Object.keys(item)
    .filter((key) => !shown.includes(key))
    .toSorted()
  return first + nested.map((key) => formatText(item[key], { name: key })).join('')
}

function scalarKeys(item: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(item)
    .filter((key) => !isMap(item[key]) && !Array.isArray(item[key]))
    .toSorted()
}

/** Python's words for values. */
function scalar(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  return String(value)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
