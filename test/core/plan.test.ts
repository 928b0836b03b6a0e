import { describe, expect, test } from 'vitest'
import type { RunContext } from '../../src/core/context.ts'
import { type DeployInputs, parseDeployInputs } from '../../src/core/inputs.ts'
import {
  functionNamePattern,
  imageTagPattern,
  makeImageTag,
  makeSessionName,
  sanitizeFunctionName,
} from '../../src/core/names.ts'
import { buildVariables, planBuild, planDeploy, planIdentity, sizeOfVariables } from '../../src/core/plan.ts'
import { sessionPolicyLimit, sessionPolicyOf } from '../../src/core/sessionpolicy.ts'
import type { Target } from '../../src/core/target.ts'

const texts = {
  'role-to-assume': 'arn:aws:iam::123456789012:role/dcf-gke-role',
  'aws-region': 'us-east-1',
  'bucket-name': 'dcf-customer-artifacts',
  'codebuild-project': 'dcf-lambda-build',
  'ecr-repository-uri': '123456789012.dkr.ecr.us-east-1.amazonaws.com/dcf-lambda-repo',
  'lambda-execution-role-arn': 'arn:aws:iam::123456789012:role/lambda-execution-role',
}

const context: RunContext = {
  inGitHub: true,
  repository: 'acme/hello-dart',
  repositoryId: '1296269',
  pullRequest: '-',
  event: 'push',
  runId: '9001',
  attempt: '2',
  commit: 'a'.repeat(40),
  ref: 'refs/heads/main',
  runUrl: undefined,
  fromFork: false,
}

function read(more: Readonly<Record<string, string>> = {}): {
  readonly inputs: DeployInputs
  readonly target: Target
} {
  const inputs = parseDeployInputs({ ...texts, ...more }, {})
  if (!inputs.ok || inputs.value.target === undefined) throw new Error('these inputs are good')
  return { inputs: inputs.value, target: inputs.value.target }
}

function plan(more: Readonly<Record<string, string>> = {}, buildspec = 'version: 0.2') {
  return planDeploy({
    inputs: read(more).inputs,
    context,
    functionName: 'hello_dart',
    sourceDigest: 'd'.repeat(64),
    buildspec,
    nonce: '01234567',
  })
}

describe('names', () => {
  test.each([
    ['hello_dart', 'hello_dart'],
    ['my.package', 'my-package'],
    ['ünïcode', '-n-code'],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('%s becomes %s', (name, expected) => {
    expect(sanitizeFunctionName(name)).toBe(expected)
    expect(expected).toMatch(functionNamePattern)
  })

  test('an image tag names commit, source, run and attempt, and fits ECR', () => {
    const tag = makeImageTag({
      commit: 'a'.repeat(40),
      sourceDigest: 'b'.repeat(64),
      runId: '9'.repeat(20),
      attempt: '99',
    })
    expect(tag).toBe(`${'a'.repeat(12)}-${'b'.repeat(12)}-${'9'.repeat(20)}-99`)
    expect(tag).toMatch(imageTagPattern)
    expect(makeImageTag({ sourceDigest: 'b'.repeat(64), runId: '1', attempt: '1' })).toBe(
      `${'b'.repeat(12)}-1-1`,
    )
  })

  test.each([['acme/hello-dart'], [`${'o'.repeat(39)}/${'r'.repeat(100)}`], ['ö/ß'], [undefined]])(
    'a session name for %s is one that STS takes',
    (repository) => {
      const name = makeSessionName({ repository, runId: '12345678901', attempt: '3' })
      expect(name).toMatch(/^[\w+=,.@-]{2,64}$/)
      expect(name).toMatch(/-12345678901-3$/)
    },
  )
})

describe('the configuration digest', () => {
  test.each([
    ['timeout', { 'lambda-timeout-seconds': '31' }],
    ['memory', { 'lambda-memory-mb': '1024' }],
    ['tag value', { 'dcf-environment': 'production' }],
    ['settings', { 'environment-variables': 'AB=1' }],
    ['health check', { 'health-check-path': '/health' }],
    ['explicit image tag', { 'image-tag': 'v1' }],
    ['execution role', { 'lambda-execution-role-arn': 'arn:aws:iam::123456789012:role/other' }],
  ])('changes with the %s', (_, more) => {
    expect(plan(more).configDigest).not.toBe(plan().configDigest)
  })

  test("changes with the buildspec, which holds the adapter's version", () => {
    expect(plan({}, 'version: 0.2 # other').configDigest).not.toBe(plan().configDigest)
  })

  test.each([
    ['force', { force: 'true' }],
    ['hidden logs', { 'hide-build-logs': 'true' }],
    ['patience', { 'build-timeout-minutes': '60' }],
    ['order of the settings', { 'environment-variables': 'BB=2\nAB=1' }],
  ])('does not change with %s', (_, more) => {
    const base = 'environment-variables' in more ? plan({ 'environment-variables': 'AB=1\nBB=2' }) : plan()
    expect(plan(more).configDigest).toBe(base.configDigest)
  })
})

describe('the order for StartBuild', () => {
  const order = (seed: string, more: Readonly<Record<string, string>> = {}) => {
    const { inputs, target } = read(more)
    return planBuild({
      plan: plan(more),
      target,
      inputs,
      context,
      buildspec: 'version: 0.2',
      stored: { etag: '"e"' },
      artifactSha256: 'c'.repeat(64),
      seed,
    })
  }

  test('its token depends on the process and on every parameter, and fits CodeBuild', () => {
    expect(order('1').idempotencyToken).toMatch(/^[0-9a-f]{64}$/)
    expect(order('1').idempotencyToken).toBe(order('1').idempotencyToken)
    expect(order('1').idempotencyToken).not.toBe(order('2').idempotencyToken)
    expect(order('1').idempotencyToken).not.toBe(order('1', { 'lambda-memory-mb': '513' }).idempotencyToken)
  })

  test('DCF_ENVIRONMENT is left to the buildspec where nobody gives it', () => {
    expect(order('1').variables).not.toHaveProperty('DCF_ENVIRONMENT')
    expect(order('1', { 'dcf-environment': 'production' }).variables).toHaveProperty(
      'DCF_ENVIRONMENT',
      'production',
    )
  })

  test('the longest names of everything leave room for settings', () => {
    const { inputs, target } = read({
      'function-name': 'f'.repeat(64),
      'bucket-name': 'b'.repeat(63),
      'image-tag': 't'.repeat(128),
    })
    const variables = buildVariables({
      plan: plan(),
      target,
      inputs,
      context,
      buildspec: '',
      stored: { etag: `"${'0'.repeat(32)}"` },
      artifactSha256: 'c'.repeat(64),
    })
    expect(sizeOfVariables(variables)).toBeLessThan(2000)
  })
})

describe('the session policy', () => {
  const scope = {
    partition: 'aws',
    account: '123456789012',
    region: 'us-east-1',
    functionName: 'f',
    bucket: 'b',
    key: 'k',
    project: 'p',
  }

  test('fits STS with names of every length that AWS takes', () => {
    const longest = {
      ...scope,
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
      functionName: 'f'.repeat(64),
      bucket: 'b'.repeat(63),
      key: `builds/${'k'.repeat(150)}.zip`,
      project: 'p'.repeat(150),
    }
    expect(sessionPolicyOf(longest).length).toBeLessThanOrEqual(sessionPolicyLimit)
  })

  test("names this run's resources only", () => {
    const { Statement } = JSON.parse(sessionPolicyOf(scope))
    for (const statement of Statement) {
      if (statement.Resource === '*')
        expect(statement.Condition).toEqual({ StringLike: { 'kms:ViaService': 's3.*' } })
      expect(JSON.stringify(statement.Action)).not.toContain('*')
    }
  })

  test('a key with a wildcard stands for itself', () => {
    expect(sessionPolicyOf({ ...scope, key: 'builds/*.zip' })).toContain('builds/${*}.zip')
  })

  test('undeploy gets neither builds nor logs', () => {
    const policy = sessionPolicyOf({
      partition: 'aws',
      account: '123456789012',
      region: 'us-east-1',
      functionName: 'f',
    })
    expect(policy).not.toMatch(/codebuild|logs|s3|kms/)
  })

  test('the identity of a deployment carries it', () => {
    const { inputs, target } = read()
    expect(planIdentity(plan(), target, inputs, context)).toMatchObject({
      sessionName: 'dcf-acme-hello-dart-9001-2',
      audience: 'sts.amazonaws.com',
      region: 'us-east-1',
    })
  })
})
