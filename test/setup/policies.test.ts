// The policies of every kind of setup keep the rules.
import { expect, test } from 'vitest'
import { planSetup } from '../../src/core/setup/files.ts'
import { policySources } from '../../src/edge/policies.ts'
import {
  guideActions,
  judgePermissions,
  judgeTrust,
  listOf,
  optionalActions,
  statementsOf,
  treeOf,
} from '../policies/rules.ts'
import { requestOf, variants } from './variants.ts'

function readPolicy(options: Readonly<Record<string, string>>, path: string): unknown {
  const file = planSetup(requestOf(options), policySources).find((file) => file.path === path)
  return JSON.parse(file?.text ?? 'null')
}

function subjectsOf(options: Readonly<Record<string, string>>): readonly string[] {
  const host = requestOf(options).issuer.slice('https://'.length)
  return statementsOf(readPolicy(options, 'policies/trust-policy.json')).flatMap((statement) =>
    listOf(treeOf(treeOf(statement['Condition'])['StringEquals'])[`${host}:sub`]),
  )
}

test.each(variants)('%s: trust and permissions keep the rules', (_, options) => {
  const request = requestOf(options)
  const judge = (path: string, actions: readonly string[]) =>
    judgePermissions(readPolicy(options, `policies/${path}.json`), actions)
  const found = {
    trust: judgeTrust(readPolicy(options, 'policies/trust-policy.json'), request.issuer, request.audience),
    deployRole: judge('deploy-role-policy', guideActions.deployRole),
    serviceRole: judge('codebuild-service-role-policy', guideActions.serviceRole),
    executionRole: judge('lambda-execution-role-policy', guideActions.executionRole),
    repository: judge('ecr-repository-policy', guideActions.repository),
    serviceRoleTrust: judge('codebuild-trust-policy', ['sts:AssumeRole']),
    executionRoleTrust: judge('lambda-trust-policy', ['sts:AssumeRole']),
    optional: request.optional.flatMap((part) => judge(`optional/${part}`, optionalActions[part])),
  }
  expect(Object.values(found).flat()).toEqual([])
})

test('both forms of sub for the branch main', () => {
  expect(subjectsOf({})).toEqual([
    'repo:acme/hello-dart:ref:refs/heads/main',
    'repo:acme@583231/hello-dart@1296269:ref:refs/heads/main',
  ])
})

test('environments replace the branch, a colon is escaped, pull requests are added', () => {
  expect(subjectsOf({ environment: 'production\nQA: eu', 'pull-request': 'true' })).toEqual([
    'repo:acme/hello-dart:environment:production',
    'repo:acme@583231/hello-dart@1296269:environment:production',
    'repo:acme/hello-dart:environment:QA%3A eu',
    'repo:acme@583231/hello-dart@1296269:environment:QA%3A eu',
    'repo:acme/hello-dart:pull_request',
    'repo:acme@583231/hello-dart@1296269:pull_request',
  ])
})

test('GitHub Enterprise Server has no form with ids', () => {
  expect(
    subjectsOf({ 'github-url': 'https://git.acme.example', 'repository-id': '', 'owner-id': '' }),
  ).toEqual(['repo:acme/hello-dart:ref:refs/heads/main'])
})

test.each([
  ['https://github.com', 'https://token.actions.githubusercontent.com'],
  ['https://acme.ghe.com', 'https://token.actions.acme.ghe.com'],
  ['https://git.acme.example', 'https://git.acme.example/_services/token'],
])('the issuer of %s', (url, issuer) => {
  expect(requestOf({ 'github-url': url, 'repository-id': '', 'owner-id': '' }).issuer).toBe(issuer)
})

test('each function has a key, and the build may read those and no other', () => {
  const [read] = statementsOf(
    readPolicy({ 'function-name': 'hello\nbye' }, 'policies/codebuild-service-role-policy.json'),
  )
  expect(read?.['Resource']).toEqual([
    'arn:aws:s3:::dcf-customer-artifacts-123456789012-us-east-1/builds/hello.zip',
    'arn:aws:s3:::dcf-customer-artifacts-123456789012-us-east-1/builds/bye.zip',
  ])
})

test('China has its partition, its audience and its registry domain', () => {
  const options = { 'aws-region': 'cn-north-1' }
  const files = planSetup(requestOf(options), policySources)
  expect(requestOf(options).audience).toBe('sts.amazonaws.com.cn')
  expect(files.some((file) => file.path.startsWith('policies/') && file.text.includes('arn:aws:'))).toBe(
    false,
  )
  expect(files.find((file) => file.path === 'commands/setup.sh')?.text).toContain(
    'ecrRepositoryUri=123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/dcf-lambda-repo',
  )
})
