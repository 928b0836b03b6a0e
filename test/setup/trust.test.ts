// The trust policy that `setup` writes, put before an STS that checks signature, issuer, audience and subject.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planSetup } from '../../src/core/setup/files.ts'
import { policySources } from '../../src/edge/policies.ts'
import type { GithubIdentity } from '../../src/sandbox/identity/claims.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { assume, fetchToken } from '../sandbox/signin.ts'
import { requestOf } from './variants.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox()
})

afterEach(() => sandbox.close())

/** Gives the role the trust policy of these options, with the sandbox's issuer in it. */
function trust(options: Readonly<Record<string, string>>): void {
  const request = { ...requestOf(options), issuer: `${sandbox.endpoint}/_oidc`.replace('http:', 'https:') }
  const file = planSetup(request, policySources).find(({ path }) => path === 'policies/trust-policy.json')
  const role = sandbox.world.roles.get(sandbox.names.role)
  if (role !== undefined) role.trust = JSON.parse(file?.text ?? 'null')
}

async function isTrusted(identity: Partial<GithubIdentity>, audience?: string): Promise<boolean> {
  Object.assign(sandbox.github, identity)
  const token = await fetchToken(sandbox, audience)
  return assume(sandbox, token).then(
    () => true,
    () => false,
  )
}

const main = { ref: 'refs/heads/main', event: 'push' }

describe('the defaults', () => {
  test.each([
    ['the branch main', main, true],
    ['main, in the form with ids', { ...main, subjectForm: 'immutable' }, true],
    ['another branch', { ref: 'refs/heads/develop' }, false],
    ['a branch that begins alike', { ref: 'refs/heads/main2' }, false],
    ['a tag of that name', { ref: 'refs/tags/main' }, false],
    ['a pull request', { event: 'pull_request', ref: 'refs/pull/7/merge' }, false],
    ['an environment', { ...main, environment: 'production' }, false],
    ['another repository', { ...main, repository: 'acme/hello-dart2' }, false],
    ['another owner', { ...main, repository: 'evil/hello-dart' }, false],
    ['other capitals', { ...main, repository: 'Acme/hello-dart' }, false],
    [
      'a repository made anew under the name',
      { ...main, repositoryId: '42', subjectForm: 'immutable' },
      false,
    ],
    ['an owner made anew under the name', { ...main, ownerId: '42', subjectForm: 'immutable' }, false],
  ] as const)('%s', async (_, identity, expected) => {
    trust({})
    expect(await isTrusted(identity)).toBe(expected)
  })

  test('another audience', async () => {
    trust({})
    expect(await isTrusted(main, 'sts.example.com')).toBe(false)
  })
})

describe('an environment and pull requests', () => {
  test.each([
    ['the environment', { ...main, environment: 'production' }, true],
    ['a colon in its name', { ...main, environment: 'QA: eu' }, true],
    ['another environment', { ...main, environment: 'staging' }, false],
    ['the branch alone', main, false],
    ['a pull request', { event: 'pull_request', ref: 'refs/pull/7/merge' }, true],
    [
      'a pull request with ids',
      { event: 'pull_request', ref: 'refs/pull/7/merge', subjectForm: 'immutable' },
      true,
    ],
  ] as const)('%s', async (_, identity, expected) => {
    trust({ environment: 'production\nQA: eu', 'pull-request': 'true' })
    expect(await isTrusted(identity)).toBe(expected)
  })
})
