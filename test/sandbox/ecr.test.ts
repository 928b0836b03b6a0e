import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { actAs, allow, type Clients } from './account.ts'
import { digestOf, MANIFEST, pushImage } from './image.ts'

let sandbox: Sandbox
let clients: Clients
let repositoryName: string
beforeEach(async () => {
  sandbox = await startSandbox()
  clients = actAs(sandbox, sandbox.names.serviceRole)
  repositoryName = sandbox.names.repository
})
afterEach(() => sandbox.close())

test('a token is AWS and a password, lives twelve hours and names the registry', async () => {
  const { authorizationData } = await clients.ecr.send(new GetAuthorizationTokenCommand({}))
  const [data] = authorizationData ?? []
  expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:.{200,}$/)
  expect(data?.proxyEndpoint).toBe(sandbox.endpoint)
  const hours = ((data?.expiresAt?.getTime() ?? 0) - sandbox.world.clock.now()) / 3_600_000
  expect(hours).toBeCloseTo(12, 2)
})

test('the deploy role gets no token', async () => {
  const { ecr } = actAs(sandbox, sandbox.names.role)
  await expect(ecr.send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  })
})

test('images are described by tag and digest, and a missing one is an error', async () => {
  allow(sandbox, sandbox.names.serviceRole, 'ecr:*')
  const imageDigest = await pushImage(sandbox, { tag: 'v1' })
  const describe = (imageTag: string) =>
    clients.ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }))
  expect((await describe('v1')).imageDetails).toMatchObject([
    { imageDigest, imageTags: ['v1'], imageManifestMediaType: MANIFEST, imageSizeInBytes: 5 },
  ])
  await expect(describe('v2')).rejects.toMatchObject({ name: 'ImageNotFoundException' })
  const { repositories } = await clients.ecr.send(new DescribeRepositoriesCommand({}))
  expect(repositories).toMatchObject([
    { repositoryName, repositoryUri: sandbox.names.ecrRepositoryUri, imageTagMutability: 'MUTABLE' },
  ])
})

test('BatchGetImage gives the manifest and tells what is missing', async () => {
  allow(sandbox, sandbox.names.serviceRole, ['ecr:BatchGetImage'])
  const digest = await pushImage(sandbox, { tag: 'v1' })
  const answer = await clients.ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }, { imageTag: 'v2' }] }),
  )
  expect(digestOf(answer.images?.[0]?.imageManifest ?? '')).toBe(digest)
  expect(answer.failures).toMatchObject([{ imageId: { imageTag: 'v2' }, failureCode: 'ImageNotFound' }])
})

test('layers are found, and downloaded by the URL that ECR gives', async () => {
  await pushImage(sandbox)
  const layerDigest = digestOf('layer')
  const { layers } = await clients.ecr.send(
    new BatchCheckLayerAvailabilityCommand({
      repositoryName,
      layerDigests: [layerDigest, digestOf('other')],
    }),
  )
  expect(layers?.map((layer) => layer.layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE'])
  const ask = () => clients.ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))
  await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' })
  allow(sandbox, sandbox.names.serviceRole, 'ecr:GetDownloadUrlForLayer')
  expect((await ask()).downloadUrl).toContain(layerDigest)
})

test('a repository policy is read and replaced', async () => {
  allow(sandbox, sandbox.names.serviceRole, 'ecr:*')
  const read = () => clients.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))
  expect((await read()).policyText).toContain('AllowLambdaPull')
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'ecr:PutImage' }],
  })
  await clients.ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
  expect((await read()).policyText).toBe(policyText)
  const unknown = clients.ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'other' }))
  await expect(unknown).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
})
