// Whether `dart pub get` can find in the build what the pubspec depends upon.
import type { Problem } from '../problem.ts'
import { cleanPath } from './pattern.ts'
import { quote } from './quote.ts'
import { findEntry, findText, findValue, type YamlEntry, type YamlMap, type YamlNode } from './yamlnode.ts'

export interface DependencyContext {
  readonly root: YamlMap
  /** The top level of pubspec_overrides.yaml, where that goes in. */
  readonly overrides?: YamlNode
  /** True for a path that goes in. */
  has(path: string): boolean
  /** Text of all RUN lines that are built. */
  readonly runs: string
  readonly usesFlutterImage: boolean
}

/** Judges workspace, dependencies and Flutter. */
export function judgeDependencies(context: DependencyContext): readonly Problem[] {
  return [
    ...judgeWorkspace(context),
    ...judgeFlutter(context),
    ...listDependencies(context).flatMap((entry) => judgeDependency(entry, context)),
  ]
}

function at(node: YamlNode, words: Pick<Problem, 'code' | 'severity' | 'message' | 'help'>): Problem {
  return { ...words, file: 'pubspec.yaml', line: node.line, column: node.column }
}

function judgeWorkspace({ root, overrides, has, runs }: DependencyContext): readonly Problem[] {
  const resolution = findEntry(root, 'resolution')
  const isOverridden =
    findEntry(overrides, 'resolution') !== undefined || /resolution|pubspec_overrides/.test(runs)
  if (findText(root, 'resolution') === 'workspace' && resolution !== undefined && !isOverridden) {
    return [
      at(resolution.value, {
        code: 'DCF-WORKSPACE-MEMBER',
        severity: 'error',
        message:
          'This package is a member of a pub workspace, and its root is not in the archive: `dart pub get` finds no workspace root.',
        help: 'Package the root with `working-directory`, with a Dockerfile there, or commit a pubspec_overrides.yaml here that says `resolution:` and nothing behind it.',
      }),
    ]
  }
  const members = findValue(root, 'workspace')
  if (members?.kind !== 'list') return []
  return members.items.flatMap((member): Problem[] => {
    const path =
      member.kind === 'scalar' && typeof member.value === 'string' ? cleanPath(member.value) : undefined
    if (path === undefined || /[*?[]/.test(path) || has(`${path}/pubspec.yaml`)) return []
    return [
      at(member, {
        code: 'DCF-WORKSPACE-INCOMPLETE',
        severity: 'error',
        message: `The workspace names ${quote(path)}, but no pubspec.yaml of it goes into the archive.`,
        help: 'Let the folder in (.dockerignore, `include`), or take it out of `workspace:`.',
      }),
    ]
  })
}

function judgeFlutter({ root, usesFlutterImage }: DependencyContext): readonly Problem[] {
  const inEnvironment = findEntry(findEntry(root, 'environment')?.value, 'flutter')
  const sections = ['dependencies', 'dev_dependencies']
  const entries = sections.flatMap((section) => listEntries(findValue(root, section)))
  const found = inEnvironment ?? entries.find(({ value }) => findText(value, 'sdk') === 'flutter')
  if (found === undefined || usesFlutterImage) return []
  return [
    at(found.key, {
      code: 'DCF-FLUTTER',
      severity: 'error',
      message:
        'The package needs the Flutter SDK, which a Dart image does not have: `dart pub get` fails in the build.',
      help: 'Move the server into a package of its own without Flutter, and set `working-directory` to it.',
    }),
  ]
}

/** Every dependency that pub would resolve, overrides applied. */
function listDependencies({ root, overrides }: DependencyContext): readonly YamlEntry[] {
  // A dependency_overrides in pubspec_overrides.yaml stands in for the whole one of the pubspec.
  const replaced = listEntries(
    findValue(overrides, 'dependency_overrides') ?? findValue(root, 'dependency_overrides'),
  )
  const overridden = new Set(replaced.map(({ key }) => nameOf(key)))
  const own = ['dependencies', 'dev_dependencies'].flatMap((section) => listEntries(findValue(root, section)))
  return [...own.filter(({ key }) => !overridden.has(nameOf(key))), ...replaced]
}

function listEntries(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === 'map' ? node.entries : []
}

function nameOf(node: YamlNode): string {
  return node.kind === 'scalar' ? String(node.value) : ''
}

function judgeDependency(entry: YamlEntry, context: DependencyContext): readonly Problem[] {
  const path = findText(entry.value, 'path')
  if (path !== undefined) return judgePath(entry, path, context)
  const git = findValue(entry.value, 'git')
  if (git !== undefined)
    return judgeGit(entry, git.kind === 'scalar' ? String(git.value) : (findText(git, 'url') ?? ''), context)
  const hosted = findValue(entry.value, 'hosted')
  const url = hosted?.kind === 'scalar' ? String(hosted.value) : findText(hosted, 'url')
  return url === undefined ? [] : judgeHosted(entry, url, context)
}

function judgePath(entry: YamlEntry, path: string, { has }: DependencyContext): readonly Problem[] {
  const cleaned = cleanPath(path.replaceAll('\\', '/'))
  const name = quote(nameOf(entry.key))
  if (
    cleaned.startsWith('/') ||
    /^[A-Za-z]:/.test(cleaned) ||
    cleaned === '..' ||
    cleaned.startsWith('../')
  ) {
    return [
      at(entry.key, {
        code: 'DCF-DEPENDENCY-OUTSIDE',
        severity: 'error',
        message: `${name} comes from ${quote(path)}, outside the working directory: it is not in the archive, and \`dart pub get\` fails in the build.`,
        help: 'Package the folder above both with `working-directory` and a Dockerfile there, copy the package into this folder in an earlier step, or depend on it by `git:` or a version.',
      }),
    ]
  }
  if (has(cleaned === '.' ? 'pubspec.yaml' : `${cleaned}/pubspec.yaml`)) return []
  return [
    at(entry.key, {
      code: 'DCF-DEPENDENCY-MISSING',
      severity: 'error',
      message: `${name} comes from ${quote(path)}, but no pubspec.yaml there goes into the archive.`,
      help: 'Commit the folder, and let it in (.dockerignore, `include`); a submodule has to be checked out.',
    }),
  ]
}

function judgeGit(entry: YamlEntry, url: string, { runs }: DependencyContext): readonly Problem[] {
  const isSsh = /^ssh:\/\/|^[\w.-]+@[\w.-]+:/.test(url)
  const isLocal = /^(?:\.{0,2}\/|file:)/.test(url)
  if (isLocal || !isSsh || /ssh|insteadof|git config/i.test(runs)) return []
  return [
    at(entry.key, {
      code: 'DCF-DEPENDENCY-PRIVATE',
      severity: 'warning',
      message: `${quote(nameOf(entry.key))} is fetched by SSH from ${quote(url)}, and the build has no key for it.`,
      help: 'For a public repository write its https address. For a private one fetch the package in an earlier step and depend on it by `path:` inside this folder.',
    }),
  ]
}

function judgeHosted(entry: YamlEntry, url: string, { runs }: DependencyContext): readonly Problem[] {
  if (/^https?:\/\/(?:www\.)?pub\.(?:dev|dartlang\.org)(?:\/|$)/.test(url) || /pub token add/.test(runs))
    return []
  return [
    at(entry.key, {
      code: 'DCF-DEPENDENCY-PRIVATE',
      severity: 'warning',
      message: `${quote(nameOf(entry.key))} is hosted on ${quote(url)}, and the build has no token for it.`,
      help: 'If the server wants one, vendor the package: fetch it in an earlier step and depend on it by `path:` inside this folder.',
    }),
  ]
}
