// `plan`: what is wrong with the repository, and what would be packed. No token, no call, no AWS input.

import type { PartialFacts } from '../core/facts.ts'
import { deployInputNames, parseDeployInputs } from '../core/inputs.ts'
import { type Examined, examine } from '../core/prepare.ts'
import { isDeployable, type Problem } from '../core/problem.ts'
import { explainProblem, spellBytes } from '../core/words.ts'
import { readBuildspec } from '../edge/kit.ts'
import { type Command, type Invocation, isSet } from './command.ts'
import { inputOptions, readTexts } from './inputoptions.ts'
import { contextOf, localHost, rejectAll } from './localrun.ts'
import { cell } from './terminal.ts'

const names = deployInputNames.filter((name) => name !== 'plan' && name !== 'doctor')

export const plan: Command = {
  name: 'plan',
  summary: 'Check the repository and show what would be deployed; makes no call.',
  positionals: ['[DIR]'],
  options: [
    ...inputOptions('action.yml', names),
    { name: 'files', help: 'list every file that would be packed' },
  ],
  run: async (invocation) => {
    const looked = await look(invocation)
    if (!('examined' in looked)) return rejectAll(invocation, looked)
    const { examined, facts } = looked
    if (!invocation.terminal.isJson) show(invocation, examined, facts)
    const { source, plan: planned, problems } = examined
    invocation.terminal.document({
      ok: isDeployable(problems),
      functionName: facts.functionName,
      files: source.files.map(({ path, bytes, mode }) => ({ path, bytes, mode })),
      totalBytes: source.totalBytes,
      sourceDigest: source.sourceDigest,
      problems,
      omitted: source.omitted,
      imageTag: planned?.imageTag,
      configDigest: planned?.configDigest,
    })
    return isDeployable(problems) ? 0 : 2
  },
}

interface Looked {
  readonly examined: Examined
  readonly facts: PartialFacts
}

async function look(invocation: Invocation): Promise<Looked | readonly Problem[]> {
  const [directory] = invocation.positionals
  const texts = {
    ...(directory === undefined ? {} : { 'working-directory': directory }),
    ...readTexts(invocation, names),
    plan: 'true',
  }
  const inputs = parseDeployInputs(texts, invocation.environment)
  const context = contextOf(invocation)
  if (!inputs.ok || !context.ok) return [...inputs.problems, ...context.problems]
  let facts: PartialFacts = {}
  const host = localHost(invocation, context.value, {}, (more) => {
    facts = { ...facts, ...more }
  })
  const examined = await examine(
    { inputs: inputs.value, context: context.value, buildspec: readBuildspec() },
    host,
  )
  return { examined, facts }
}

function show(
  invocation: Invocation,
  { source, plan: planned, problems }: Examined,
  facts: PartialFacts,
): void {
  const { terminal } = invocation
  const shown = isSet(invocation, 'files') ? source.files : largest(source.files)
  const omitted = source.omitted.length === 0 ? '' : `, ${source.omitted.length} left out`
  terminal.print([
    `Function  ${facts.functionName ?? 'not known'}`,
    `Files     ${source.files.length}, ${spellBytes(source.totalBytes)}${omitted}`,
    ...shown.map(
      ({ path, bytes, mode }) =>
        `          ${cell(path, 60)} ${spellBytes(bytes).padStart(10)}${mode & 0o111 ? ' executable' : ''}`,
    ),
    ...(shown.length < source.files.length
      ? [`          and ${source.files.length - shown.length} more (--files shows all)`]
      : []),
    `Source    ${source.sourceDigest ?? 'not known'}`,
    ...(planned === undefined ? [] : [`Image tag ${planned.imageTag}`]),
  ])
  const severe = problems.filter((problem) => problem.severity === 'error')
  terminal.print(problems.filter((problem) => problem.severity !== 'error').flatMap(explainProblem))
  terminal.complain(severe.flatMap(explainProblem))
  terminal.print([
    severe.length === 0
      ? 'This repository can be deployed.'
      : `This repository cannot be deployed: ${severe.length} ${severe.length === 1 ? 'error' : 'errors'}.`,
  ])
}

/** A listing that fits on a screen. */
function largest<T extends { readonly bytes: number }>(files: readonly T[]): readonly T[] {
  return files.length <= 12 ? files : [...files].sort((a, b) => b.bytes - a.bytes).slice(0, 8)
}
