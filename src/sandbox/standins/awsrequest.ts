// Writes the HTTP request of an operation in the protocol of its service.
import { readFileSync } from 'node:fs'
import type { AwsCommand } from './awsarguments.ts'
import { type Member, shapeOf } from './awsmodel.ts'

export interface HttpRequest {
  readonly method: string
  /** Encoded path. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** @throws Error for a file of the input that cannot be read */
export function writeRequest(command: AwsCommand): HttpRequest {
  switch (command.service.protocol) {
    case 'json':
      return writeJson(command)
    case 'query':
      return writeQuery(command)
    case 'rest-json':
    case 'rest-xml':
      return writeRest(command)
    default:
      throw new Error(`the stand-in does not speak ${command.service.protocol}`)
  }
}

function writeJson({ service, operation, input }: AwsCommand): HttpRequest {
  const headers = {
    'content-type': `application/x-amz-json-${service.jsonVersion ?? '1.1'}`,
    'x-amz-target': `${service.targetPrefix ?? ''}.${operation.name}`,
  }
  return { method: 'POST', path: '/', query: {}, headers, body: Buffer.from(JSON.stringify(input)) }
}

function writeQuery({ service, operation }: AwsCommand): HttpRequest {
  const form = new URLSearchParams({ Action: operation.name, Version: service.apiVersion })
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  return { method: 'POST', path: '/', query: {}, headers, body: Buffer.from(form.toString()) }
}

function writeRest(command: AwsCommand): HttpRequest {
  const { service, operation, input } = command
  const shape = shapeOf(service, operation.input)
  const query: Record<string, string> = {}
  const headers: Record<string, string> = {}
  const rest: Record<string, unknown> = {}
  let path = restPath(operation.uri, query)
  let body: Buffer | undefined
  for (const [name, value] of Object.entries(input)) {
    const member = shape.members?.[name]
    if (member === undefined) continue
    const wire = member.locationName ?? name
    if (member.location === 'uri') path = fill(path, wire, String(value))
    else if (member.location === 'querystring') query[wire] = String(value)
    else if (member.location === 'header') headers[wire.toLowerCase()] = String(value)
    else if (member.location === 'headers') Object.assign(headers, prefixed(wire, value))
    else if (name === shape.payload) body = readFileSync(String(value))
    else rest[wire] = value
  }
  if (service.protocol === 'rest-xml')
    return { method: operation.method, path, query, headers, body: body ?? Buffer.alloc(0) }
  const hasBody = hasBodyMembers(shape.members ?? {})
  if (hasBody) headers['content-type'] = 'application/json'
  return {
    method: operation.method,
    path,
    query,
    headers,
    body: hasBody ? Buffer.from(JSON.stringify(rest)) : Buffer.alloc(0),
  }
}

function hasBodyMembers(members: Readonly<Record<string, Member>>): boolean {
  return Object.values(members).some((member) => member.location === undefined)
}

/** S3's model leaves the bucket to the host name; an endpoint that is an address takes it as the first part of the path. */
function restPath(uri: string, query: Record<string, string>): string {
  const [path = '', search] = uri.split('?')
  for (const [name, value] of new URLSearchParams(search ?? '')) query[name] = value
  return path === '/{Key+}' ? '/{Bucket}/{Key+}' : path
}

function fill(path: string, name: string, value: string): string {
  return path
    .replace(`{${name}+}`, () => value.split('/').map(encode).join('/'))
    .replace(`{${name}}`, () => encode(value))
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function prefixed(prefix: string, value: unknown): Record<string, string> {
  if (value === null || typeof value !== 'object') return {}
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [`${prefix}${key}`.toLowerCase(), String(text)]),
  )
}
