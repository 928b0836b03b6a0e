import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { assume, connectSts, fetchToken } from './signin.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('a token of the seeded repository becomes a session of the deploy role', async () => {
  const answer = await assume(sandbox, await fetchToken(sandbox))
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:acme/hello-dart:ref:refs/heads/main',
    Audience: 'sts.amazonaws.com',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1' },
    Provider: `arn:aws:iam::123456789012:oidc-provider/${new URL(sandbox.endpoint).host}/_oidc`,
  })
  const identity = await connectSts(sandbox, answer.Credentials).send(new GetCallerIdentityCommand())
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/dcf-gke-role/run-1',
  })
  expect(sandbox.journal.operations()).toEqual([
    'github:GetIdToken',
    'oidc:GetDiscovery',
    'oidc:GetKeys',
    'sts:AssumeRoleWithWebIdentity',
    'sts:GetCallerIdentity',
  ])
})
