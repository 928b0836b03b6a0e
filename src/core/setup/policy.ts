// A policy of `policies/` as data, and the one way to put a customer's names into its placeholders.
import { type Data, isList } from './data.ts'

/** A permission that buys one named feature, and that nothing required needs. */
export type OptionalPart = 'read-build-log' | 'stop-build' | 'verify-public-access' | 'layer-cache'

export const optionalParts: readonly OptionalPart[] = [
  'read-build-log',
  'stop-build',
  'verify-public-access',
  'layer-cache',
]

/** The documents of `policies/`, with the guide's placeholders still in them. */
export interface PolicySources {
  readonly trust: Data
  readonly deployRole: Data
  readonly serviceRole: Data
  readonly serviceRoleTrust: Data
  readonly executionRole: Data
  readonly executionRoleTrust: Data
  readonly repository: Data
  readonly optional: Readonly<Record<OptionalPart, Data>>
}

/** What goes into the placeholders. */
export interface Filling {
  readonly partition: string
  readonly account: string
  readonly region: string
  readonly bucket: string
  readonly project: string
  readonly repository: string
  readonly serviceRole: string
  readonly executionRole: string
  /** The issuer without `https://`: IAM's name of the provider, and the prefix of its condition keys. */
  readonly issuerHost: string
  readonly audience: string
  /** Whole `sub` claims, compared by StringEquals. */
  readonly subjects: readonly string[]
  readonly artifactKeys: readonly string[]
}

const guideAudience = 'sts.amazonaws.com'
const guideKey = '/builds/app.zip'

/** The policy with every placeholder filled in; statements and actions stay as they are. */
export function fillPolicy(policy: Data, filling: Filling): Data {
  if (typeof policy === 'string') return fillText(policy, filling)
  if (typeof policy !== 'object') return policy
  if (isList(policy)) return policy.map((item) => fillPolicy(item, filling))
  return Object.fromEntries(
    Object.entries(policy).map(([key, value]) => [fillNames(key, filling), fillPolicy(value, filling)]),
  )
}

function fillText(text: string, filling: Filling): Data {
  if (text === '<DCF_SUBJECT>') return unwrap(filling.subjects)
  if (text === guideAudience) return filling.audience
  if (text.endsWith(guideKey)) {
    const bucket = fillNames(text.slice(0, -guideKey.length), filling)
    return unwrap(filling.artifactKeys.map((key) => `${bucket}/${key}`))
  }
  return fillNames(text, filling)
}

function fillNames(text: string, filling: Filling): string {
  return text
    .replace(/^arn:aws:/, `arn:${filling.partition}:`)
    .replaceAll('<ACCOUNT_ID>', filling.account)
    .replaceAll('<AWS_REGION>', filling.region)
    .replaceAll('<DCF_ARTIFACT_BUCKET>', filling.bucket)
    .replaceAll('<CODEBUILD_PROJECT_NAME>', filling.project)
    .replaceAll('<ECR_REPOSITORY_NAME>', filling.repository)
    .replaceAll('<CODEBUILD_SERVICE_ROLE>', filling.serviceRole)
    .replaceAll('<LAMBDA_EXECUTION_ROLE>', filling.executionRole)
    .replaceAll('<ISSUER_HOST>', filling.issuerHost)
}

function unwrap(list: readonly string[]): Data {
  const [first, ...rest] = list
  return first !== undefined && rest.length === 0 ? first : list
}
