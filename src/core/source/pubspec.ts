// Reads pubspec.yaml and says what in it would stop `dart pub get`, or the platform, before anything is built.
import type { Problem } from '../problem.ts'
import { quote } from './quote.ts'
import { judgeSdk } from './sdk.ts'
import { parseVersion } from './version.ts'
import type { SdkWindow } from './window.ts'
import { readYaml } from './yaml.ts'
import { describeNode, findEntry, findText, isNull, type YamlMap, type YamlNode } from './yamlnode.ts'

export interface Pubspec {
  /** As written; absent where it is missing or no text. */
  readonly name?: string
  readonly window?: SdkWindow
  /** The top level; absent where the file cannot be read as a map. */
  readonly root?: YamlMap
  readonly problems: readonly Problem[]
}

export const pubspecFile = 'pubspec.yaml'

/** Reads the content of pubspec.yaml. Throws nothing. */
export function readPubspec(bytes: Uint8Array): Pubspec {
  const reading = readYaml(bytes)
  if (reading.kind === 'refused') {
    const { line, column, message, why } = reading
    return {
      problems: [
        {
          code: why === 'syntax' ? 'DCF-PUBSPEC-YAML' : 'DCF-PUBSPEC-LIMITS',
          severity: 'error',
          message: `pubspec.yaml cannot be read: ${message}.`,
          help:
            why === 'syntax'
              ? "Mend this line; the line for the SDK is, with its quotes, `sdk: '>=3.11.0 <3.12.0'`."
              : 'Keep pubspec.yaml a plain UTF-8 file of some kilobytes, a few levels deep.',
          file: pubspecFile,
          line,
          column,
        },
      ],
    }
  }
  return judgeRoot(reading.root)
}

function judgeRoot(root: YamlNode): Pubspec {
  if (root.kind !== 'map') {
    const found = isNull(root) ? 'is empty' : `holds ${describeNode(root)}, not a map of fields`
    return {
      problems: [
        {
          code: 'DCF-PUBSPEC-NO-MAP',
          severity: 'error',
          message: `pubspec.yaml ${found}.`,
          help: "Write at least `name:` and, under `environment:`, `sdk: '>=3.11.0 <3.12.0'`.",
          file: pubspecFile,
          line: root.line,
          column: root.column,
        },
      ],
    }
  }
  const sdk = judgeSdk(root, pubspecFile)
  const name = findText(root, 'name')
  return {
    ...(name === undefined ? {} : { name }),
    ...(sdk.window === undefined ? {} : { window: sdk.window }),
    root,
    problems: [...judgeName(root), ...judgeVersion(root), ...sdk.problems, ...judgeEnvironment(root)],
  }
}

const packageName = /^[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*$/

/** Words of the language that pub refuses as names. */
const reservedWords = new Set(
  (
    'assert break case catch class const continue default do else enum extends false final finally for if in is new ' +
    'null rethrow return super switch this throw true try var void while with'
  ).split(' '),
)

function judgeName(root: YamlMap): Problem[] {
  const entry = findEntry(root, 'name')
  const problem = (message: string, node: YamlNode | undefined): Problem => ({
    code: 'DCF-PUBSPEC-NAME',
    severity: 'error',
    message,
    help: 'Write a name of letters, digits and underscores that does not begin with a digit, as in `name: my_server`.',
    file: pubspecFile,
    line: node?.line ?? 1,
    column: node?.column ?? 1,
  })
  if (entry === undefined) return [problem('pubspec.yaml has no `name`.', undefined)]
  const { value } = entry
  if (isNull(value)) return [problem('`name` is empty.', entry.key)]
  if (value.kind !== 'scalar' || typeof value.value !== 'string') {
    return [problem(`\`name\` is ${describeNode(value)} and must be text.`, value)]
  }
  if (!packageName.test(value.value))
    return [problem(`${quote(value.value)} is no name of a Dart package.`, value)]
  return reservedWords.has(value.value)
    ? [problem(`${quote(value.value)} is a word of the language.`, value)]
    : []
}

function judgeVersion(root: YamlMap): Problem[] {
  const value = findEntry(root, 'version')?.value
  if (value === undefined || isNull(value)) return []
  const isText = value.kind === 'scalar' && typeof value.value === 'string'
  if (isText && parseVersion(String(value.value)) !== undefined) return []
  const found = isText
    ? `${quote(String(value.value))} is no version`
    : `it is ${describeNode(value)} and must be text`
  return [
    {
      code: 'DCF-PUBSPEC-VERSION',
      severity: 'error',
      message: `\`version\` cannot be read by Dart: ${found}.`,
      help: 'Write three numbers, as in `version: 1.0.0`, or leave the line out.',
      file: pubspecFile,
      line: value.line,
      column: value.column,
    },
  ]
}

/** Dart refuses `dart:` beside or instead of `sdk:`, and constraints that are no text. */
function judgeEnvironment(root: YamlMap): Problem[] {
  const entry = findEntry(findEntry(root, 'environment')?.value, 'dart')
  if (entry === undefined) return []
  return [
    {
      code: 'DCF-PUBSPEC-ENVIRONMENT',
      severity: 'error',
      message: 'Dart refuses `dart:` under `environment:`; the key for its version is `sdk:`.',
      help: "Remove it, and write `sdk: '>=3.11.0 <3.12.0'`.",
      file: pubspecFile,
      line: entry.key.line,
      column: entry.key.column,
    },
  ]
}
