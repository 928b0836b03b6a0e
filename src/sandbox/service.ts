// What a service of the sandbox is: it recognises its requests, names the permissions they need, and answers.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AwsError } from './awserror.ts'
import type { Answer, Exchange } from './exchange.ts'

/** Who signed a request: a session of a role. An unsigned request comes from `ANONYMOUS`. */
export interface Caller {
  readonly account: string
  readonly roleName: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
  readonly arn: string
  /** `ROLE_ID:SESSION`, as GetCallerIdentity and `aws:userid` show it. */
  readonly userId: string
}

/** Caller of an operation that takes no signature, for example AssumeRoleWithWebIdentity. */
export const ANONYMOUS: Caller = { account: '', roleName: '', arn: 'anonymous', userId: 'anonymous' }

/** One permission that an operation needs; all of them are evaluated before the operation runs. */
export interface Access {
  /** For example `s3:PutObject`. */
  readonly action: string
  readonly resource: string
  /** Values of condition keys, for example `{ 'iam:PassedToService': ['lambda.amazonaws.com'] }`. */
  readonly context?: Readonly<Record<string, readonly string[]>>
  /** The resource's own policy document, where it has one (a bucket's, a repository's): allowing there is enough. */
  readonly resourcePolicy?: unknown
  /** Account that owns the resource, when it may be another one: both sides must then allow. */
  readonly owner?: string
}

/** A request that was understood, before it is allowed. */
export interface Operation {
  /** AWS's name, for example `StartBuild`; it is what the journal shows. */
  readonly name: string
  readonly access: readonly Access[]
  /** True for the few operations that AWS takes without a signature; they run for `ANONYMOUS`. */
  readonly unsigned?: boolean
  /** What a reader of the journal wants to see of the input; never a credential. */
  readonly parameters?: unknown
  /** Throws what AWS refuses before it looks at permissions, for example NoSuchBucket. */
  precheck?(): void
  /** Throws AwsError for whatever AWS would refuse. */
  run(caller: Caller): Answer | Promise<Answer>
}

export interface Service {
  /** Name in the credential scope of a signature: `s3`, `codebuild`, `logs`, `lambda`, `ecr`, `sts`. */
  readonly name: string
  /** Wire protocol; it decides the error codes of a bad signature and the header that carries the request id. */
  readonly protocol: 'query' | 'rest-xml' | 'rest-json' | 'json'
  /** Throws AwsError for an unknown operation or malformed input. */
  understand(exchange: Exchange): Operation
  /** The error in the protocol of the service. */
  refuse(error: AwsError, requestId: string): Answer
  /** Ends what runs in the background (builds, servers of Function URLs) when the sandbox closes. */
  close?(): Promise<void>
}

/** A part of the server that is no AWS service and checks its callers itself: the token endpoint, the registry. */
export interface Door {
  /** Name in the journal, for example `github` or `registry`. */
  readonly name: string
  matches(exchange: Exchange): boolean
  /** `operation` names the request in the journal and for faults. */
  enter(exchange: Exchange): Entrance
  close?(): Promise<void>
}

export interface Entrance {
  readonly operation: string
  readonly parameters?: unknown
  run(): Answer | Promise<Answer>
}

/** A part whose bodies are too large to be held: it gets node's own request and response, and checks its callers itself. */
export interface StreamDoor {
  readonly name: string
  /** `path` is without the query. */
  matches(path: string): boolean
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close?(): Promise<void>
}
