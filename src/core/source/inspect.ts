// The whole judgement over a repository: which files go into the archive, and everything that is wrong.
import { isDeployable, type Problem, type Severity } from '../problem.ts'
import { judgeCopies } from './copyrule.ts'
import { judgeDependencies } from './dependencies.ts'
import { computeSourceDigest } from './digest.ts'
import { guessWindow, judgeImages } from './fromrule.ts'
import { type Gathering, gatherFiles } from './gather.ts'
import { type ImageSource, resolveImage } from './image.ts'
import { judgeMandatory } from './mandatory.ts'
import { judgeProgram } from './programrule.ts'
import { type Pubspec, readPubspec } from './pubspec.ts'
import type { SelectionRules, SourceReport } from './report.ts'
import { judgeRuntime } from './runtimerule.ts'
import { judgeCheckout, judgeSecrets } from './safety.ts'
import { judgeSize } from './sizerule.ts'
import { judgeSyntax } from './syntaxrule.ts'
import { FileFault, type Tree } from './tree.ts'
import { readYaml } from './yaml.ts'
import type { YamlNode } from './yamlnode.ts'

export type { SelectionRules, SourceFile, SourceReport } from './report.ts'

/**
 * Judges a repository. Whatever a tree contains becomes a problem; it rejects only where the tree itself does with
 * something else than a {@link FileFault}.
 */
export async function inspectSource(tree: Tree, rules: SelectionRules): Promise<SourceReport> {
  const gathering = await gatherFiles(tree, rules)
  const read = createPackedReader(tree, gathering)
  const pubspecBytes = await read('pubspec.yaml')
  const pubspec = pubspecBytes === undefined ? undefined : readPubspec(pubspecBytes)
  const image = readImage(await read('Dockerfile'))
  const files = gathering.files.map(({ file }) => file)
  const problems = [
    ...judgeMandatory(gathering.presence),
    ...(pubspec?.problems ?? []),
    ...gathering.problems,
    ...judgeSize(files),
    ...judgeSecrets(
      gathering.omitted.flatMap(({ path, by }) => (by === 'secret' ? [path] : [])),
      gathering.files,
    ),
    ...(await judgeLeftovers(tree, gathering)),
    ...(image === undefined ? [] : judgeImage(image, gathering, pubspec)),
    ...(await judgePackage({ gathering, read, image, pubspec })),
  ].sort(compareProblems)
  return {
    ok: isDeployable(problems),
    ...(pubspec?.name === undefined ? {} : { name: pubspec.name }),
    files,
    omitted: gathering.omitted,
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    ...(gathering.isComplete ? { sourceDigest: computeSourceDigest(files) } : {}),
    problems,
  }
}

type ReadPacked = (path: string) => Promise<Buffer | undefined>

/** Reads a file that goes in; one that cannot be read any more has been reported already. */
function createPackedReader(tree: Tree, { presence }: Gathering): ReadPacked {
  return async (path) => (presence.has(path) ? await readQuietly(tree, path) : undefined)
}

async function readQuietly(tree: Tree, path: string): Promise<Buffer | undefined> {
  try {
    return await tree.read(path)
  } catch (error) {
    if (error instanceof FileFault) return undefined
    throw error
  }
}

/** A Dockerfile of a real project has some kilobytes. */
const dockerfileByteLimit = 256 * 1024

function readImage(bytes: Buffer | undefined): ImageSource | undefined {
  if (bytes === undefined) return undefined
  return resolveImage(
    bytes
      .subarray(0, dockerfileByteLimit)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  )
}

function judgeImage(
  image: ImageSource,
  { files, presence }: Gathering,
  pubspec: Pubspec | undefined,
): readonly Problem[] {
  const { listed, explainAbsence } = presence
  return [
    ...judgeSyntax(image.dockerfile),
    ...judgeImages(image, pubspec?.window ?? guessWindow(image)),
    ...judgeCopies(image, { packed: files.map(({ file }) => file.path), listed, explainAbsence }),
    ...judgeRuntime(image),
  ]
}

interface Package {
  readonly gathering: Gathering
  readonly read: ReadPacked
  readonly image: ImageSource | undefined
  readonly pubspec: Pubspec | undefined
}

/** What takes pubspec, Dockerfile and sources together. */
async function judgePackage({ gathering, read, image, pubspec }: Package): Promise<readonly Problem[]> {
  const root = pubspec?.root
  const runs = (image?.needed ?? [])
    .flatMap((stage) => stage.instructions)
    .filter(({ keyword }) => keyword === 'RUN')
  const usesFlutterImage = (image?.needed ?? []).some((stage) => stage.image?.includes('flutter') === true)
  const overrides = await readYamlFile(read, 'pubspec_overrides.yaml')
  const dependencies =
    root === undefined
      ? []
      : judgeDependencies({
          root,
          ...(overrides === undefined ? {} : { overrides }),
          has: gathering.presence.has,
          runs: runs.map(({ source }) => source).join('\n'),
          usesFlutterImage,
        })
  if (image === undefined) return dependencies
  const lock = await readYamlFile(read, 'pubspec.lock')
  const program = judgeProgram({
    image,
    window: pubspec?.window ?? guessWindow(image),
    ...(root === undefined ? {} : { root }),
    ...(lock === undefined ? {} : { lock }),
    packed: gathering.files.map(({ file }) => file.path),
    sources: await readSources(read, gathering),
  })
  return [...dependencies, ...program]
}

async function readYamlFile(read: ReadPacked, path: string): Promise<YamlNode | undefined> {
  const bytes = await read(path)
  const reading = bytes === undefined ? undefined : readYaml(bytes)
  return reading?.kind === 'read' ? reading.root : undefined
}

/** Beyond this the sources are not searched: what is looked for stands in small files. */
const sourceByteLimit = 512 * 1024
const sourceCountLimit = 2000

async function readSources(read: ReadPacked, { files }: Gathering): Promise<ReadonlyMap<string, string>> {
  const candidates = files.filter(
    ({ file }) =>
      file.path.endsWith('.dart') && !file.path.startsWith('test/') && file.bytes <= sourceByteLimit,
  )
  const sources = new Map<string, string>()
  for (const { file } of candidates.slice(0, sourceCountLimit)) {
    const text = (await read(file.path))?.toString('utf8') ?? ''
    sources.set(file.path, text)
    // All that is looked for is whether any of them reads PORT.
    if (/\bPORT\b/.test(text)) break
  }
  return sources
}

async function judgeLeftovers(tree: Tree, gathering: Gathering): Promise<readonly Problem[]> {
  const isListed = (path: string): boolean => gathering.presence.listed.includes(path)
  const gitConfig = isListed('.git/config')
    ? (await readQuietly(tree, '.git/config'))?.toString('utf8')
    : undefined
  const gitModules = isListed('.gitmodules')
    ? (await readQuietly(tree, '.gitmodules'))?.toString('utf8')
    : undefined
  return judgeCheckout({
    ...(gitConfig === undefined ? {} : { gitConfig }),
    ...(gitModules === undefined ? {} : { gitModules }),
    emptyFolders: tree.entries.flatMap((entry) => (entry.kind === 'folder' ? [entry.path] : [])),
    pointers: gathering.files.flatMap((read) => (read.isPointer ? [read.file.path] : [])),
  })
}

const severityOrder: readonly Severity[] = ['error', 'warning', 'notice']

function compareProblems(a: Problem, b: Problem): number {
  const bySeverity = severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity)
  if (bySeverity !== 0) return bySeverity
  const byFile = compareTexts(a.file ?? '', b.file ?? '')
  return (
    byFile ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareTexts(a.code, b.code)
  )
}

/** By code units, so that no locale has a say. */
function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
