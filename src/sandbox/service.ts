// What a service of the sandbox is: it recognises its requests, names the permissions they need, and answers.
import type { Answer, Exchange } from './exchange.ts'
import type { AwsError } from './awserror.ts'

/** Who signed a request: a session of a role. */
export interface Caller {
  readonly account: string
  readonly roleName: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
  readonly arn: string
}

/** One permission that an operation needs; all of them are evaluated before the operation runs. */
export interface Access {
  /** For example `s3:PutObject`. */
  readonly action: string
  readonly resource: string
  /** Values of condition keys, for example `{ 'iam:PassedToService': ['lambda.amazonaws.com'] }`. */
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** A request that was understood, before it is allowed. */
export interface Operation {
  /** AWS's name, for example `StartBuild`; it is what the journal shows. */
  readonly name: string
  readonly access: readonly Access[]
  /** Throws AwsError for whatever AWS would refuse. */
  run(caller: Caller): Answer | Promise<Answer>
}

export interface Service {
  /** Name in the credential scope of a signature: `s3`, `codebuild`, `logs`, `lambda`, `ecr`, `sts`. */
  readonly name: string
  /** Throws AwsError for an unknown operation or malformed input. */
  understand(exchange: Exchange): Operation
  /** The error in the protocol of the service. */
  refuse(error: AwsError, requestId: string): Answer
}
