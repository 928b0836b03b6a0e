// The few intrinsic functions that the template uses, worked out as CloudFormation would.
import { dnsSuffixOf, partitionOf } from '../../src/core/arn.ts'
import type { SetupRequest } from '../../src/core/setup/request.ts'
import { treeOf } from '../policies/rules.ts'

interface Resolved {
  readonly resources: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
}

/** Resources and output values with every reference replaced. A reference to nothing throws. */
export function resolveTemplate(template: unknown, request: SetupRequest): Resolved {
  const tree = treeOf(template)
  const names = namesOf(treeOf(tree['Resources']), request)
  const outputs = Object.entries(treeOf(tree['Outputs'])).map(([key, output]) => [
    key,
    resolve(treeOf(output)['Value'], names),
  ])
  return { resources: treeOf(resolve(tree['Resources'], names)), outputs: Object.fromEntries(outputs) }
}

/** Pseudo parameters, `Ref` of every resource, and the attributes that the outputs read. */
function namesOf(resources: Readonly<Record<string, unknown>>, request: SetupRequest): Map<string, string> {
  const partition = partitionOf(request.region)
  const registry = `${request.account}.dkr.ecr.${request.region}.${dnsSuffixOf(partition)}`
  const names = new Map([
    ['AWS::Partition', partition],
    ['AWS::AccountId', request.account],
    ['AWS::Region', request.region],
  ])
  for (const [id, resource] of Object.entries(resources)) {
    const properties = treeOf(treeOf(resource)['Properties'])
    const name = ['RoleName', 'BucketName', 'Name', 'RepositoryName']
      .map((key) => properties[key])
      .find(Boolean)
    if (typeof name !== 'string') continue
    names.set(id, name)
    names.set(`${id}.Arn`, `arn:${partition}:iam::${request.account}:role/${name}`)
    names.set(`${id}.RepositoryUri`, `${registry}/${name}`)
  }
  return names
}

function resolve(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, names))
  if (typeof value !== 'object' || value === null) return value
  const tree = treeOf(value)
  const { 'Fn::Sub': text, 'Fn::GetAtt': path, Ref: reference } = tree
  if (typeof text === 'string') return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => find(names, name))
  if (Array.isArray(path)) return find(names, path.join('.'))
  if (typeof reference === 'string') return find(names, reference)
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, resolve(item, names)]))
}

function find(names: Map<string, string>, name: string): string {
  const value = names.get(name)
  if (value === undefined) throw new Error(`the template refers to ${name}, which it does not have`)
  return value
}
