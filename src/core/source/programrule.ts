// What only the program's own sources and its lock file tell: the port, build hooks, a lock made by a newer Dart.
import type { Problem } from '../problem.ts'
import { parseConstraint } from './constraint.ts'
import type { ImageSource } from './image.ts'
import { quote, quoteSome } from './quote.ts'
import { compareVersions } from './version.ts'
import type { SdkWindow } from './window.ts'
import { findEntry, findText, findValue, type YamlMap, type YamlNode } from './yamlnode.ts'

export interface ProgramContext {
  readonly image: ImageSource
  readonly window: SdkWindow
  readonly root?: YamlMap
  /** The top level of pubspec.lock, where there is one. */
  readonly lock?: YamlNode
  readonly packed: readonly string[]
  /** Text of the Dart sources, by path. */
  readonly sources: ReadonlyMap<string, string>
}

/** Judges everything of this file. */
export function judgeProgram(context: ProgramContext): readonly Problem[] {
  return [...judgePort(context), ...judgeHooks(context), ...judgeLock(context)]
}

/** Packages that read PORT themselves, so that the program does not name it. */
const portReaders = ['functions_framework', 'dart_frog', 'celest', 'globe']

function judgePort({ image, root, sources }: ProgramContext): readonly Problem[] {
  const texts = [...sources.values()]
  const dependencies = findValue(root, 'dependencies')
  const isReading =
    texts.some((text) => /\bPORT\b/.test(text)) ||
    portReaders.some((name) => findEntry(dependencies, name) !== undefined)
  const isSet =
    image.final?.variables.has('PORT') === true || image.final?.variables.has('AWS_LWA_PORT') === true
  if (isReading || isSet) return []
  const ports = texts.flatMap((text) =>
    [...text.matchAll(/(?:port\w*\s*[:=]\s*|\bserve\w*\([^()]*,\s*|\bbind\w*\([^()]*,\s*)(\d{2,5})\b/gi)].map(
      (match) => match[1] ?? '',
    ),
  )
  const [port] = ports
  if (port === undefined || ports.includes('8080')) return []
  return [
    {
      code: 'DCF-PORT-FIXED',
      severity: 'warning',
      message: `No source reads PORT, and ${quote(port)} looks like the port that the program listens on; Lambda's adapter calls port 8080.`,
      help: `Read it, as in \`int.parse(Platform.environment['PORT'] ?? '8080')\`, or write \`ENV PORT=${/^(?:3000|9001|\d{1,3}|10[01]\d)$/.test(port) ? '8080' : port}\` in the Dockerfile's last stage${/^(?:3000|9001|\d{1,3}|10[01]\d)$/.test(port) ? ' and listen there' : ''}.`,
      file: 'Dockerfile',
      ...(image.final === undefined ? {} : { line: image.final.from.line }),
    },
  ]
}

function judgeHooks({ image, lock, packed }: ProgramContext): readonly Problem[] {
  const compile = image.needed
    .flatMap((stage) => stage.instructions)
    .find(
      (instruction) =>
        instruction.keyword === 'RUN' && /\bdart\s+compile\s+(?:exe|aot-snapshot)\b/.test(instruction.source),
    )
  if (compile === undefined) return []
  const own = packed.includes('hook/build.dart')
  const direct = listLocked(lock).filter(
    ([name, version]) =>
      name === 'hooks' || name === 'native_toolchain_c' || (name === 'sqlite3' && /^[3-9]/.test(version)),
  )
  if (!own && direct.length === 0) return []
  const cause = own
    ? 'hook/build.dart is here'
    : `pubspec.lock names ${quoteSome(direct.map(([name]) => name))}`
  return [
    {
      code: 'DCF-BUILD-HOOKS',
      severity: own ? 'error' : 'warning',
      message: `${own ? 'The package has a build hook' : 'A dependency seems to have a build hook'} (${cause}), and \`dart compile\` does not support build hooks.`,
      help: 'Write `RUN dart build cli --target=bin/server.dart` instead, and copy all of `build/cli/linux_x64/bundle/` into the last stage.',
      file: 'Dockerfile',
      line: compile.line,
      column: compile.column,
    },
  ]
}

function listLocked(lock: YamlNode | undefined): readonly (readonly [string, string])[] {
  const packages = findValue(lock, 'packages')
  if (packages?.kind !== 'map') return []
  return packages.entries.map(({ key, value }) => [
    key.kind === 'scalar' ? String(key.value) : '',
    findText(value, 'version') ?? '',
  ])
}

/** A lock that was made for a newer Dart is resolved anew, or fails where the build insists on it. */
function judgeLock({ lock, window }: ProgramContext): readonly Problem[] {
  const bound = findEntry(findValue(lock, 'sdks'), 'dart')
  const text = findText(findValue(lock, 'sdks'), 'dart')
  const constraint = text === undefined ? undefined : parseConstraint(text)
  const end = window.range.max
  if (bound === undefined || constraint?.kind !== 'range' || end === undefined) return []
  const { min } = constraint.range
  if (min === undefined || compareVersions(min, end) < 0) return []
  return [
    {
      code: 'DCF-LOCK-NEWER',
      severity: 'warning',
      message: `pubspec.lock was made for Dart ${quote(text ?? '')}, newer than ${window.minor}: pub will choose other versions in the build, or fail with --enforce-lockfile.`,
      help: `Run \`dart pub get\` with Dart ${window.minor} and commit pubspec.lock.`,
      file: 'pubspec.lock',
      line: bound.value.line,
      column: bound.value.column,
    },
  ]
}
