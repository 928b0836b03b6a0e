// Whether the images that a Dockerfile builds upon carry the Dart that the pubspec asks for.
import type { Problem } from '../problem.ts'
import type { Instruction } from './dockerfile.ts'
import type { ImageSource, ResolvedStage } from './image.ts'
import { quote } from './quote.ts'
import { compareVersions, parseVersion } from './version.ts'
import { newerWindow, olderWindow, type SdkWindow } from './window.ts'

/** An image reference taken apart. */
export interface ImageName {
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly hasDigest: boolean
}

/** Takes `registry/name:tag@digest` apart as Docker does. */
export function parseImageName(image: string): ImageName {
  const [name = '', digest] = image.split('@')
  const slash = name.lastIndexOf('/')
  const colon = name.indexOf(':', slash + 1)
  const path = colon === -1 ? name : name.slice(0, colon)
  const [first = '', ...rest] = path.split('/')
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first)
  const tag = colon === -1 ? undefined : name.slice(colon + 1)
  return {
    registry: hasRegistry ? first : '',
    repository: hasRegistry ? rest.join('/') : path,
    ...(tag === undefined ? {} : { tag }),
    hasDigest: digest !== undefined,
  }
}

/** Docker Hub, and the registries that mirror its official images. */
const mirrors = new Set([
  '',
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'mirror.gcr.io',
  'public.ecr.aws',
])

export type DartImage = 'official' | 'retired' | 'private'

/** What kind of Dart image it is, if any. */
export function classifyImage(name: ImageName): DartImage | undefined {
  if (name.repository === 'google/dart' || name.repository === 'google/dart-runtime') return 'retired'
  if (!/(?:^|\/)dart$/.test(name.repository)) return undefined
  const isOfficial = mirrors.has(name.registry) && /^(?:docker\/)?(?:library\/)?dart$/.test(name.repository)
  return isOfficial || /^(?:amd64|arm64v8|arm32v7|riscv64)\/dart$/.test(name.repository)
    ? 'official'
    : 'private'
}

type TagVerdict = 'fits' | 'floating' | 'other version' | 'unknown'

/** Judges a tag against one minor version. */
export function judgeTag(name: ImageName, window: SdkWindow): TagVerdict {
  const tag = name.tag?.replace(/-sdk$/, '')
  if (tag === undefined || /^(?:stable|latest|sdk|beta|dev|main|be|edge|\d+)$/.test(tag)) {
    return tag === undefined && name.hasDigest ? 'unknown' : 'floating'
  }
  const minor = /^(\d+\.\d+)(?:-[a-z]\w*)?$/.exec(tag)?.[1]
  if (minor !== undefined) return minor === window.minor ? 'fits' : 'other version'
  const version = parseVersion(/^\d+\.\d+\.\d+(?:-[\w.]+\.(?:beta|dev))?/.exec(tag)?.[0] ?? '')
  if (version === undefined) return 'unknown'
  const { min, max } = window.range
  const isInside =
    min !== undefined &&
    max !== undefined &&
    compareVersions(version, min) >= 0 &&
    compareVersions(version, max) < 0
  return isInside ? 'fits' : 'other version'
}

/** The window that the images themselves are made for, where the pubspec names none. */
export function guessWindow(image: ImageSource): SdkWindow {
  const names = image.needed.flatMap((stage) =>
    stage.image === undefined ? [] : [parseImageName(stage.image)],
  )
  const isOlder = names.some(
    (name) => classifyImage(name) !== undefined && judgeTag(name, olderWindow) === 'fits',
  )
  return isOlder ? olderWindow : newerWindow
}

/** Judges every FROM that is built, and every `COPY --from` of an image. */
export function judgeImages(image: ImageSource, window: SdkWindow): readonly Problem[] {
  return image.needed.flatMap((stage) => {
    const sources = stage.instructions.filter(
      (instruction) => instruction.keyword === 'COPY' && instruction.flags.has('from'),
    )
    const isStage = (name: string): boolean =>
      image.dockerfile.stages.some((other) => other.name === name.toLowerCase())
    const copied = sources.flatMap((instruction) => {
      const from = instruction.flags.get('from') ?? ''
      return /^\d+$/.test(from) || from.includes('$') || isStage(from)
        ? []
        : judgeReference(from, instruction, window)
    })
    return [...(stage.parent === undefined ? judgeStage(stage, window) : []), ...copied]
  })
}

function judgeStage(stage: ResolvedStage, window: SdkWindow): readonly Problem[] {
  if (stage.image !== undefined) return judgeReference(stage.image, stage.from, window)
  return [
    {
      code: 'DCF-IMAGE-UNRESOLVED',
      severity: 'warning',
      message: `The image ${quote(stage.base)} depends on an ARG without a default, and the build passes none.`,
      help: `Give the ARG a default, as in \`ARG DART_VERSION=${window.minor}\`.`,
      ...placeOf(stage.from),
    },
  ]
}

function judgeReference(reference: string, at: Instruction, window: SdkWindow): readonly Problem[] {
  const name = parseImageName(reference)
  const kind = classifyImage(name)
  if (kind === undefined) return []
  const wanted = `dart:${window.minor}`
  const help = `Write \`${wanted}\` instead, which stays at the last release of Dart ${window.minor}.`
  const shown = quote(reference)
  const problem = (
    code: Problem['code'],
    severity: Problem['severity'],
    message: string,
  ): readonly Problem[] => [{ code, severity, message, help, ...placeOf(at) }]
  if (kind === 'retired') {
    return problem(
      'DCF-IMAGE-RETIRED',
      'error',
      `${shown} is retired: it never held Dart 3, and the build needs Dart ${window.minor}.`,
    )
  }
  const severity = kind === 'official' ? 'error' : 'warning'
  switch (judgeTag(name, window)) {
    case 'fits':
      return []
    case 'floating':
      return problem(
        'DCF-IMAGE-FLOATING',
        severity,
        `${shown} names no fixed version of Dart: the current stable release is newer than \`${window.text}\`, so that \`dart pub get\` would fail in the build.`,
      )
    case 'other version':
      return problem(
        'DCF-IMAGE-VERSION',
        severity,
        `${shown} is not Dart ${window.minor}, which the SDK constraint asks for, so that \`dart pub get\` would fail in the build.`,
      )
    case 'unknown':
      return problem(
        'DCF-IMAGE-UNKNOWN',
        'warning',
        `${shown} does not say which version of Dart it holds; the build needs ${window.minor}.`,
      )
  }
}

function placeOf(instruction: Instruction): Pick<Problem, 'file' | 'line' | 'column'> {
  return { file: 'Dockerfile', line: instruction.line, column: instruction.column }
}
