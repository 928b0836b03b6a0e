// A policy of `policies/` as data, and the one way to put a customer's names into its placeholders.

/** What a statement says about who, in the two forms that the policies use. */
export type Principal =
  | { readonly AWS: string }
  | { readonly Service: string }
  | { readonly Federated: string | { readonly Ref: string } }

export interface Statement {
  readonly Sid?: string | undefined
  readonly Effect: string
  readonly Principal?: Partial<Record<'AWS' | 'Service' | 'Federated', unknown>> | undefined
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[] | undefined
  readonly Condition?: unknown
}

export interface PolicyDocument {
  readonly Version: string
  readonly Statement: readonly Statement[]
}

/** The policies as they lie in `policies/`, with the guide's placeholders. */
export interface PolicySources {
  readonly trust: PolicyDocument
  readonly deployRole: PolicyDocument
  readonly serviceRole: PolicyDocument
  readonly serviceRoleTrust: PolicyDocument
  readonly executionRole: PolicyDocument
  readonly executionRoleTrust: PolicyDocument
  readonly repository: PolicyDocument
  readonly optional: Readonly<Record<OptionalPart, PolicyDocument>>
}

/** A permission that buys one named feature, and that nothing required needs. */
export type OptionalPart = 'read-build-log' | 'stop-build' | 'verify-public-access' | 'layer-cache'

export const optionalParts: readonly OptionalPart[] = [
  'read-build-log',
  'stop-build',
  'verify-public-access',
  'layer-cache',
]
