// What IAM keeps of a role and of an OIDC provider.

export interface Role {
  readonly name: string
  readonly arn: string
  /** `AROA...`, the id that stands in `aws:userid`. */
  readonly id: string
  /** Trust policy, as parsed JSON; it is checked when it is evaluated. */
  trust: unknown
  /** Identity-based policies by name, as parsed JSON. */
  readonly policies: Map<string, unknown>
  /** Seconds; AWS's own default is 3600. */
  maxSessionDuration: number
}

export interface Provider {
  readonly arn: string
  /** As in the token's `iss`. */
  readonly issuer: string
  /** Client ids: the audiences that the provider accepts. */
  readonly audiences: string[]
  /** Where its discovery document is read; differs from the issuer only when a test says so. */
  readonly discovery: string
}
