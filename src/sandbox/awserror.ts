// An error as AWS would answer it; each service writes it in its own protocol.

export class AwsError extends Error {
  readonly code: string
  readonly status: number
  /** Further members of the answer, for example `Type` of Lambda or `BucketName` of S3. */
  readonly members: Readonly<Record<string, string>>

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.members = members
  }
}
