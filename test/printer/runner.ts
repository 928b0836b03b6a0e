// The runner's reading of a step's output: lines, its two parsers of commands, and `stop-commands`. The oracle that the
// safe printer is held against.

export interface RunnerCommand {
  readonly name: string
  readonly data: string
  readonly line: string
}

/** Names that the runner knows, in lower case as it ignores case. */
const registered = [
  'internal-set-repo-path',
  'set-env',
  'set-output',
  'save-state',
  'add-path',
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
  'stop-commands',
]

/** What the runner passes over when it looks for a text by the rules of a language. */
const passedOver = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\p{Default_Ignorable_Code_Point}\p{Cf}]/gu
/** White space by Unicode, which the runner drops at the start of a line. */
const leading = /^[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u

/** Every command that the runner would carry out, in order. */
export function readCommands(output: string): readonly RunnerCommand[] {
  const commands: RunnerCommand[] = []
  let stopped: string | undefined
  for (const line of output.split(/\r\n|\r|\n/)) {
    const known = stopped === undefined ? registered : [...registered, stopped.toLowerCase()]
    const found = parseLine(line, known)
    if (found === undefined) continue
    if (stopped !== undefined) {
      if (found.name === stopped.toLowerCase()) stopped = undefined
      continue
    }
    if (found.name === 'stop-commands') stopped = found.data
    else commands.push(found)
  }
  return commands
}

/** True if commands are still switched off at the end of the output. */
export function isLeftStopped(output: string): boolean {
  return readCommands(`${output}\n::error::after\n`).at(-1)?.data !== 'after'
}

/** The command of one line by either parser, exactly as it stands or with what is passed over left out. */
export function parseLine(line: string, known: readonly string[] = registered): RunnerCommand | undefined {
  const bare = line.replace(passedOver, '')
  for (const text of new Set([line, bare])) {
    const found = parseColons(text, known) ?? parseBrackets(text, known)
    if (found !== undefined) return { ...found, line }
  }
  return undefined
}

type Found = Omit<RunnerCommand, 'line'>

/** `::name key=value::data` at the start of a line, after white space. */
function parseColons(line: string, known: readonly string[]): Found | undefined {
  const text = line.replace(leading, '')
  if (!text.startsWith('::')) return undefined
  const end = text.indexOf('::', 2)
  return end < 0 ? undefined : commandOf(text.slice(2, end), text.slice(end + 2), known)
}

/** `##[name key=value]data` anywhere in a line. */
function parseBrackets(line: string, known: readonly string[]): Found | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  return end < 0 ? undefined : commandOf(line.slice(start + 3, end), line.slice(end + 1), known)
}

function commandOf(head: string, data: string, known: readonly string[]): Found | undefined {
  const name = (head.trim().split(' ')[0] ?? '').toLowerCase()
  return known.includes(name) ? { name, data } : undefined
}
