// The plain policies of a setup: the files of `policies/` with this customer's names in them.
import { partitionOf } from '../arn.ts'
import type { Data } from './data.ts'
import { hostOfIssuer } from './issuer.ts'
import { type Filling, fillPolicy, type OptionalPart, type PolicySources } from './policy.ts'
import type { SetupRequest } from './request.ts'
import { listSubjects } from './subject.ts'

/** All policies of a setup, filled in; only the optional parts that were asked for. */
export interface FilledPolicies {
  readonly trust: Data
  readonly deployRole: Data
  readonly serviceRole: Data
  readonly serviceRoleTrust: Data
  readonly executionRole: Data
  readonly executionRoleTrust: Data
  readonly repository: Data
  readonly optional: readonly OptionalPolicy[]
}

export interface OptionalPolicy {
  readonly part: OptionalPart
  /** Name of the inline policy. */
  readonly name: string
  readonly role: 'deploy' | 'service'
  readonly document: Data
}

const optionalNames: Readonly<Record<OptionalPart, Pick<OptionalPolicy, 'name' | 'role'>>> = {
  'read-build-log': { name: 'DcfReadBuildLog', role: 'deploy' },
  'stop-build': { name: 'DcfStopBuild', role: 'deploy' },
  'verify-public-access': { name: 'DcfVerifyPublicAccess', role: 'deploy' },
  'layer-cache': { name: 'DcfLayerCache', role: 'service' },
}

/** Fills every policy of the setup. */
export function fillPolicies(
  sources: PolicySources,
  filling: Filling,
  parts: readonly OptionalPart[],
): FilledPolicies {
  return {
    trust: fillPolicy(sources.trust, filling),
    deployRole: fillPolicy(sources.deployRole, filling),
    serviceRole: fillPolicy(sources.serviceRole, filling),
    serviceRoleTrust: fillPolicy(sources.serviceRoleTrust, filling),
    executionRole: fillPolicy(sources.executionRole, filling),
    executionRoleTrust: fillPolicy(sources.executionRoleTrust, filling),
    repository: fillPolicy(sources.repository, filling),
    optional: parts.map((part) => ({
      part,
      ...optionalNames[part],
      document: fillPolicy(sources.optional[part], filling),
    })),
  }
}

/** The filling for plain JSON: everything word for word. */
export function literalFilling(request: SetupRequest): Filling {
  return {
    partition: partitionOf(request.region),
    account: request.account,
    region: request.region,
    bucket: request.names.bucket,
    project: request.names.project,
    repository: request.names.repository,
    serviceRole: request.names.serviceRole,
    executionRole: request.names.executionRole,
    ...identityFilling(request),
  }
}

/** The part of a filling that is the same in a template: who is trusted, and the archives. */
export function identityFilling(
  request: SetupRequest,
): Pick<Filling, 'issuerHost' | 'audience' | 'subjects' | 'artifactKeys'> {
  return {
    issuerHost: hostOfIssuer(request.issuer),
    audience: request.audience,
    subjects: listSubjects(request),
    artifactKeys: request.functions.map((place) => place.artifactKey),
  }
}
