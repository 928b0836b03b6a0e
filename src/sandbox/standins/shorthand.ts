// The AWS CLI's shorthand for structures, lists and maps: `imageTag=a,imageDigest=b`, `Variables={A=b,C=d}`.
import { type ServiceModel, type Shape, shapeOf } from './awsmodel.ts'
import { UsageError } from './usage.ts'

export interface Typing {
  readonly service: ServiceModel
  readonly option: string
}

/** The value of one word of an option, typed by its shape. @throws UsageError as the AWS CLI words it. */
export function readValue(text: string, shape: Shape, typing: Typing): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      if (!/^[+-]?\d+$/.test(text.trim()))
        throw new UsageError(`invalid literal for int() with base 10: '${text}'`, 255)
      return Number(text)
    case 'boolean':
      return text.toLowerCase() === 'true'
    case 'structure':
    case 'map':
    case 'list':
      return /^\s*[[{]/.test(text) ? readJson(text, typing) : readShorthand(text, shape, typing)
    default:
      return text
  }
}

export function readJson(text: string, { option }: { readonly option: string }): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `Error parsing parameter '${option}': Invalid JSON: ${String(error)}\nJSON received: ${text}`,
      255,
    )
  }
}

function readShorthand(text: string, shape: Shape, typing: Typing): unknown {
  const reader = { text, at: 0, typing }
  if (shape.type === 'list')
    return splitList(text).map((part) => readValue(part, memberOf(shape, typing), typing))
  const value = readPairs(reader, shape, '')
  if (reader.at < text.length) throw unexpected(reader, ',')
  return value
}

interface Reader {
  readonly text: string
  at: number
  readonly typing: Typing
}

function readPairs(reader: Reader, shape: Shape, end: string): Record<string, unknown> {
  const pairs: [string, unknown][] = []
  while (reader.at < reader.text.length && reader.text[reader.at] !== end) {
    const found = /^\s*([A-Za-z0-9_.#/:-]+)\s*=\s*/.exec(reader.text.slice(reader.at))
    if (found === null) throw unexpected(reader, '=')
    reader.at += found[0].length
    const key = found[1] ?? ''
    pairs.push([key, readItem(reader, valueShape(shape, key, reader.typing), end)])
    if (reader.text[reader.at] !== ',') break
    reader.at += 1
  }
  return Object.fromEntries(pairs)
}

function readItem(reader: Reader, shape: Shape, end: string): unknown {
  const first = reader.text[reader.at]
  if (first === '{') return readBraced(reader, shape)
  if (first === '[') return readBracketed(reader, shape)
  const stop = end === '' ? /[,]/ : /[,}\]]/
  const rest = reader.text.slice(reader.at)
  const length = rest.search(stop)
  const word = length < 0 ? rest : rest.slice(0, length)
  reader.at += word.length
  return readValue(word.replace(/^(["'])(.*)\1$/, '$2'), shape, reader.typing)
}

function readBraced(reader: Reader, shape: Shape): unknown {
  reader.at += 1
  const value = readPairs(reader, shape, '}')
  if (reader.text[reader.at] !== '}') throw unexpected(reader, '}')
  reader.at += 1
  return value
}

function readBracketed(reader: Reader, shape: Shape): unknown {
  const items: unknown[] = []
  reader.at += 1
  while (reader.at < reader.text.length && reader.text[reader.at] !== ']') {
    items.push(readItem(reader, memberOf(shape, reader.typing), ']'))
    if (reader.text[reader.at] === ',') reader.at += 1
  }
  if (reader.text[reader.at] !== ']') throw unexpected(reader, ']')
  reader.at += 1
  return items
}

function valueShape(shape: Shape, key: string, { service }: Typing): Shape {
  return shapeOf(service, shape.type === 'map' ? shape.value : shape.members?.[key]?.shape)
}

function memberOf(shape: Shape, { service }: Typing): Shape {
  return shapeOf(service, shape.member)
}

function splitList(text: string): readonly string[] {
  return text.split(',')
}

function unexpected(reader: Reader, expected: string): UsageError {
  const received = reader.text[reader.at] ?? 'EOF'
  const where = `Expected: '${expected}', received: '${received}' for input:\n${reader.text}`
  return new UsageError(`Error parsing parameter '${reader.typing.option}': ${where}`, 255)
}
