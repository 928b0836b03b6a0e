// Reads a Dockerfile into stages and instructions: what the rules about it are asked of.
import { DockerfileParser, type Instruction as ParsedInstruction } from 'dockerfile-ast'

export interface Instruction {
  /** In capitals. */
  readonly keyword: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** What follows keyword and flags, continued lines joined; without the bodies of here-documents. */
  readonly text: string
  /** `--name=value` in front of the text; the value is empty where there is none. */
  readonly flags: ReadonlyMap<string, string>
  /** The texts of the JSON form, where it is one. */
  readonly json?: readonly string[]
  /** The text split at white space. */
  readonly words: readonly string[]
  /** Everything as written, with here-documents. */
  readonly source: string
}

export interface Stage {
  readonly index: number
  /** In small letters, as Docker compares it. */
  readonly name?: string
  readonly from: Instruction
  /** The image or stage as written, variables unresolved. */
  readonly base: string
  readonly instructions: readonly Instruction[]
}

export interface Dockerfile {
  /** ARG lines before the first FROM. */
  readonly globals: readonly Instruction[]
  readonly stages: readonly Stage[]
  readonly instructions: readonly Instruction[]
}

/** Reads any text; what Docker would refuse in it is for the rules to find. */
export function parseDockerfile(text: string): Dockerfile {
  // A line of nothing but a backslash continues nothing; the library takes it for an instruction.
  const read = text.replace(/^[ \t]*\\[ \t]*$/gm, (line) => ' '.repeat(line.length))
  const lines = read.split(/\r?\n/)
  const ast = DockerfileParser.parse(read)
  const escapeCharacter = ast.getEscapeCharacter()
  const instructions = ast.getInstructions().map((parsed) => readInstruction(parsed, lines, escapeCharacter))
  const firstFrom = instructions.findIndex((instruction) => instruction.keyword === 'FROM')
  const globals = firstFrom === -1 ? instructions : instructions.slice(0, firstFrom)
  return { globals, stages: splitIntoStages(instructions), instructions }
}

function splitIntoStages(instructions: readonly Instruction[]): Stage[] {
  const starts = instructions.flatMap((instruction, index) => (instruction.keyword === 'FROM' ? [index] : []))
  return starts.flatMap((start, index) => {
    const from = instructions[start]
    if (from === undefined) return []
    const [base = '', as = '', name] = from.words
    const isNamed = as.toLowerCase() === 'as' && name !== undefined
    return [
      {
        index,
        ...(isNamed ? { name: name.toLowerCase() } : {}),
        from,
        base,
        instructions: instructions.slice(start + 1, starts[index + 1] ?? instructions.length),
      },
    ]
  })
}

function readInstruction(
  parsed: ParsedInstruction,
  lines: readonly string[],
  escapeCharacter: string,
): Instruction {
  const { start, end } = parsed.getRange()
  const own = lines.slice(start.line, end.line + 1)
  const body = joinContinued([own[0]?.slice(start.character) ?? '', ...own.slice(1)], escapeCharacter)
  const rest = body.replace(/^\S+\s*/, '')
  const { flags, text } = splitFlags(rest)
  const json = parseJson(text)
  return {
    keyword: parsed.getKeyword(),
    line: start.line + 1,
    column: start.character + 1,
    text,
    flags,
    ...(json === undefined ? {} : { json }),
    words: text === '' ? [] : text.split(/\s+/),
    source: own.join('\n'),
  }
}

/** Joins a line with those that it continues on; comments and empty lines in between do not count. */
function joinContinued(lines: readonly string[], escapeCharacter: string): string {
  const continued = new RegExp(`${escapeCharacter === '`' ? '`' : '\\\\'}[ \\t]*$`)
  let joined = ''
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(?:#|$)/.test(line)) continue
    joined += line.replace(continued, '')
    if (!continued.test(line)) break
  }
  return joined.trim()
}

function splitFlags(text: string): { readonly flags: Map<string, string>; readonly text: string } {
  const flags = new Map<string, string>()
  let rest = text
  for (
    let match = /^--([^\s=]+)(?:=(\S*))?(?:\s+|$)/.exec(rest);
    match !== null;
    match = /^--([^\s=]+)(?:=(\S*))?(?:\s+|$)/.exec(rest)
  ) {
    flags.set((match[1] ?? '').toLowerCase(), match[2] ?? '')
    rest = rest.slice(match[0].length)
  }
  return { flags, text: rest }
}

function parseJson(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined
  } catch {
    return undefined
  }
}

/** The stages that the last one needs, the last one included: only these are built. */
export function listNeededStages(
  dockerfile: Dockerfile,
  resolve: (stage: Stage) => string,
): readonly Stage[] {
  const needed = new Set<Stage>()
  const waiting = dockerfile.stages.slice(-1)
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (needed.has(stage)) continue
    needed.add(stage)
    const names = [resolve(stage), ...stage.instructions.flatMap(listSourceStages)]
    for (const name of names) {
      const other = findStage(dockerfile, name, stage.index)
      if (other !== undefined) waiting.push(other)
    }
  }
  return dockerfile.stages.filter((stage) => needed.has(stage))
}

/** What `COPY --from=` and `RUN --mount=from=` name. */
function listSourceStages(instruction: Instruction): string[] {
  const from = instruction.flags.get('from')
  const mount = /\bfrom=([^,\s]+)/.exec(instruction.flags.get('mount') ?? '')?.[1]
  return [from, mount].filter((name) => name !== undefined)
}

/** A stage before `before` by its name or number. */
export function findStage(dockerfile: Dockerfile, name: string, before: number): Stage | undefined {
  const earlier = dockerfile.stages.slice(0, before)
  const named = earlier.findLast((stage) => stage.name === name.toLowerCase())
  return named ?? (/^\d+$/.test(name) ? earlier[Number(name)] : undefined)
}
