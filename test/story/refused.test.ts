// What somebody outside refuses: one clear error with its own code, and nothing left behind.
import { describe, expect, test } from 'vitest'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'
import { codeOf, openStage, type Run, type Stage } from './sandbox.ts'

type Break = (stage: Stage) => unknown

/** Before StartBuild: no build, and no artifact before the upload. */
const early: readonly (readonly [string, Break, string])[] = [
  [
    'a role that is not there',
    ({ sandbox }) => sandbox.world.roles.delete('dcf-gke-role'),
    'DCF-ROLE-REFUSED',
  ],
  [
    'another subject',
    ({ sandbox }) => Object.assign(sandbox.github, { ref: 'refs/heads/other' }),
    'DCF-ROLE-REFUSED',
  ],
  ['no provider', ({ sandbox }) => sandbox.world.providers.clear(), 'DCF-PROVIDER-MISSING'],
  ['no bucket', ({ sandbox }) => sandbox.world.buckets.clear(), 'DCF-BUCKET-MISSING'],
  [
    'a bucket of another account',
    ({ sandbox }) =>
      Object.assign(sandbox.world.buckets.get(sandbox.names.bucket) ?? {}, { owner: '999999999999' }),
    'DCF-BUCKET-OWNER',
  ],
  [
    'a bucket of another region',
    ({ sandbox }) =>
      Object.assign(sandbox.world.buckets.get(sandbox.names.bucket) ?? {}, { region: 'eu-west-1' }),
    'DCF-BUCKET-REGION',
  ],
  [
    'a customer key',
    ({ sandbox }) =>
      Object.assign(sandbox.world.buckets.get(sandbox.names.bucket) ?? {}, {
        kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/0000',
      }),
    'DCF-BUCKET-KEY-DENIED',
  ],
  ['no right to write', (stage) => drop(stage, 's3:PutObject'), 'DCF-BUCKET-DENIED'],
  ['no project', ({ sandbox }) => sandbox.world.projects.clear(), 'DCF-PROJECT-MISSING'],
  ['no right to start a build', (stage) => drop(stage, 'codebuild:StartBuild'), 'DCF-BUILD-DENIED'],
  [
    'a policy against the buildspec',
    (stage) => forbid(stage, 'codebuild:StartBuild'),
    'DCF-BUILD-OVERRIDE-DENIED',
  ],
  [
    'no room for a build',
    ({ sandbox }) => Object.assign(sandbox.world.switches.codebuild, { maximumBuilds: 0 }),
    'DCF-BUILD-QUOTA',
  ],
  ['a Zip function', ({ sandbox }) => occupy(sandbox, 'Zip'), 'DCF-FUNCTION-ZIP'],
  ['a foreign function', ({ sandbox }) => occupy(sandbox, 'Image'), 'DCF-FUNCTION-FOREIGN'],
]

function occupy({ world }: Stage['sandbox'], packageType: 'Zip' | 'Image'): void {
  const { account, region, partition } = world
  const role = 'arn:aws:iam::123456789012:role/lambda-execution-role'
  world.functions.set(
    'hello_dart',
    createForeignFunction({
      name: 'hello_dart',
      account,
      region,
      partition,
      now: Date.now(),
      role,
      packageType,
    }),
  )
}

/** An explicit deny beside what the role may. */
function forbid({ sandbox }: Stage, action: string): void {
  sandbox.world.roles.get('dcf-gke-role')?.policies.set('deny', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
  })
}

/** Leaves an action out of every statement of the role. */
function drop({ sandbox }: Stage, action: string): void {
  const policies = sandbox.world.roles.get('dcf-gke-role')?.policies
  for (const [name, policy] of policies ?? []) {
    policies?.set(name, JSON.parse(JSON.stringify(policy).replaceAll(`"${action}"`, '"none:Nothing"')))
  }
}

function onlyOneErrorWithWords(run: Run, code: string): void {
  expect(codeOf(run), run.text).toBe(code)
  expect(run.text).toContain(code)
  expect(run.facts.functionUrl).toBeUndefined()
}

describe('before a build', () => {
  test.each(early)('%s', async (_, spoil, code) => {
    await using stage = await openStage()
    spoil(stage)
    const run = await stage.deploy()
    onlyOneErrorWithWords(run, code)
    expect([...stage.sandbox.world.builds.keys()]).toEqual([])
  })
})

test('a refused role shows the claims, both forms of the subject and the condition, and never the token', async () => {
  await using stage = await openStage()
  Object.assign(stage.sandbox.github, { environment: 'production' })
  const startedAt = Date.now()
  const run = await stage.deploy()
  onlyOneErrorWithWords(run, 'DCF-ROLE-REFUSED')
  expect(Date.now() - startedAt).toBeLessThan(20_000)
  expect(run.text).toContain('repo:acme/hello-dart:environment:production')
  expect(run.text).toContain('repo:acme@583231/hello-dart@1296269:environment:production')
  expect(run.text).toContain('"StringEquals"')
  expect(run.text).toContain('sts.amazonaws.com')
  expect(run.text).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
  const attempts = stage.sandbox.journal
    .operations('sts')
    .filter((operation) => operation === 'sts:AssumeRoleWithWebIdentity')
  expect(attempts).toHaveLength(3)
})

test('without id-token: write the job is told to ask for it', async () => {
  await using stage = await openStage()
  const run = await stage.deploy(
    {},
    { environment: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } },
  )
  onlyOneErrorWithWords(run, 'DCF-TOKEN-PERMISSION')
  expect(run.text).toContain('id-token: write')
  expect(stage.sandbox.journal.operations('sts')).toEqual([])
})

test('an audience that the provider does not list', async () => {
  await using stage = await openStage()
  const run = await stage.deploy({ audience: 'other.example' })
  onlyOneErrorWithWords(run, 'DCF-AUDIENCE-REFUSED')
  expect(run.text).toContain('add-client-id-to-open-id-connect-provider')
})

test('on a pull request the main function is not touched, force or not', async () => {
  await using stage = await openStage()
  occupy(stage.sandbox, 'Image')
  Object.assign(stage.sandbox.world.functions.get('hello_dart')?.served ?? {}, {
    description: `dcf/aws-lambda-deploy repo=1296269 pr=- src=${'a'.repeat(16)} cfg=${'b'.repeat(16)} img=${'c'.repeat(16)}`,
  })
  const event = { environment: { GITHUB_EVENT_NAME: 'pull_request' }, payload: { number: 7 } }
  onlyOneErrorWithWords(await stage.deploy({ force: 'true' }, event), 'DCF-FUNCTION-PULL-REQUEST')
  onlyOneErrorWithWords(await stage.undeploy({ force: 'true' }, event), 'DCF-FUNCTION-PULL-REQUEST')
  expect(stage.sandbox.world.functions.size).toBe(1)
  expect(stage.sandbox.journal.operations('s3')).toEqual([])
})

test('a broken repository never mints a token', async () => {
  await using stage = await openStage()
  const run = await stage.deploy({ 'working-directory': 'docs' })
  expect(run.outcome.kind).toBe('rejected')
  expect(stage.sandbox.journal.entries).toEqual([])
})

test('a plan makes no call', async () => {
  await using stage = await openStage()
  const run = await stage.deploy({ plan: 'true' })
  expect(run.outcome.kind, run.text).toBe('planned')
  expect(run.facts.artifactSha256).toMatch(/^[0-9a-f]{64}$/)
  expect(stage.sandbox.journal.entries).toEqual([])
})
