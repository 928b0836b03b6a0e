// The form of the table of AWS operations, and the names that the AWS CLI makes of it.

export interface Member {
  readonly shape: string
  readonly location?: 'uri' | 'header' | 'headers' | 'querystring' | 'statusCode'
  readonly locationName?: string
  readonly streaming?: boolean
}

export interface Shape {
  readonly type: string
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly members?: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
  readonly payload?: string
  readonly member?: string
  readonly key?: string
  readonly value?: string
}

export interface OperationModel {
  readonly name: string
  readonly method: string
  readonly uri: string
  readonly input?: string
  readonly output?: string
}

export interface Acceptor {
  readonly matcher: string
  readonly expected: unknown
  readonly argument?: string
  readonly state: string
}

export interface WaiterModel {
  readonly name: string
  readonly operation: string
  /** Seconds. */
  readonly delay: number
  readonly maxAttempts: number
  readonly acceptors: readonly Acceptor[]
}

export interface ServiceModel {
  readonly protocol: string
  readonly signingName: string
  readonly targetPrefix?: string
  readonly jsonVersion?: string
  readonly apiVersion: string
  readonly operations: Readonly<Record<string, OperationModel>>
  readonly waiters: Readonly<Record<string, WaiterModel>>
  readonly shapes: Readonly<Record<string, Shape>>
}

export type AwsTable = Readonly<Record<string, ServiceModel>>

const EMPTY: Shape = { type: 'structure', members: {}, required: [] }

/** The shape of that name; none for an operation without input. */
export function shapeOf(service: ServiceModel, name: string | undefined): Shape {
  return (name === undefined ? undefined : service.shapes[name]) ?? EMPTY
}

/** `FunctionName` as the command line has it: `function-name`. */
export function kebabOf(member: string): string {
  return member
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}
