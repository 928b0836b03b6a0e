// ECR's JSON interface: tokens for the registry, and what stands in the repositories.
import { AwsError } from '../../awserror.ts'
import type { Exchange } from '../../exchange.ts'
import { parseJson } from '../../json.ts'
import type { Access, Caller, Operation, Service } from '../../service.ts'
import type { World } from '../../world.ts'
import { answerJson, readTarget, refuseJson, toEpochSeconds, unknownOperation } from '../jsonprotocol.ts'
import { type Members, parseMembers } from '../members.ts'
import {
  batchCheckLayers,
  batchGetImage,
  describeImages,
  describeRepositories,
  findRepository,
  getDownloadUrl,
} from './images.ts'
import type { EcrOffice } from './office.ts'
import { initiateUpload, refuseImage, refuseUpload } from './uploads.ts'

export function createEcrService(office: EcrOffice): Service {
  return {
    name: 'ecr',
    protocol: 'json',
    understand: (exchange) => understand(exchange, office),
    refuse: refuseJson,
  }
}

type Handler = (input: Members, office: EcrOffice, caller: Caller) => unknown

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['GetAuthorizationToken', (_input, office, caller) => getToken(office, caller)],
  ['DescribeRepositories', (input, { world }) => describeRepositories(input, world)],
  ['DescribeImages', (input, { world }) => describeImages(input, world)],
  ['BatchGetImage', (input, { world }) => batchGetImage(input, world)],
  ['BatchCheckLayerAvailability', (input, { world }) => batchCheckLayers(input, world)],
  ['GetDownloadUrlForLayer', (input, { world }) => getDownloadUrl(input, world)],
  ['InitiateLayerUpload', (input, { world }) => initiateUpload(input, world)],
  ['UploadLayerPart', (input, { world }) => refuseUpload(input, world)],
  ['CompleteLayerUpload', (input, { world }) => refuseUpload(input, world)],
  ['PutImage', (input, { world }) => refuseImage(input, world)],
  ['GetRepositoryPolicy', (input, { world }) => getPolicy(input, world)],
  ['SetRepositoryPolicy', (input, { world }) => setPolicy(input, world)],
])

function understand(exchange: Exchange, office: EcrOffice): Operation {
  const name = readTarget(exchange, 'AmazonEC2ContainerRegistry_V20150921')
  const handler = HANDLERS.get(name)
  if (handler === undefined) throw unknownOperation()
  const input = parseMembers(exchange.body.toString('utf8'))
  return {
    name,
    access: accessOf(name, input, office.world),
    parameters: input.plain(),
    run: (caller) => answerJson(handler(input, office, caller)),
  }
}

/** GetAuthorizationToken knows no resource; the others ask for each repository, under its own policy too. */
function accessOf(name: string, input: Members, world: World): readonly Access[] {
  const action = `ecr:${name}`
  if (name === 'GetAuthorizationToken') return [{ action, resource: '*' }]
  const names =
    name === 'DescribeRepositories'
      ? (input.texts('repositoryNames') ?? ['*'])
      : [input.text('repositoryName') ?? '']
  return names.map((repository) => accessToRepository(action, repository, world))
}

export function accessToRepository(action: string, name: string, world: World): Access {
  const resource = `arn:${world.partition}:ecr:${world.region}:${world.account}:repository/${name}`
  const policy = world.repositories.get(name)?.policy
  return { action, resource, ...(policy === undefined ? {} : { resourcePolicy: policy }) }
}

function getToken({ world, switches, tokens }: EcrOffice, caller: Caller): unknown {
  const { password, expires } = tokens.issue(caller, switches.registry.tokenLifetime)
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
  return {
    authorizationData: [
      { authorizationToken, expiresAt: toEpochSeconds(expires), proxyEndpoint: world.endpoint },
    ],
  }
}

function getPolicy(input: Members, world: World): unknown {
  const { name, policy } = findRepository(input, world)
  if (policy === undefined) {
    const message = `Repository policy does not exist for the repository with name '${name}' in the registry with id '${world.account}'`
    throw new AwsError('RepositoryPolicyNotFoundException', message)
  }
  return { registryId: world.account, repositoryName: name, policyText: JSON.stringify(policy) }
}

function setPolicy(input: Members, world: World): unknown {
  const repository = findRepository(input, world)
  const policyText = input.text('policyText') ?? ''
  const policy = parseJson(policyText)
  if (policy === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    )
  }
  repository.policy = policy
  return { registryId: world.account, repositoryName: repository.name, policyText }
}
