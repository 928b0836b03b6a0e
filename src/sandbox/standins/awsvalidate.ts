// Checks input against its shape: types and lower bounds as botocore does before it sends, patterns and enums as the
// services do when they get it.
import { type ServiceModel, type Shape, shapeOf } from './awsmodel.ts'

export interface Findings {
  /** Lines of botocore's `Parameter validation failed`. */
  readonly client: readonly string[]
  /** Lines of a service's validation error. */
  readonly server: readonly string[]
}

interface Walk {
  readonly service: ServiceModel
  readonly client: string[]
  readonly server: string[]
}

export function validateInput(input: unknown, shape: Shape, service: ServiceModel): Findings {
  const walk: Walk = { service, client: [], server: [] }
  check(input, shape, '', walk)
  return walk
}

function check(value: unknown, shape: Shape, path: string, walk: Walk): void {
  const wanted = TYPES[shape.type]
  if (wanted !== undefined && !wanted.test(value)) {
    const type = value === null ? 'NoneType' : typeof value === 'string' ? 'str' : typeof value
    walk.client.push(
      `Invalid type for parameter ${path}, value: ${show(value)}, type: <class '${type}'>, valid types: ${wanted.name}`,
    )
    return
  }
  checkBounds(value, shape, path, walk)
  if (shape.type === 'structure' || shape.type === 'map' || shape.type === 'list')
    checkInside(value, shape, path, walk)
}

const TYPES: Readonly<Record<string, { readonly name: string; test(value: unknown): boolean }>> = {
  string: { name: "<class 'str'>", test: (value) => typeof value === 'string' },
  integer: { name: "<class 'int'>", test: Number.isInteger },
  long: { name: "<class 'int'>", test: Number.isInteger },
  boolean: { name: "<class 'bool'>", test: (value) => typeof value === 'boolean' },
  list: { name: "<class 'list'>, <class 'tuple'>", test: Array.isArray },
  structure: { name: "<class 'dict'>", test: isMap },
  map: { name: "<class 'dict'>", test: isMap },
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function checkBounds(value: unknown, shape: Shape, path: string, walk: Walk): void {
  const size =
    typeof value === 'number' ? value : typeof value === 'string' || Array.isArray(value) ? value.length : 0
  const counted = typeof value === 'number' ? 'value' : 'length'
  const measurable = typeof value === 'number' || typeof value === 'string' || Array.isArray(value)
  if (measurable && shape.min !== undefined && size < shape.min) {
    const what = counted === 'value' ? 'range' : 'length'
    walk.client.push(
      `Invalid ${what} for parameter ${path}, value: ${size}, valid min ${counted}: ${shape.min}`,
    )
  }
  if (measurable && shape.max !== undefined && size > shape.max) {
    const limit = counted === 'value' ? 'value' : 'length'
    serve(walk, { value, path }, `Member must have ${limit} less than or equal to ${shape.max}`)
  }
  if (typeof value !== 'string') return
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    serve(walk, { value, path }, `Member must satisfy enum value set: [${shape.enum.join(', ')}]`)
  }
  if (shape.pattern !== undefined && !matches(value, shape.pattern)) {
    serve(walk, { value, path }, `Member must satisfy regular expression pattern: ${shape.pattern}`)
  }
}

function serve(walk: Walk, { value, path }: { value: unknown; path: string }, constraint: string): void {
  const member = path.slice(0, 1).toLowerCase() + path.slice(1)
  walk.server.push(`Value '${show(value)}' at '${member}' failed to satisfy constraint: ${constraint}`)
}

/** AWS's patterns are Java's; one that JavaScript does not read is left to the service. */
function matches(value: string, pattern: string): boolean {
  for (const flags of ['su', 's']) {
    try {
      return new RegExp(`^(?:${pattern})$`, flags).test(value)
    } catch {
      // The next flags.
    }
  }
  return true
}

function checkInside(value: unknown, shape: Shape, path: string, walk: Walk): void {
  const { service } = walk
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      check(item, shapeOf(service, shape.member), `${path}[${index}]`, walk)
  } else if (isMap(value) && shape.type === 'map') {
    for (const [key, item] of Object.entries(value)) {
      check(key, shapeOf(service, shape.key), `${path} (key: ${key})`, walk)
      check(item, shapeOf(service, shape.value), `${path}.${key}`, walk)
    }
  } else if (isMap(value)) checkStructure(value, shape, path, walk)
}

function checkStructure(value: Record<string, unknown>, shape: Shape, path: string, walk: Walk): void {
  const members = shape.members ?? {}
  for (const name of shape.required ?? []) {
    if (value[name] === undefined)
      walk.client.push(`Missing required parameter in ${path || 'input'}: "${name}"`)
  }
  for (const [name, item] of Object.entries(value)) {
    const member = members[name]
    if (member === undefined) {
      const known = Object.keys(members).join(', ')
      walk.client.push(`Unknown parameter in ${path || 'input'}: "${name}", must be one of: ${known}`)
    } else check(item, shapeOf(walk.service, member.shape), path === '' ? name : `${path}.${name}`, walk)
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
