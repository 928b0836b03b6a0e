// One request to the registry while it is served, and what every answer needs.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from '../../service.ts'
import type { EcrOffice } from '../ecr/office.ts'
import type { Uploads } from './upload.ts'

/** One request to the registry, for the journal. */
export interface RegistryNote {
  /** ECR's own name for what was done, for example `PutImage`. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly principal: string
  readonly actions: readonly string[]
  readonly status: number
  readonly errorCode?: string
}

export interface RegistryOffice extends EcrOffice {
  readonly uploads: Uploads
  record(note: RegistryNote): void
}

/** A request that was identified and taken apart. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly caller: Caller
  readonly query: URLSearchParams
  readonly office: RegistryOffice
  readonly method: string
}

export const JSON_TYPE = { 'content-type': 'application/json' }

/** Absolute, at the host that the client asked. */
export function locate(request: IncomingMessage, path: string): string {
  return `http://${request.headers.host ?? ''}${path}`
}
