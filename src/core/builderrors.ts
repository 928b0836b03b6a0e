// Finds in a build's log what Dart and Docker say about lines of the repository, for annotations on those lines.
import type { Code } from './catalogue.ts'
import type { Problem } from './problem.ts'

export interface BuildErrors {
  /** Takes the next line of the log, untrusted. */
  readonly read: (line: string) => void
  /** Problems on files of the repository, in the order of the log; nine at most. */
  list(): readonly Problem[]
}

export interface RepositoryFiles {
  /** Paths relative to the working directory. */
  readonly paths: readonly string[]
  /** `name` of the pubspec. */
  readonly packageName: string | undefined
}

/** With the one annotation of the refusal that makes ten, which is what GitHub shows. */
const limit = 9
const longest = 500

export function collectBuildErrors(files: RepositoryFiles): BuildErrors {
  const found = new Map<string, Problem>()
  const locate = createLocator(files)
  const add = ({ code, path, line, column, message }: Finding) => {
    const file = locate(path)
    if (file === undefined || found.size >= limit) return
    const problem: Problem = {
      code,
      severity: 'error',
      message: message.trim().slice(0, longest),
      help: helps[code],
      file,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    }
    const key = JSON.stringify([file, line, column, problem.message])
    if (!found.has(key)) found.set(key, problem)
  }
  const readers = [readDart(add), readPub(add), readDocker(add)]
  return {
    read: (raw) => {
      const line = bare(raw)
      if (line !== '') for (const reader of readers) reader(line)
    },
    list: () => [...found.values()],
  }
}

type ErrorCode = 'DCF-DART-ERROR' | 'DCF-PUB-ERROR' | 'DCF-DOCKERFILE-STEP'

const helps = {
  'DCF-DART-ERROR': 'Mend this line; `dart analyze` shows the same on your machine.',
  'DCF-PUB-ERROR': 'Mend pubspec.yaml until `dart pub get` succeeds with the SDK of the Dockerfile.',
  'DCF-DOCKERFILE-STEP': 'The lines above it in the log of the build say why the step failed.',
} as const satisfies Partial<Record<Code, string>>

interface Finding {
  readonly code: ErrorCode
  readonly path: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly message: string
}

type Add = (finding: Finding) => void
type Reader = (line: string) => void

/** Without colours, BuildKit's `#12 3.456 ` and the `3.456 ` of its recapitulation. */
function bare(raw: string): string {
  return raw
    .slice(0, 4000)
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/^#\d+ +(?:\d+\.\d+ )?/, '')
    .replace(/^\d+\.\d{3} /, '')
    .trimEnd()
}

function count(text: string | undefined): number | undefined {
  const number = Number(text)
  return text !== undefined && Number.isSafeInteger(number) && number > 0 && number < 1e7 ? number : undefined
}

/** The compiler: `bin/server.dart:3:5: Error: ...`; the analyzer: `error - bin/server.dart:3:5 - ... - code`. */
function readDart(add: Add): Reader {
  return (text) => {
    const [, path, line, column, message] =
      /^(\S[^:]{0,400}\.dart|(?:package|file|org-dartlang-app):[^:\s]{1,400}\.dart):(\d+):(\d+): Error: (.+)$/.exec(
        text,
      ) ??
      /^ *error [-•] ([^:]{1,400}\.dart):(\d+):(\d+) [-•] (.+)$/.exec(text) ??
      []
    if (path === undefined || message === undefined) return
    add({ code: 'DCF-DART-ERROR', path, line: count(line), column: count(column), message })
  }
}

/** `dart pub get`: a place in pubspec.yaml, or a version that cannot be solved. */
function readPub(add: Add): Reader {
  let reason: string[] = []
  return (text) => {
    const [, line, column, path, message] =
      /^Error on line (\d+), column (\d+) of (\S{1,400}pubspec\.yaml|pubspec\.yaml): (.+)$/.exec(text) ?? []
    if (path !== undefined && message !== undefined)
      return add({ code: 'DCF-PUB-ERROR', path, line: count(line), column: count(column), message })
    if (/^(?:Because|And because|So, because|The current Dart SDK version is) /.test(text)) reason.push(text)
    else if (reason.length > 0 && !/^(?:Running|Resolving|#)/.test(text)) reason.push(text)
    if (reason.length > 12) reason = []
    if (!/version solving failed\.?$/.test(text)) return undefined
    add({ code: 'DCF-PUB-ERROR', path: 'pubspec.yaml', message: reason.join(' ') || text })
    reason = []
    return undefined
  }
}

/**
 * BuildKit shows the failed step after `Dockerfile:10`, marked with `>>>`; the classic builder names the step before
 * it and the command after it.
 */
function readDocker(add: Add): Reader {
  let place: { readonly path: string; readonly line: number | undefined } | undefined
  let step = ''
  return (text) => {
    const [, path, line] = /^([\w./-]*Dockerfile[\w.-]*):(\d+)$/.exec(text) ?? []
    if (path !== undefined) place = { path, line: count(line) }
    const shown = /^ *\d+ \| >>> (.+)$/.exec(text)?.[1]
    if (shown !== undefined && place !== undefined) {
      // The image of the adapter around the customer's has a Dockerfile of its own.
      const isOurs = /dcf-app:base|aws-lambda-adapter/.test(shown)
      if (!isOurs) add({ code: 'DCF-DOCKERFILE-STEP', ...place, message: `This step failed: \`${shown}\`` })
      place = undefined
    }
    step = /^Step \d+\/\d+ : (.+)$/.exec(text)?.[1] ?? step
    if (/^The command '.+' returned a non-zero code: \d+$/.test(text) && step !== '')
      add({ code: 'DCF-DOCKERFILE-STEP', path: 'Dockerfile', message: `This step failed: \`${step}\`` })
  }
}

/**
 * The file of the repository that a path of the build means. In the image the repository lies in some folder, and a
 * command may run in a package below it: the longest tail of the path that is a file wins, then the only file that
 * ends like the path.
 */
function createLocator({ paths, packageName }: RepositoryFiles): (path: string) => string | undefined {
  const known = new Set(paths)
  const onlyOne = (ending: string) => {
    const found = paths.filter((one) => one === ending || one.endsWith(`/${ending}`))
    return found.length === 1 ? found[0] : undefined
  }
  return (path) => {
    const [, name, rest] = /^package:([^/]+)\/(.+)$/.exec(path) ?? []
    // A package of the same repository lies in a folder of its name; others are none of the repository's.
    if (name !== undefined && name !== packageName) return onlyOne(`${name}/lib/${rest}`)
    const local = rest === undefined ? path.replace(/^(?:file|org-dartlang-app):\/{0,3}/, '') : `lib/${rest}`
    const parts = local.split('/').filter((part) => part !== '' && part !== '.')
    if (parts.includes('..') || parts.includes('.pub-cache')) return undefined
    const tails = parts.map((_part, from) => parts.slice(from).join('/'))
    return tails.find((tail) => known.has(tail)) ?? onlyOne(parts.join('/'))
  }
}
