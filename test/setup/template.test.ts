// What cfn-lint cannot know of the template: that it says the same as the plain policies, and is safe.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { planSetup } from '../../src/core/setup/files.ts'
import { valuesOf } from '../../src/core/setup/request.ts'
import { policySources } from '../../src/edge/policies.ts'
import { treeOf } from '../policies/rules.ts'
import { resolveTemplate } from './cloudformation.ts'
import { requestOf, variants } from './variants.ts'

function build(options: Readonly<Record<string, string>>) {
  const request = requestOf(options)
  const files = planSetup(request, policySources)
  const text = files.find((file) => file.path === 'template.yaml')?.text ?? ''
  const { resources, outputs } = resolveTemplate(parse(text), request)
  const properties = (id: string) => treeOf(treeOf(resources[id])['Properties'])
  const policy = (path: string): unknown =>
    JSON.parse(files.find((file) => file.path === `policies/${path}.json`)?.text ?? 'null')
  return { request, text, resources, outputs, properties, policy }
}

test.each(variants)('%s: the policies in the template are the plain ones', (_, options) => {
  const { request, properties, policy } = build(options)
  const optional = (parts: readonly string[]) =>
    request.optional.filter((part) => parts.includes(part)).map((part) => policy(`optional/${part}`))
  const documents = (id: string): unknown =>
    (Array.isArray(properties(id)['Policies']) ? [properties(id)['Policies']].flat() : []).map(
      (item) => treeOf(item)['PolicyDocument'],
    )
  expect(properties('DeployRole')['AssumeRolePolicyDocument']).toEqual(policy('trust-policy'))
  expect(properties('BuildServiceRole')['AssumeRolePolicyDocument']).toEqual(policy('codebuild-trust-policy'))
  expect(properties('ExecutionRole')['AssumeRolePolicyDocument']).toEqual(policy('lambda-trust-policy'))
  expect(properties('ImageRepository')['RepositoryPolicyText']).toEqual(policy('ecr-repository-policy'))
  expect(documents('DeployRole')).toEqual([
    policy('deploy-role-policy'),
    ...optional(['read-build-log', 'stop-build', 'verify-public-access']),
  ])
  expect(documents('BuildServiceRole')).toEqual([
    policy('codebuild-service-role-policy'),
    ...optional(['layer-cache']),
  ])
  expect(documents('ExecutionRole')).toEqual([policy('lambda-execution-role-policy')])
})

test.each(variants)('%s: the outputs are the six values', (_, options) => {
  const { request, outputs } = build(options)
  expect(outputs).toEqual(valuesOf(request))
})

test.each(variants)('%s: bucket, project and log groups are as the guide wants them', (_, options) => {
  const { request, properties, resources } = build(options)
  expect(properties('ArtifactBucket')).toMatchObject({
    BucketName: request.names.bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: 'Enabled' },
  })
  expect(properties('BuildProject')).toMatchObject({
    Name: request.names.project,
    Environment: { Type: 'LINUX_CONTAINER', PrivilegedMode: true },
    Source: { Type: 'NO_SOURCE' },
    Artifacts: { Type: 'NO_ARTIFACTS' },
  })
  const groups = Object.keys(resources)
    .filter((id) => id.startsWith('LogGroup'))
    .map(properties)
  expect(groups.map((group) => group['RetentionInDays'])).toEqual(groups.map(() => 30))
  expect(groups.map((group) => group['LogGroupName'])).toEqual([
    `/aws/codebuild/${request.names.project}`,
    ...request.functions.flatMap(({ name }) => (name === undefined ? [] : [`/aws/lambda/${name}`])),
  ])
})

test('the provider is made with our audience, or left to the account', () => {
  expect(build({}).properties('GitHubOidcProvider')).toEqual({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  })
  expect(Object.keys(build({ 'existing-provider': 'true' }).resources)).not.toContain('GitHubOidcProvider')
})

test('an image in use is never the oldest that goes: only untagged and far more than any account keeps', () => {
  const lifecycle = treeOf(build({}).properties('ImageRepository')['LifecyclePolicy'])
  const rules = treeOf(JSON.parse(String(lifecycle['LifecyclePolicyText'])))['rules']
  expect(rules).toMatchObject([
    { selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 30 } },
    { selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 500 } },
  ])
})

test('what holds data survives the stack', () => {
  const { resources } = build({})
  for (const id of ['GitHubOidcProvider', 'ArtifactBucket', 'ImageRepository'])
    expect(treeOf(resources[id])).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
})

test('dates stay texts for readers of YAML 1.1', () => {
  expect(build({}).text).toContain('AWSTemplateFormatVersion: "2010-09-09"')
  expect(build({}).text).not.toMatch(/Version: 2012/)
})
