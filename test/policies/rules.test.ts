// The rules find what they are for: each fault planted in a good policy is named.
import { expect, test } from 'vitest'
import { planSetup } from '../../src/core/setup/files.ts'
import { policySources } from '../../src/edge/policies.ts'
import { requestOf } from '../setup/variants.ts'
import { guideActions, judgePermissions, judgeTrust } from './rules.ts'

const issuer = 'https://token.actions.githubusercontent.com'
const audience = 'sts.amazonaws.com'
const files = planSetup(requestOf({}), policySources)

function textOf(path: string): string {
  return files.find((file) => file.path === path)?.text ?? ''
}

const trust = textOf('policies/trust-policy.json')
const repository = textOf('policies/ecr-repository-policy.json')
const deployRole = textOf('policies/deploy-role-policy.json')

test.each([
  ['a wildcard in sub', trust, 'ref:refs/heads/main', '*', 'subject repo:acme/hello-dart:*'],
  ['a wildcard in the owner', trust, 'repo:acme/hello', 'repo:*/hello', 'subject repo:*/hello-dart'],
  ['a missing aud', trust, 'com:aud"', 'com:azp"', 'audience'],
  ['another aud', trust, '"sts.amazonaws.com"', '"sts.amazon.com"', 'audience'],
  ['a missing sub', trust, 'com:sub"', 'com:repository"', 'no subject'],
  ['StringLike', trust, 'StringEquals', 'StringLike', 'operator StringLike'],
  ['ForAllValues', trust, 'StringEquals', 'ForAllValues:StringEquals', 'operator ForAllValues:StringEquals'],
  ['another provider', trust, 'oidc-provider/token.', 'oidc-provider/evil.', 'provider of another issuer'],
  ['a misspelt provider', trust, 'oidc-provider/', 'oidc-providers/', 'principal arn:aws:iam'],
  ['an account for a provider', trust, '"Federated"', '"AWS"', 'principal arn:aws:iam'],
])('trust: %s', (_, good, before, after, finding) => {
  expect(judgeTrust(JSON.parse(good), issuer, audience)).toEqual([])
  expect(good).toContain(before)
  const found = judgeTrust(JSON.parse(good.replace(before, after)), issuer, audience)
  expect(found.some((text) => text.startsWith(finding))).toBe(true)
})

test('trust: an issuer without https', () => {
  const plain = 'http://token.actions.githubusercontent.com'
  expect(judgeTrust(JSON.parse(trust), plain, audience)).toContain(`issuer ${plain}`)
})

test.each([
  [
    'a misspelt service',
    repository,
    'lambda.amazonaws.com',
    'lamda.amazonaws.com',
    'principal lamda.amazonaws.com',
  ],
  [
    'everybody',
    repository,
    '"AWS": "arn:aws:iam::123456789012:role/dcf-codebuild-role"',
    '"AWS": "*"',
    'principal *',
  ],
  ['an action too many', repository, 'ecr:PutImage', 'ecr:DeleteRepository', 'action ecr:DeleteRepository'],
])('repository: %s', (_, good, before, after, finding) => {
  expect(judgePermissions(JSON.parse(good), guideActions.repository)).toEqual([])
  expect(good).toContain(before)
  expect(judgePermissions(JSON.parse(good.replace(before, after)), guideActions.repository)).toContain(
    finding,
  )
})

test.each([
  ['a wildcard for an action', 's3:PutObject', 's3:*', 'action s3:*'],
  ['every bucket', 'arn:aws:s3:::dcf-customer-artifacts-123456789012-us-east-1"', '*"', 'every resource for'],
  ['a placeholder', 'project/dcf-lambda-build', 'project/<CODEBUILD_PROJECT_NAME>', 'placeholder arn'],
  ['a denial', '"Allow"', '"Deny"', 'effect Deny'],
  ['everything but', '"Action"', '"NotAction"', 'negated statement'],
])('deploy role: %s', (_, before, after, finding) => {
  expect(judgePermissions(JSON.parse(deployRole), guideActions.deployRole)).toEqual([])
  expect(deployRole).toContain(before)
  const found = judgePermissions(JSON.parse(deployRole.replace(before, after)), guideActions.deployRole)
  expect(found.some((text) => text.startsWith(finding))).toBe(true)
})
