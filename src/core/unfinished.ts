// Reads back what a deployment kept for its post step. The state may be missing or cut: then there is nothing to finish.
import type { Unfinished } from './host.ts'

const names = [
  'roleArn',
  'region',
  'audience',
  'sessionName',
  'sessionPolicy',
  'bucket',
  'key',
  'owner',
  'functionName',
  'run',
  'etag',
  'project',
  'idempotencyToken',
  'buildId',
  'buildUrl',
] as const

/** Undefined unless every part is there as text. */
export function readRunIdentity(json: string): Unfinished | undefined {
  const parsed = parse(json)
  const values = names.map((name) => [name, Reflect.get(Object(parsed), name)] as const)
  return values.every(isTextPair) ? Object.assign(blank(), Object.fromEntries(values)) : undefined
}

function isTextPair(pair: readonly [string, unknown]): pair is readonly [string, string] {
  return typeof pair[1] === 'string'
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function blank(): Unfinished {
  return {
    roleArn: '',
    region: '',
    audience: '',
    sessionName: '',
    sessionPolicy: '',
    bucket: '',
    key: '',
    owner: '',
    functionName: '',
    run: '',
    etag: '',
    project: '',
    idempotencyToken: '',
    buildId: '',
    buildUrl: '',
  }
}
