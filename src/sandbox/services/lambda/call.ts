// What a route of Lambda's interface is, and what it gets of a request.
import type { Access, Caller } from '../../service.ts'
import type { Members } from '../members.ts'
import type { LambdaOffice } from './office.ts'

/** One request, taken apart. */
export interface Call {
  /** Plain function name from the path, or empty where the path has none. */
  readonly name: string
  readonly input: Members
  readonly query: URLSearchParams
  /** Last segment of the path, decoded. */
  readonly tail: string
  readonly caller: Caller
  readonly office: LambdaOffice
}

export interface Route {
  readonly operation: string
  readonly method: string
  /** First group: the function's name; second: a further identifier. */
  readonly path: RegExp
  /** Status of success. */
  readonly status: number
  /** Further permissions besides `lambda:OPERATION` on the function. */
  access?(call: Omit<Call, 'caller'>): readonly Access[]
  /** Members of the answer, or undefined for an empty one. */
  run(call: Call): unknown
}
