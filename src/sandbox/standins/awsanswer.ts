// Reads the answer of an operation: what botocore's model knows of it, or the error in the AWS CLI's words.
import { writeFileSync } from 'node:fs'
import { isObject, parseJson } from '../json.ts'
import type { AwsCommand } from './awsarguments.ts'
import { type ServiceModel, type Shape, shapeOf } from './awsmodel.ts'
import type { HttpAnswer } from './awssend.ts'

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** The members of a good answer; a streamed body is written to the command's file. */
export function readAnswer(command: AwsCommand, answer: HttpAnswer): Record<string, unknown> {
  const { service, operation, outfile } = command
  const shape = shapeOf(service, operation.output)
  if (service.protocol === 'rest-xml') {
    if (outfile !== undefined) writeFileSync(outfile, answer.body)
    return readHeaders(answer, shape, service)
  }
  if (service.protocol === 'query') return readXml(answer.body.toString('utf8'), shape)
  const parsed = answer.body.length === 0 ? {} : parseJson(answer.body.toString('utf8'))
  const known = keepKnown(parsed, shape, service)
  return isObject(known) ? known : {}
}

export function readRefusal(command: AwsCommand, answer: HttpAnswer): Refusal {
  const text = answer.body.toString('utf8')
  if (command.service.protocol === 'rest-xml' || command.service.protocol === 'query') {
    // The answer to a HEAD has no body: the status is all that there is.
    return {
      code: element(text, 'Code') ?? String(answer.status),
      message: element(text, 'Message') ?? reasonOf(answer.status),
    }
  }
  const body = parseJson(text)
  const members = isObject(body) ? body : {}
  const named =
    answer.headers['x-amzn-errortype'] ?? members['__type'] ?? members['code'] ?? String(answer.status)
  const code = String(named).split(':')[0]?.split('#').at(-1) ?? ''
  return { code, message: String(members['message'] ?? members['Message'] ?? 'Unknown') }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
}

function reasonOf(status: number): string {
  return REASONS[status] ?? 'Unknown'
}

function readHeaders(answer: HttpAnswer, shape: Shape, service: ServiceModel): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const header = (member.locationName ?? name).toLowerCase()
    if (member.location === 'headers') read[name] = withPrefix(answer.headers, header)
    const value = member.location === 'header' ? answer.headers[header] : undefined
    if (value !== undefined) read[name] = typed(value, shapeOf(service, member.shape).type)
  }
  return read
}

function withPrefix(headers: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

function typed(text: string, type: string): unknown {
  if (type === 'integer' || type === 'long') return Number(text)
  if (type === 'boolean') return text === 'true'
  if (type === 'timestamp') return new Date(text).toISOString().replace('.000Z', '+00:00')
  return text
}

/** Members that the model does not know are dropped, as botocore drops them. */
function keepKnown(value: unknown, shape: Shape, service: ServiceModel): unknown {
  if (Array.isArray(value))
    return value.map((item) => keepKnown(item, shapeOf(service, shape.member), service))
  if (!isObject(value)) return value
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    if (shape.type === 'map') entries.push([key, keepKnown(item, shapeOf(service, shape.value), service)])
    const found = Object.entries(shape.members ?? {}).find(
      ([name, member]) => (member.locationName ?? name) === key,
    )
    if (found !== undefined && item !== null) {
      entries.push([found[0], keepKnown(item, shapeOf(service, found[1].shape), service)])
    }
  }
  return Object.fromEntries(entries)
}

function readXml(text: string, shape: Shape): Record<string, unknown> {
  const names = Object.keys(shape.members ?? {})
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = element(text, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)
  return found?.[1]?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '')
}
