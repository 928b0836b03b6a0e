// Builds an image from a Dockerfile without running anything: stages, configuration, and what COPY takes from the context.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { readContext } from './dockercontext.ts'
import { applyStep, type Building, type Stage, type Step } from './dockerstage.ts'
import { BARE, findImage, type Image, type Store } from './dockerstore.ts'
import { BuildFailure, expand, splitWords, takeFlags } from './dockerwords.ts'

export interface BuildRequest {
  readonly context: string
  readonly dockerfile?: string
  readonly platform?: string
  readonly target?: string
  readonly buildArgs: ReadonlyMap<string, string>
  readonly labels: Readonly<Record<string, string>>
}

export interface BuildPlace {
  readonly store: Store
  readonly folder: string
  /** `amd64` or `arm64`: what this compute runs. */
  readonly architecture: string
  readonly say: (text: string) => void
}

/** @throws BuildFailure with docker's words */
export function buildImage(request: BuildRequest, place: BuildPlace): Image {
  const file = request.dockerfile ?? findDockerfile(request.context)
  if (!existsSync(file))
    throw new BuildFailure(
      `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${file}: no such file or directory`,
    )
  const steps = readSteps(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  const building: Building = {
    context: readContext(request.context),
    folder: place.folder,
    stages: [],
    buildArgs: request.buildArgs,
    local: (reference) => findImage(place.store, reference)?.image,
  }
  place.say(`Sending build context to Docker daemon: ${building.context.files.length} files`)
  const image = runSteps(steps, { request, place, building })
  const labels = { ...image.config.Labels, ...request.labels }
  return { ...image, config: { ...image.config, Labels: labels } }
}

function findDockerfile(context: string): string {
  const usual = join(context, 'Dockerfile')
  return existsSync(usual) || !existsSync(join(context, 'dockerfile')) ? usual : join(context, 'dockerfile')
}

function readSteps(text: string): readonly Step[] {
  const steps = DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => ({
      keyword: instruction.getKeyword(),
      text: withFlags(instruction.getTextContent(), instruction.getArgumentsContent() ?? ''),
      line: instruction.getRange().start.line + 1,
    }))
  if (steps.length === 0) throw new BuildFailure('the Dockerfile cannot be empty')
  return steps
}

/** The parser leaves flags such as `--from=build` out of the arguments. */
function withFlags(instruction: string, content: string): string {
  if (content.startsWith('--')) return content
  const flags = /^\s*\w+((?:[\s\\]+--[a-z-]+(?:=[^\s\\]*)?)*)/.exec(instruction)?.[1] ?? ''
  return `${flags.replace(/[\s\\]+/g, ' ')} ${content}`.trim()
}

interface Work {
  readonly request: BuildRequest
  readonly place: BuildPlace
  readonly building: Building
}

function runSteps(steps: readonly Step[], work: Work): Image {
  const { request, place, building } = work
  const globals = new Map<string, string>()
  for (const [index, step] of steps.entries()) {
    place.say(`Step ${index + 1}/${steps.length} : ${step.keyword} ${step.text.replace(/\s+/g, ' ')}`)
    const stage = building.stages.at(-1)
    if (step.keyword === 'FROM') {
      if (stage !== undefined && isTarget(stage, request.target, building)) return stage.image
      building.stages.push(openStage(step, globals, work))
    } else if (stage !== undefined) {
      if (step.keyword === 'RUN') place.say(' ---> not run by the stand-in')
      applyStep(stage, step, building)
    } else if (step.keyword === 'ARG') declareGlobal(step, globals, request)
    else
      throw new BuildFailure(`dockerfile parse error on line ${step.line}: no build stage in current context`)
  }
  const last = building.stages.at(-1)
  if (last === undefined) throw new BuildFailure('dockerfile parse error: no build stage in current context')
  if (request.target !== undefined && !isTarget(last, request.target, building)) {
    throw new BuildFailure(`failed to reach build target ${request.target} in Dockerfile`)
  }
  return last.image
}

function isTarget(stage: Stage, target: string | undefined, { stages }: Building): boolean {
  return (
    target !== undefined && (stage.name === target.toLowerCase() || String(stages.indexOf(stage)) === target)
  )
}

function declareGlobal(step: Step, globals: Map<string, string>, { buildArgs }: BuildRequest): void {
  for (const word of splitWords(step.text)) {
    const at = word.indexOf('=')
    const name = at < 0 ? word : word.slice(0, at)
    globals.set(name, buildArgs.get(name) ?? (at < 0 ? '' : expand(word.slice(at + 1), globals, [])))
  }
}

function openStage(
  step: Step,
  globals: ReadonlyMap<string, string>,
  { request, place, building }: Work,
): Stage {
  const { flags, rest } = takeFlags(expand(step.text, globals, []))
  const [reference = '', as = '', name = ''] = splitWords(rest)
  if (reference === '') {
    throw new BuildFailure(
      `dockerfile parse error on line ${step.line}: base name (${step.text}) should not be blank`,
    )
  }
  const [os = 'linux', architecture = place.architecture] = (
    flags.get('platform') ||
    request.platform ||
    `linux/${place.architecture}`
  ).split('/')
  const base = findBase(reference, { os, architecture }, building)
  const stage: Stage = {
    name: as.toLowerCase() === 'as' ? name.toLowerCase() : '',
    image: { ...base, config: { ...base.config, OnBuild: [] } },
    args: new Map(globals),
    foreign: architecture !== place.architecture,
  }
  for (const trigger of base.config.OnBuild) {
    for (const one of readSteps(trigger)) applyStep(stage, one, building)
  }
  return stage
}

/** A stage, an image of the store, nothing at all, or an image elsewhere, of which the stand-in knows no more than its name. */
function findBase(
  reference: string,
  platform: { os: string; architecture: string },
  building: Building,
): Image {
  const stage = building.stages.findLast((one) => one.name !== '' && one.name === reference.toLowerCase())
  const known = stage?.image ?? building.local(reference)
  if (known !== undefined) return known
  const empty: Image = { ...platform, config: BARE, layers: [], files: {} }
  if (reference === 'scratch') return empty
  if (!/^[a-z0-9.:_/@-]+$/i.test(reference)) throw new BuildFailure('invalid reference format')
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return {
    ...empty,
    config: { ...BARE, Env: [path], Cmd: ['sh'], Labels: { 'dev.dcf.stand-in-base': reference } },
  }
}
