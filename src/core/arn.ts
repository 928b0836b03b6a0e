// Names of AWS resources: ARNs, ECR repository URIs, and the partition that a region belongs to.

export interface RoleArn {
  readonly arn: string
  readonly partition: string
  readonly account: string
  /** Name without path. */
  readonly name: string
}

export interface RepositoryUri {
  readonly uri: string
  readonly name: string
  /** Absent for a repository on a loopback address. */
  readonly registry?: { readonly account: string; readonly region: string; readonly partition: string }
}

const rolePattern = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):role\/((?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/
const repositoryName = '[a-z0-9]+(?:[._/-][a-z0-9]+)*'
const ecrPattern = new RegExp(
  `^(\\d{12})\\.dkr\\.ecr(?:-fips)?\\.([a-z0-9-]+)\\.(amazonaws\\.com(?:\\.cn)?)/(${repositoryName})$`,
)
const loopbackPattern = new RegExp(`^127\\.0\\.0\\.1:\\d{1,5}/(${repositoryName})$`)

/** A region in AWS's form, for example `eu-central-1` or `us-gov-west-1`. */
export const regionPattern = /^[a-z]{2,3}(?:-[a-z]{2,9}){1,2}-\d{1,2}$/

/** Reads a role ARN; undefined for anything else, such as a user's ARN. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition, account, , name] = rolePattern.exec(text) ?? []
  if (partition === undefined || account === undefined || name === undefined) return undefined
  return { arn: text, partition, account, name }
}

/** Reads an ECR repository URI without tag; the loopback form is a repository of the sandbox. */
export function parseRepositoryUri(text: string): RepositoryUri | undefined {
  const [, account, region, domain, name] = ecrPattern.exec(text) ?? []
  if (account !== undefined && region !== undefined && name !== undefined) {
    const partition = partitionOf(region)
    if (domain !== dnsSuffixOf(partition)) return undefined
    return { uri: text, name, registry: { account, region, partition } }
  }
  const loopback = loopbackPattern.exec(text)?.[1]
  return loopback === undefined ? undefined : { uri: text, name: loopback }
}

/** The partition of a region by its prefix, as botocore's partition table has it. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  if (region.startsWith('us-iso-')) return 'aws-iso'
  if (region.startsWith('us-isob-')) return 'aws-iso-b'
  if (region.startsWith('eusc-')) return 'aws-eusc'
  return 'aws'
}

/** The domain under which a partition keeps its registries and endpoints. */
export function dnsSuffixOf(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}
