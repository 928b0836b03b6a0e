// What Docker refuses in a Dockerfile before it runs any of it.
import type { Problem } from '../problem.ts'
import type { Dockerfile, Instruction } from './dockerfile.ts'
import { quote } from './quote.ts'

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
)

/** Fewest words behind the keyword. */
const fewest: ReadonlyMap<string, number> = new Map([
  ['FROM', 1],
  ['ARG', 1],
  ['ENV', 1],
  ['LABEL', 1],
  ['EXPOSE', 1],
  ['WORKDIR', 1],
  ['USER', 1],
  ['VOLUME', 1],
  ['STOPSIGNAL', 1],
  ['SHELL', 1],
  ['HEALTHCHECK', 1],
  ['MAINTAINER', 1],
  ['ONBUILD', 1],
])

/** Judges instructions and their order. */
export function judgeSyntax(dockerfile: Dockerfile): readonly Problem[] {
  const [first] = dockerfile.instructions
  if (first === undefined) return [problem(undefined, 'The Dockerfile is empty.')]
  const early = dockerfile.globals.find(
    (instruction) => instruction.keyword !== 'ARG' && keywords.has(instruction.keyword),
  )
  return [
    ...(early === undefined
      ? []
      : [problem(early, `${early.keyword} stands before the first FROM, where only ARG may.`)]),
    ...(dockerfile.stages.length === 0 && early === undefined
      ? [problem(first, 'The Dockerfile has no FROM.')]
      : []),
    ...dockerfile.instructions.flatMap(judgeInstruction),
  ]
}

function judgeInstruction(instruction: Instruction): readonly Problem[] {
  const { keyword, words } = instruction
  if (!keywords.has(keyword))
    return [problem(instruction, `${quote(keyword)} is no instruction of a Dockerfile.`)]
  if (words.length < (fewest.get(keyword) ?? 0))
    return [problem(instruction, `${keyword} has nothing behind it.`)]
  if (keyword === 'FROM' && words.length !== 1 && !(words.length === 3 && words[1]?.toLowerCase() === 'as')) {
    return [problem(instruction, 'FROM takes an image, or an image, `AS` and a name.')]
  }
  if (keyword === 'ENV' && words.length === 1 && !words[0]?.includes('='))
    return [problem(instruction, 'ENV needs a name and a value.')]
  const open = findOpenDocument(instruction)
  if (open !== undefined) return [problem(instruction, `the here-document ${quote(open)} is never closed.`)]
  const isCopy = keyword === 'COPY' || keyword === 'ADD'
  if (isCopy && (instruction.json ?? words).length < 2)
    return [problem(instruction, `${keyword} needs a source and a target.`)]
  return []
}

/** The name of a here-document without its last line. */
function findOpenDocument({ keyword, words, source }: Instruction): string | undefined {
  if (!['RUN', 'COPY', 'ADD'].includes(keyword)) return undefined
  const lines = source.split('\n').slice(1)
  const names = words.flatMap((word) => /^\d*<<(-?)(["']?)([^<"']+)\2$/.exec(word)?.slice(1) ?? [])
  for (let index = 0; index + 2 < names.length; index += 3) {
    const [dash, name] = [names[index], names[index + 2]]
    if (
      name !== undefined &&
      !lines.some((line) => (dash === '-' ? line.replace(/^\t+/, '') : line) === name)
    )
      return name
  }
  return undefined
}

function problem(instruction: Instruction | undefined, message: string): Problem {
  return {
    code: 'DCF-DOCKERFILE-SYNTAX',
    severity: 'error',
    message: `Docker refuses this Dockerfile: ${message}`,
    help: 'Mend the line; a `\\` at the end of a line continues it on the next one.',
    file: 'Dockerfile',
    line: instruction?.line ?? 1,
    column: instruction?.column ?? 1,
  }
}
