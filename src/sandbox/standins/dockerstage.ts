// What each instruction of a Dockerfile does to the image that is being built. RUN is not executed.
import { posix } from 'node:path'
import { type Context, fingerprint, matchSource } from './dockercontext.ts'
import { writeLayer } from './dockerlayer.ts'
import type { Image, ImageSettings, Layer } from './dockerstore.ts'
import { BuildFailure, expand, readForm, splitWords, takeFlags } from './dockerwords.ts'

/** A stage while it is built. */
export interface Stage {
  readonly name: string
  image: Image
  readonly args: Map<string, string>
  /** True for a stage whose RUN this compute cannot execute. */
  readonly foreign: boolean
}

export interface Building {
  readonly context: Context
  readonly folder: string
  readonly stages: Stage[]
  readonly buildArgs: ReadonlyMap<string, string>
  /** An image that the store holds under this name. */
  readonly local: (reference: string) => Image | undefined
}

export interface Step {
  readonly keyword: string
  readonly text: string
  readonly line: number
}

export function applyStep(stage: Stage, step: Step, building: Building): void {
  const { config } = stage.image
  const words = (): readonly string[] => splitWords(expand(step.text, stage.args, config.Env))
  switch (step.keyword) {
    case 'RUN':
      run(stage, step, building)
      break
    case 'COPY':
    case 'ADD':
      copy(stage, step, building)
      break
    case 'ARG':
      declare(stage, step, building)
      break
    case 'ENV':
      change(stage, { Env: mergeEnv(config.Env, pairs(words(), step)) })
      break
    case 'LABEL':
      change(stage, { Labels: { ...config.Labels, ...Object.fromEntries(pairs(words(), step)) } })
      break
    case 'WORKDIR':
      change(stage, { WorkingDir: posix.resolve('/', config.WorkingDir, words().join(' ')) })
      break
    case 'USER':
      change(stage, { User: words().join(' ') })
      break
    case 'EXPOSE':
      change(stage, {
        ExposedPorts: {
          ...config.ExposedPorts,
          ...Object.fromEntries(words().map((port) => [port.includes('/') ? port : `${port}/tcp`, {}])),
        },
      })
      break
    case 'ENTRYPOINT':
      // A new entry point makes the base image's command meaningless, so the builder drops it.
      change(stage, { Entrypoint: readForm(step.text), Cmd: [] })
      break
    case 'CMD':
      change(stage, { Cmd: readForm(step.text) })
      break
    case 'ONBUILD':
      change(stage, { OnBuild: [...config.OnBuild, step.text] })
      break
    case 'MAINTAINER':
    case 'VOLUME':
    case 'STOPSIGNAL':
    case 'SHELL':
    case 'HEALTHCHECK':
      break
    default:
      throw new BuildFailure(
        `dockerfile parse error on line ${step.line}: unknown instruction: ${step.keyword}`,
      )
  }
}

function change(stage: Stage, settings: Partial<ImageSettings>): void {
  stage.image = { ...stage.image, config: { ...stage.image.config, ...settings } }
}

function addLayer(stage: Stage, layer: Layer, files: Readonly<Record<string, string>>): void {
  const { layers, files: before } = stage.image
  stage.image = { ...stage.image, layers: [...layers, layer], files: { ...before, ...files } }
}

/** A command that can only fail fails here too; every other is noted in a layer of its own. */
function run(stage: Stage, step: Step, { folder }: Building): void {
  if (stage.foreign)
    throw new BuildFailure(
      `exec /bin/sh: exec format error\nThe command '/bin/sh -c ${step.text}' returned a non-zero code: 1`,
    )
  const fatal = /^(?:false|exit +([1-9]\d{0,2}))$/.exec(step.text.trim())
  if (fatal !== null) {
    throw new BuildFailure(
      `The command '/bin/sh -c ${step.text.trim()}' returned a non-zero code: ${fatal[1] ?? '1'}`,
    )
  }
  addLayer(stage, writeLayer(folder, { RUN: JSON.stringify(step.text) }), {})
}

function copy(stage: Stage, step: Step, building: Building): void {
  const { flags, rest } = takeFlags(expand(step.text, stage.args, stage.image.config.Env))
  const words = rest.trim().startsWith('[') ? readForm(rest) : splitWords(rest)
  const destination = words.at(-1)
  const sources = words.slice(0, -1)
  if (destination === undefined || sources.length === 0) {
    throw new BuildFailure(
      `dockerfile parse error on line ${step.line}: ${step.keyword} requires at least two arguments`,
    )
  }
  const from = flags.get('from')
  const files =
    from === undefined
      ? copyContext(sources, destination, { stage, building, step })
      : copyStage(sources, destination, { stage, building, from })
  addLayer(stage, writeLayer(building.folder, files), files)
}

interface CopyWork {
  readonly stage: Stage
  readonly building: Building
}

function copyContext(
  sources: readonly string[],
  destination: string,
  { stage, building, step }: CopyWork & { step: Step },
): Record<string, string> {
  const { context } = building
  const files: Record<string, string> = {}
  for (const source of sources) {
    // A heredoc and an address are sources of their own.
    if (source.startsWith('<<') || /^https?:\/\//.test(source)) {
      files[target(stage, destination, posix.basename(source), sources.length)] = source
      continue
    }
    const found = matchSource(context, source)
    if (found.length === 0) {
      throw new BuildFailure(
        `${step.keyword} failed: file not found in build context or excluded by .dockerignore: stat ${source}: file does not exist`,
      )
    }
    for (const { from, below } of found) {
      files[target(stage, destination, below, found.length + sources.length - 1)] = fingerprint(context, from)
    }
  }
  return files
}

/** Files of another stage or image. What a RUN made there is not known, so its name is taken on trust. */
function copyStage(
  sources: readonly string[],
  destination: string,
  { stage, building, from }: CopyWork & { from: string },
): Record<string, string> {
  const index = /^\d+$/.test(from)
    ? building.stages[Number(from)]
    : building.stages.findLast((one) => one.name === from.toLowerCase())
  const image = index?.image ?? building.local(from)
  const origin = image === undefined ? from : image.layers.map((layer) => layer.diffId).join(' ')
  return Object.fromEntries(
    sources.map((source) => [
      target(stage, destination, posix.basename(source), sources.length),
      `${source} of ${origin}`,
    ]),
  )
}

/** Path in the image: below the destination if that is a folder or several files arrive, else the destination itself. */
function target(stage: Stage, destination: string, below: string, count: number): string {
  const folder = destination.endsWith('/') || destination === '.' || count > 1
  return posix.resolve('/', stage.image.config.WorkingDir, destination, ...(folder ? [below] : []))
}

function declare(stage: Stage, step: Step, { buildArgs }: Building): void {
  for (const word of splitWords(step.text)) {
    const at = word.indexOf('=')
    const name = at < 0 ? word : word.slice(0, at)
    const value =
      buildArgs.get(name) ??
      (at < 0 ? stage.args.get(name) : expand(word.slice(at + 1), stage.args, stage.image.config.Env))
    if (value !== undefined) stage.args.set(name, value)
  }
}

/** `A=b C=d` or the old form `A b c`. */
function pairs(words: readonly string[], step: Step): [string, string][] {
  const [first = ''] = words
  if (!first.includes('=')) {
    if (words.length < 2)
      throw new BuildFailure(
        `dockerfile parse error on line ${step.line}: ${step.keyword} must have two arguments`,
      )
    return [[first, words.slice(1).join(' ')]]
  }
  return words.map((word) => {
    const at = word.indexOf('=')
    if (at < 1)
      throw new BuildFailure(
        `dockerfile parse error on line ${step.line}: Syntax error - can't find = in "${word}"`,
      )
    return [word.slice(0, at), word.slice(at + 1)]
  })
}

function mergeEnv(before: readonly string[], added: readonly [string, string][]): readonly string[] {
  const names = added.map(([name]) => `${name}=`)
  const kept = before.filter((pair) => !names.some((name) => pair.startsWith(name)))
  return [...kept, ...added.map(([name, value]) => `${name}=${value}`)]
}
