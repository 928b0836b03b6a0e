// Reads a command line of the AWS CLI by the table of operations. Only what version 1 and version 2 both know passes,
// because a build image may have either.
import { readFileSync } from 'node:fs'
import {
  kebabOf,
  type OperationModel,
  type ServiceModel,
  type Shape,
  shapeOf,
  type WaiterModel,
} from './awsmodel.ts'
import { awsTable } from './awstable.ts'
import { readJson, readValue } from './shorthand.ts'
import { UsageError } from './usage.ts'

export interface Globals {
  readonly region?: string
  readonly output?: string
  readonly query?: string
  readonly 'endpoint-url'?: string
}

export interface AwsCommand {
  readonly service: ServiceModel
  readonly serviceName: string
  readonly operation: OperationModel
  readonly waiter?: WaiterModel
  readonly input: Readonly<Record<string, unknown>>
  /** File to which a streamed answer is written. */
  readonly outfile?: string
  readonly skeleton: boolean
  /** `ecr get-login-password`, which prints a part of the answer only. */
  readonly login: boolean
  readonly globals: Globals
}

const USAGE = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`
const WITH_VALUE = [
  'region',
  'output',
  'query',
  'endpoint-url',
  'profile',
  'color',
  'ca-bundle',
  'cli-read-timeout',
  'cli-connect-timeout',
]
const FLAGS = ['debug', 'no-verify-ssl', 'no-paginate', 'no-sign-request']

/** @throws UsageError with the words of the AWS CLI */
export function parseAws(argv: readonly string[]): AwsCommand {
  const { words, globals } = takeGlobals(argv)
  const [serviceName = '', verb = '', ...rest] = words
  const service = awsTable[serviceName]
  if (service === undefined) throw invalidChoice('command', serviceName, Object.keys(awsTable))
  if (verb === 'wait') return { ...parseWait(service, rest), serviceName, globals }
  const login = serviceName === 'ecr' && verb === 'get-login-password'
  const operation = service.operations[login ? 'get-authorization-token' : verb]
  if (operation === undefined) throw invalidChoice('operation', verb, Object.keys(service.operations))
  return { ...readOptions(rest, service, operation), service, serviceName, operation, login, globals }
}

function parseWait(service: ServiceModel, [name = '', ...rest]: readonly string[]) {
  const waiter = service.waiters[name]
  const operation = waiter === undefined ? undefined : service.operations[waiter.operation]
  if (waiter === undefined || operation === undefined) {
    throw invalidChoice('subcommand', name, Object.keys(service.waiters))
  }
  return { ...readOptions(rest, service, operation), service, operation, waiter, login: false }
}

function takeGlobals(argv: readonly string[]): { words: readonly string[]; globals: Globals } {
  const words: string[] = []
  const globals: Record<string, string> = {}
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    const [name = '', inline] = splitOption(word)
    if (WITH_VALUE.includes(name)) {
      if (inline === undefined) at += 1
      const value = inline ?? argv[at]
      if (value === undefined)
        throw new UsageError(`${USAGE}\naws: error: argument --${name}: expected one argument`, 2)
      globals[name] = value
    } else if (!FLAGS.includes(name)) words.push(word)
  }
  if (globals['output'] !== undefined && !['json', 'text', 'table'].includes(globals['output'])) {
    throw invalidChoice('--output', globals['output'], ['json', 'text', 'table'])
  }
  return { words, globals }
}

/** `--name=value` and `--name` in their parts; a word that is no option has no name. */
function splitOption(word: string): readonly [string, string | undefined] {
  if (!word.startsWith('--')) return ['', undefined]
  const at = word.indexOf('=')
  return at < 0 ? [word.slice(2), undefined] : [word.slice(2, at), word.slice(at + 1)]
}

function readOptions(words: readonly string[], service: ServiceModel, operation: OperationModel) {
  const shape = shapeOf(service, operation.input)
  const options = new Map(
    Object.entries(shape.members ?? {}).map(([name, member]) => [kebabOf(name), { name, member }]),
  )
  const input: Record<string, unknown> = {}
  const unknown: string[] = []
  let outfile: string | undefined
  let skeleton = false
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    const [name, inline] = splitOption(word)
    const values = inline === undefined ? valuesAfter(words, at + 1) : [inline]
    at += 1
    const known = options.get(name) ?? options.get(name.replace(/^no-/, ''))
    if (name === 'generate-cli-skeleton') {
      skeleton = true
      if (inline === undefined && values.length > 0) at += 1
    } else if (name === 'cli-input-json') {
      Object.assign(input, { ...readInput(take(values, word)), ...input })
      if (inline === undefined) at += 1
    } else if (known !== undefined) {
      const memberShape = shapeOf(service, known.member.shape)
      if (memberShape.type === 'boolean') {
        input[known.name] = options.has(name)
        continue
      }
      const many = memberShape.type === 'list'
      const used = many ? values : [take(values, word)]
      if (inline === undefined) at += used.length
      input[known.name] = readMember(used, memberShape, { service, option: word })
    } else if (word.startsWith('-') || !streams(service, operation) || outfile !== undefined) {
      unknown.push(word)
    } else outfile = word
  }
  return finish({ input, outfile, skeleton, unknown }, service, operation)
}

interface Read {
  readonly input: Record<string, unknown>
  readonly outfile: string | undefined
  readonly skeleton: boolean
  readonly unknown: readonly string[]
}

function finish(
  { input, outfile, skeleton, unknown }: Read,
  service: ServiceModel,
  operation: OperationModel,
) {
  const shape = shapeOf(service, operation.input)
  const missing = (shape.required ?? [])
    .filter((name) => input[name] === undefined)
    .map((name) => `--${kebabOf(name)}`)
  if (streams(service, operation) && outfile === undefined) missing.push('outfile')
  if (missing.length > 0 && !skeleton) {
    throw new UsageError(
      `${USAGE}\naws: error: the following arguments are required: ${missing.join(', ')}`,
      2,
    )
  }
  if (unknown.length > 0) throw new UsageError(`${USAGE}\nUnknown options: ${unknown.join(', ')}`, 2)
  return { input, skeleton, ...(outfile === undefined ? {} : { outfile }) }
}

/** True if the answer has a streamed body, for which the AWS CLI wants a file. */
export function streams(service: ServiceModel, operation: OperationModel): boolean {
  const { payload, members } = shapeOf(service, operation.output)
  return payload !== undefined && shapeOf(service, members?.[payload]?.shape).type === 'blob'
}

function valuesAfter(words: readonly string[], from: number): readonly string[] {
  const rest = words.slice(from)
  const end = rest.findIndex((word) => word.startsWith('--'))
  return end < 0 ? rest : rest.slice(0, end)
}

function take(values: readonly string[], word: string): string {
  const [value] = values
  if (value === undefined)
    throw new UsageError(`${USAGE}\naws: error: argument ${word}: expected one argument`, 2)
  return value
}

function readMember(
  words: readonly string[],
  shape: Shape,
  typing: { service: ServiceModel; option: string },
): unknown {
  const texts = words.map((word) => loadFile(word, typing.option))
  if (shape.type !== 'list') return readValue(texts[0] ?? '', shape, typing)
  if (texts.length === 1 && /^\s*\[/.test(texts[0] ?? '')) return readJson(texts[0] ?? '', typing)
  const member = shapeOf(typing.service, shape.member)
  return texts.map((text) => readValue(text, member, typing))
}

function readInput(word: string): Record<string, unknown> {
  const value = readJson(loadFile(word, '--cli-input-json'), { option: 'cli-input-json' })
  if (value === null || typeof value !== 'object') throw new UsageError('Invalid JSON received.', 255)
  return Object.fromEntries(Object.entries(value))
}

/** The AWS CLI reads a file where a value begins with `file://`, whatever the option is. */
function loadFile(word: string, option: string): string {
  const found = /^fileb?:\/\/(.*)$/s.exec(word)
  if (found !== null) {
    try {
      return readFileSync(found[1] ?? '', 'utf8')
    } catch (error) {
      throw new UsageError(
        `Error parsing parameter '${option}': Unable to load paramfile ${word}: ${String(error)}`,
        255,
      )
    }
  }
  if (/^https?:\/\//.test(word)) {
    throw new UsageError(`Error parsing parameter '${option}': Unable to retrieve ${word}`, 255)
  }
  return word
}

function invalidChoice(argument: string, value: string, choices: readonly string[]): UsageError {
  const list = choices.toSorted().join(' | ')
  return new UsageError(
    `${USAGE}\naws: error: argument ${argument}: Invalid choice: '${value}', valid choices in this stand-in are:\n\n${list}`,
    2,
  )
}
