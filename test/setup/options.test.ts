// Everything wrong with the options of `setup` is reported together, by a code.
import { expect, test } from 'vitest'
import { readSetup } from '../../src/core/setup/options.ts'

const good = { repository: 'acme/hello-dart', 'aws-account-id': '123456789012', 'aws-region': 'us-east-1' }

function codesOf(options: Readonly<Record<string, string>>): readonly string[] {
  return readSetup(options).problems.map((problem) => problem.code)
}

test('three decisions are enough, and the names are those of the guide', () => {
  const checked = readSetup(good)
  expect(checked.ok && checked.value).toMatchObject({
    owner: 'acme',
    name: 'hello-dart',
    names: {
      role: 'dcf-gke-role',
      bucket: 'dcf-customer-artifacts-123456789012-us-east-1',
      project: 'dcf-lambda-build',
      repository: 'dcf-lambda-repo',
      serviceRole: 'dcf-codebuild-role',
      executionRole: 'lambda-execution-role',
    },
    functions: [{ artifactKey: 'builds/app.zip' }],
    audience: 'sts.amazonaws.com',
    optional: [],
    hasProvider: false,
  })
})

test('nothing given: the three decisions are asked for at once', () => {
  expect(readSetup({}).problems.map((problem) => problem.message)).toEqual([
    '`repository` has no value.',
    '`aws-account-id` has no value.',
    '`aws-region` has no value.',
  ])
})

test.each([
  ['a wildcard as branch', { branch: 'release/*' }, 'DCF-SETUP-SUBJECT-WILDCARD'],
  ['a wildcard as environment', { environment: 'prod?' }, 'DCF-SETUP-SUBJECT-WILDCARD'],
  ['a policy variable as branch', { branch: '${aws:username}' }, 'DCF-SETUP-SUBJECT-WILDCARD'],
  ['a branch with a space', { branch: 'a b' }, 'DCF-INPUT-INVALID'],
  ['a wildcard as repository', { repository: 'acme/*' }, 'DCF-INPUT-INVALID'],
  ['a repository address', { repository: 'https://github.com/acme/hello' }, 'DCF-INPUT-INVALID'],
  ['a repository called ..', { repository: 'acme/..' }, 'DCF-INPUT-INVALID'],
  ['an account with hyphens', { 'aws-account-id': '1234-5678-9012' }, 'DCF-INPUT-INVALID'],
  ['a region as host', { 'aws-region': 'eu-central-1.evil.example' }, 'DCF-INPUT-INVALID'],
  ['a bucket with capitals', { 'bucket-name': 'Acme' }, 'DCF-INPUT-INVALID'],
  ['a bucket like an address', { 'bucket-name': '10.0.0.1' }, 'DCF-INPUT-INVALID'],
  ['a role with a path', { 'role-name': 'ci/deployer' }, 'DCF-INPUT-INVALID'],
  ['a role with shell in it', { 'role-name': '$(id)' }, 'DCF-INPUT-INVALID'],
  ['a project with a newline', { 'codebuild-project': 'a\nb' }, 'DCF-INPUT-INVALID'],
  ['an ECR name with capitals', { 'ecr-repository-name': 'Acme/app' }, 'DCF-INPUT-INVALID'],
  ['an unknown optional part', { optional: 'everything' }, 'DCF-INPUT-INVALID'],
  ['an issuer without https', { issuer: 'http://token.actions.githubusercontent.com' }, 'DCF-INPUT-INVALID'],
  ['an issuer with a slash at the end', { issuer: 'https://token.example/' }, 'DCF-INPUT-INVALID'],
  ['a server without https', { 'github-url': 'http://git.acme.example' }, 'DCF-INPUT-INVALID'],
  ['one id of two', { 'repository-id': '1296269' }, 'DCF-INPUT-MISSING'],
  ['an id that is none', { 'repository-id': '0x1', 'owner-id': '5' }, 'DCF-INPUT-INVALID'],
  [
    'ids on a server that has none',
    { 'github-url': 'https://git.acme.example', 'repository-id': '1', 'owner-id': '2' },
    'DCF-INPUT-INVALID',
  ],
  ['a wildcard as key', { 'artifact-key': 'builds/*' }, 'DCF-INPUT-INVALID'],
  ['a key that climbs', { 'artifact-key': 'builds/../app.zip' }, 'DCF-INPUT-INVALID'],
  ['one key for two functions', { 'function-name': 'a\nb', 'artifact-key': 'x' }, 'DCF-SETUP-ARTIFACT-KEYS'],
  ['the same key twice', { 'function-name': 'a\nb', 'artifact-key': 'x\nx' }, 'DCF-SETUP-ARTIFACT-KEYS'],
  ['the same function twice', { 'function-name': 'a\na' }, 'DCF-SETUP-ARTIFACT-KEYS'],
  ['a function that is an ARN', { 'function-name': 'arn:aws:lambda:x' }, 'DCF-INPUT-INVALID'],
])('%s is refused', (_, options, code) => {
  const codes = codesOf({ ...good, ...options })
  expect(new Set(codes)).toEqual(new Set([code]))
})

test('several faults are one report', () => {
  expect(codesOf({ ...good, branch: '*', 'bucket-name': 'X', issuer: 'no' })).toEqual([
    'DCF-INPUT-INVALID',
    'DCF-INPUT-INVALID',
    'DCF-SETUP-SUBJECT-WILDCARD',
  ])
})
