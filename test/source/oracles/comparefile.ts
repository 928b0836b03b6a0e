// Compares our reading of Dockerfiles with BuildKit's own parser, instruction by instruction.
import { type Dockerfile, parseDockerfile } from '../../../src/core/source/dockerfile.ts'
import { judgeSyntax } from '../../../src/core/source/syntaxrule.ts'
import { askOracle } from './ask.ts'
import { generateDockerfiles, hardDockerfiles } from './filecases.ts'

interface Answer {
  readonly parseError?: string
  readonly instructionError?: string
  readonly nodes:
    | readonly { readonly keyword: string; readonly line: number; readonly json: boolean }[]
    | null
  readonly stages:
    | readonly {
        readonly name: string
        readonly base: string
        readonly line: number
        readonly keywords: readonly string[] | null
      }[]
    | null
}

export interface FileComparison {
  readonly compared: number
  /** Dockerfiles that BuildKit refuses and we do not: the build then reports them. */
  readonly laxer: readonly string[]
  readonly differences: readonly string[]
}

/** Asks the oracle about the cases by hand and `count` more. */
export function compareDockerfiles(count: number, seed: number): FileComparison {
  const texts = [...hardDockerfiles, ...generateDockerfiles(count, seed)]
  const answers = askOracle<Answer>('dockerfile', texts)
  const differences: string[] = []
  const laxer: string[] = []
  let compared = 0
  texts.forEach((text, index) => {
    const answer = answers[index]
    const ours = parseDockerfile(text.replace(/^\ufeff/, ''))
    const isRefused = judgeSyntax(ours).length > 0
    const isWithoutStage = answer?.stages === null ? 'no build stage' : undefined
    const error = answer?.parseError ?? answer?.instructionError ?? isWithoutStage
    if (answer === undefined) differences.push(`no answer for ${JSON.stringify(text)}`)
    else if (error !== undefined) {
      if (!isRefused) laxer.push(`${JSON.stringify(text)}: ${error}`)
    } else {
      compared += 1
      if (isRefused) differences.push(`${JSON.stringify(text)}: only we refuse it`)
      const [theirs, own] = [JSON.stringify(describeAnswer(answer)), JSON.stringify(describeOurs(ours))]
      if (theirs !== own) differences.push(`${JSON.stringify(text)}\n  BuildKit ${theirs}\n  we       ${own}`)
    }
  })
  return { compared, laxer, differences }
}

function describeAnswer(answer: Answer): unknown {
  const nodes = (answer.nodes ?? []).map(({ keyword, line, json }) => [keyword, line, json])
  const stages = (answer.stages ?? []).map(({ name, base, line, keywords }) => [
    name,
    base,
    line,
    keywords ?? [],
  ])
  return { nodes, stages }
}

function describeOurs({ instructions, stages }: Dockerfile): unknown {
  const jsonKeywords = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'])
  return {
    nodes: instructions.map(({ keyword, line, json }) => [
      keyword,
      line,
      jsonKeywords.has(keyword) && json !== undefined,
    ]),
    stages: stages.map(({ name, base, from, instructions: body }) => [
      name ?? '',
      base,
      from.line,
      body.map(({ keyword }) => keyword),
    ]),
  }
}
