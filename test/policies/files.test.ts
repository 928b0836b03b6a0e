// The files of `policies/` hold the guide's actions, no more and no less.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { guideActions, listOf, optionalActions, statementsOf } from './rules.ts'

const folder = new URL('../../policies/', import.meta.url)

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}

function actionsOf(name: string): readonly string[] {
  return statementsOf(read(name)).flatMap((statement) => listOf(statement['Action']))
}

test.each([
  ['deploy-role-policy', guideActions.deployRole],
  ['codebuild-service-role-policy', guideActions.serviceRole],
  ['lambda-execution-role-policy', guideActions.executionRole],
  ['ecr-repository-policy', guideActions.repository],
  ['optional/deploy-role-read-build-log', optionalActions['read-build-log']],
  ['optional/deploy-role-stop-build', optionalActions['stop-build']],
  ['optional/deploy-role-verify-public-access', optionalActions['verify-public-access']],
  ['optional/codebuild-service-role-layer-cache', optionalActions['layer-cache']],
  ['trust-policy', ['sts:AssumeRoleWithWebIdentity']],
  ['codebuild-trust-policy', ['sts:AssumeRole']],
  ['lambda-trust-policy', ['sts:AssumeRole']],
])('%s holds exactly its actions', (name, expected) => {
  expect([...actionsOf(name)].sort()).toEqual([...expected].sort())
})

test('every file of the folder is one of these', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  )
  expect(names).toHaveLength(11)
})

test('no optional part holds an action that its role has anyway', () => {
  expect(guideActions.deployRole).not.toEqual(expect.arrayContaining([...optionalActions['read-build-log']]))
  for (const part of ['read-build-log', 'stop-build', 'verify-public-access'] as const)
    expect(
      optionalActions[part].filter((action) => listOf(guideActions.deployRole).includes(action)),
    ).toEqual([])
  expect(
    optionalActions['layer-cache'].filter((action) => listOf(guideActions.serviceRole).includes(action)),
  ).toEqual([])
})

test('the statements keep the names that the guide gives them', () => {
  const names = [
    'deploy-role-policy',
    'codebuild-service-role-policy',
    'lambda-execution-role-policy',
    'ecr-repository-policy',
  ]
  expect(names.flatMap((name) => statementsOf(read(name)).map((statement) => statement['Sid']))).toEqual([
    'DcfS3Bucket',
    'DcfS3Objects',
    'DcfCodeBuild',
    'DcfLambdaUndeploy',
    'ReadDcfArtifact',
    'GetEcrAuthToken',
    'PushLambdaImage',
    'WriteBuildLogs',
    'CreateOrUpdateLambda',
    'PassLambdaExecutionRole',
    'WriteLambdaLogs',
    'AllowCodeBuildPush',
    'AllowLambdaPull',
  ])
})
