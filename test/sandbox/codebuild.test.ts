import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type Build,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  type StartBuildCommandInput,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { actAs, allow, type Clients, waitFor } from './account.ts'

let sandbox: Sandbox
let clients: Clients
beforeEach(async () => {
  sandbox = await startSandbox()
  clients = actAs(sandbox, sandbox.names.role)
})
afterEach(() => sandbox.close())

function buildspec(...commands: readonly string[]): string {
  return JSON.stringify({
    version: 0.2,
    env: { 'exported-variables': ['ANSWER'] },
    phases: { build: { commands } },
  })
}

async function start(input: Partial<StartBuildCommandInput> = {}): Promise<Build> {
  const { build } = await clients.codebuild.send(
    new StartBuildCommand({
      projectName: sandbox.names.project,
      sourceTypeOverride: 'NO_SOURCE',
      artifactsOverride: { type: 'NO_ARTIFACTS' },
      buildspecOverride: buildspec('true'),
      ...input,
    }),
  )
  if (build === undefined) throw new Error('StartBuild answered no build')
  return build
}

async function get(id: string | undefined): Promise<Build> {
  const { builds } = await clients.codebuild.send(new BatchGetBuildsCommand({ ids: [id ?? ''] }))
  const [build] = builds ?? []
  if (build === undefined) throw new Error(`no build ${id}`)
  return build
}

function finish(build: Build): Promise<Build> {
  return waitFor(async () => {
    const now = await get(build.id)
    return now.buildComplete ? now : undefined
  })
}

describe('a build that succeeds', () => {
  test('starts without a log, echoes its overrides and ends with phases and exported variables', async () => {
    const started = await start({
      buildspecOverride: buildspec('export ANSWER="$GREETING world"', 'echo said'),
      environmentVariablesOverride: [{ name: 'GREETING', value: 'hello', type: 'PLAINTEXT' }],
      timeoutInMinutesOverride: 7,
      queuedTimeoutInMinutesOverride: 8,
      autoRetryLimitOverride: 0,
      cacheOverride: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
    })
    expect(started).toMatchObject({
      buildNumber: 1,
      buildStatus: 'IN_PROGRESS',
      buildComplete: false,
      projectName: sandbox.names.project,
      initiator: 'dcf-gke-role/test',
      serviceRole: 'arn:aws:iam::123456789012:role/dcf-codebuild-role',
      timeoutInMinutes: 7,
      queuedTimeoutInMinutes: 8,
      autoRetryConfig: { autoRetryLimit: 0 },
      source: { type: 'NO_SOURCE', buildspec: buildspec('export ANSWER="$GREETING world"', 'echo said') },
      cache: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
      environment: {
        type: 'LINUX_CONTAINER',
        privilegedMode: true,
        environmentVariables: [{ name: 'GREETING', value: 'hello', type: 'PLAINTEXT' }],
      },
      logs: { cloudWatchLogsArn: 'arn:aws:logs:us-east-1:123456789012:log-group:null:log-stream:null' },
    })
    expect(started.id).toMatch(/^dcf-lambda-build:[0-9a-f-]{36}$/)
    expect(started.logs?.groupName).toBeUndefined()
    expect(started.logs?.deepLink).toContain('group=null;stream=null')
    const ended = await finish(started)
    expect(ended).toMatchObject({
      buildStatus: 'SUCCEEDED',
      currentPhase: 'COMPLETED',
      exportedEnvironmentVariables: [{ name: 'ANSWER', value: 'hello world' }],
      logs: { groupName: '/aws/codebuild/dcf-lambda-build', streamName: started.id?.split(':')[1] },
    })
    const phases = ended.phases ?? []
    expect(phases.map((phase) => phase.phaseType)).toEqual([
      'SUBMITTED',
      'QUEUED',
      'PROVISIONING',
      'DOWNLOAD_SOURCE',
      'INSTALL',
      'PRE_BUILD',
      'BUILD',
      'POST_BUILD',
      'UPLOAD_ARTIFACTS',
      'FINALIZING',
      'COMPLETED',
    ])
    expect(phases.slice(0, -1).every((phase) => phase.phaseStatus === 'SUCCEEDED')).toBe(true)
    expect(phases.slice(0, -1).every((phase) => typeof phase.durationInSeconds === 'number')).toBe(true)
    expect(ended.endTime?.getTime()).toBeGreaterThanOrEqual(ended.startTime?.getTime() ?? Number.NaN)
  })

  test('can be named by its ARN and is listed newest first', async () => {
    const first = await finish(await start())
    const second = await finish(await start())
    const { builds, buildsNotFound } = await clients.codebuild.send(
      new BatchGetBuildsCommand({
        ids: [first.arn ?? '', 'dcf-lambda-build:00000000-0000-0000-0000-000000000000'],
      }),
    )
    expect(builds?.map((build) => build.id)).toEqual([first.id])
    expect(buildsNotFound).toEqual(['dcf-lambda-build:00000000-0000-0000-0000-000000000000'])
    allow(sandbox, sandbox.names.role, 'codebuild:ListBuildsForProject')
    const { ids } = await clients.codebuild.send(
      new ListBuildsForProjectCommand({ projectName: sandbox.names.project }),
    )
    expect(ids).toEqual([second.id, first.id])
  })
})

describe('a build that ends otherwise', () => {
  test('fails with the exit status in the context of its phase', async () => {
    const ended = await finish(await start({ buildspecOverride: buildspec('exit 3') }))
    expect(ended.buildStatus).toBe('FAILED')
    const phase = ended.phases?.find((one) => one.phaseType === 'BUILD')
    expect(phase?.phaseStatus).toBe('FAILED')
    expect(phase?.contexts?.[0]?.statusCode).toBe('COMMAND_EXECUTION_ERROR')
    expect(phase?.contexts?.[0]?.message).toContain('exit status 3')
  })

  test('a broken buildspec fails the build in DOWNLOAD_SOURCE and not the request', async () => {
    const ended = await finish(await start({ buildspecOverride: 'version: 0.2\nphases: [' }))
    expect(ended.buildStatus).toBe('FAILED')
    const phase = ended.phases?.find((one) => one.phaseType === 'DOWNLOAD_SOURCE')
    expect(phase?.contexts?.[0]?.statusCode).toBe('YAML_FILE_ERROR')
  })

  test('StopBuild answers at once and the build ends STOPPED', async () => {
    allow(sandbox, sandbox.names.role, 'codebuild:StopBuild')
    const started = await start({ buildspecOverride: buildspec('sleep 60') })
    await waitFor(async () => ((await get(started.id)).currentPhase === 'BUILD' ? true : undefined))
    const { build } = await clients.codebuild.send(new StopBuildCommand({ id: started.id }))
    expect(build?.buildStatus).toBe('IN_PROGRESS')
    const ended = await finish(started)
    expect(ended.buildStatus).toBe('STOPPED')
    expect(ended.phases?.find((phase) => phase.phaseType === 'BUILD')?.phaseStatus).toBe('STOPPED')
  })

  test('a build over its time is TIMED_OUT', async () => {
    sandbox.world.switches.codebuild.minute = 40
    const ended = await finish(
      await start({ buildspecOverride: buildspec('sleep 60'), timeoutInMinutesOverride: 5 }),
    )
    expect(ended.buildStatus).toBe('TIMED_OUT')
    const phase = ended.phases?.find((one) => one.phaseStatus === 'TIMED_OUT')
    expect(phase?.contexts?.[0]?.statusCode).toBe('BUILD_TIMED_OUT')
  })

  test('a build that waits too long in the queue is TIMED_OUT', async () => {
    Object.assign(sandbox.world.switches.codebuild, { minute: 1, queued: 1000 })
    const ended = await finish(await start({ queuedTimeoutInMinutesOverride: 5 }))
    expect(ended.buildStatus).toBe('TIMED_OUT')
    expect(ended.phases?.map((phase) => phase.phaseType)).toEqual(['SUBMITTED', 'QUEUED', 'COMPLETED'])
    expect(ended.logs?.groupName).toBeUndefined()
  })

  test('FAULT comes by a switch, in the phase it names', async () => {
    sandbox.world.switches.codebuild.fate = { status: 'FAULT', phase: 'PROVISIONING', message: 'no capacity' }
    const ended = await finish(await start())
    expect(ended.buildStatus).toBe('FAULT')
    expect(ended.phases?.at(-2)).toMatchObject({
      phaseType: 'PROVISIONING',
      phaseStatus: 'FAULT',
      contexts: [{ statusCode: 'INTERNAL_SERVICE_ERROR', message: 'no capacity' }],
    })
  })

  test('a source that was not overridden cannot be downloaded', async () => {
    const project = sandbox.world.projects.get(sandbox.names.project)
    Object.assign(project ?? {}, { sourceType: 'GITHUB' })
    const { build } = await clients.codebuild.send(
      new StartBuildCommand({ projectName: sandbox.names.project }),
    )
    const ended = await finish(build ?? {})
    expect(ended.buildStatus).toBe('FAILED')
    expect(ended.phases?.at(-2)?.phaseType).toBe('DOWNLOAD_SOURCE')
  })
})

describe('what StartBuild refuses', () => {
  test.each<[string, Partial<StartBuildCommandInput>]>([
    ['a timeout under 5', { timeoutInMinutesOverride: 4 }],
    ['a timeout over 2160', { timeoutInMinutesOverride: 2161 }],
    ['a queue timeout over 480', { queuedTimeoutInMinutesOverride: 481 }],
    ['a long token', { idempotencyToken: 'x'.repeat(65) }],
    ['a long buildspec', { buildspecOverride: 'x'.repeat(25_601) }],
    ['a long value', { environmentVariablesOverride: [{ name: 'A', value: 'x'.repeat(4097) }] }],
    [
      'too much in all',
      {
        environmentVariablesOverride: [
          { name: 'A', value: 'x'.repeat(3000) },
          { name: 'B', value: 'x'.repeat(3000) },
        ],
      },
    ],
    [
      'an unknown type',
      { environmentVariablesOverride: [{ name: 'A', value: 'x', type: 'SECRET' as never }] },
    ],
    ['a variable without value', { environmentVariablesOverride: [{ name: 'A', value: undefined }] }],
    [
      'the same name twice',
      {
        environmentVariablesOverride: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ],
    ['a version of no source', { sourceVersion: 'main' }],
    ['an unknown cache', { cacheOverride: { type: 'DISK' as never } }],
    ['a cache without modes', { cacheOverride: { type: 'LOCAL' } }],
    ['a member that is not implemented here', { debugSessionEnabled: true }],
    ['no buildspec at all', { buildspecOverride: undefined }],
  ])('%s', async (_name, input) => {
    await expect(start(input)).rejects.toMatchObject({ name: 'InvalidInputException' })
    expect(sandbox.world.builds.size).toBe(0)
  })

  test('everything that is malformed is told at once', async () => {
    const refusal = start({ timeoutInMinutesOverride: 1, queuedTimeoutInMinutesOverride: 1 })
    await expect(refusal).rejects.toThrow(
      /^2 validation errors detected: Value '1' at 'timeoutInMinutesOverride'/,
    )
  })

  test('a project that the role may not start, and one that does not exist', async () => {
    await expect(start({ projectName: 'other' })).rejects.toMatchObject({ name: 'AccessDeniedException' })
    allow(sandbox, sandbox.names.role, 'codebuild:StartBuild')
    await expect(start({ projectName: 'other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Project cannot be found: arn:aws:codebuild:us-east-1:123456789012:project/other',
    })
  })

  test('more builds than the account may have', async () => {
    sandbox.world.switches.codebuild.maximumBuilds = 0
    await expect(start()).rejects.toMatchObject({
      name: 'AccountLimitExceededException',
      message: 'Cannot have more than 0 builds in queue for the account',
    })
  })

  test('a service role that does not trust CodeBuild', async () => {
    const role = sandbox.world.roles.get(sandbox.names.serviceRole)
    Object.assign(role ?? {}, { trust: sandbox.world.roles.get(sandbox.names.executionRole)?.trust })
    await expect(start()).rejects.toThrow(/CodeBuild is not authorized to perform: sts:AssumeRole/)
  })

  test('an override that a policy forbids by its condition key', async () => {
    sandbox.world.roles.get(sandbox.names.role)?.policies.set('no-buildspec', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 'codebuild:StartBuild',
          Resource: '*',
          Condition: { Null: { 'codebuild:source.buildspec': 'false' } },
        },
      ],
    })
    await expect(start()).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

describe('idempotency', () => {
  test('the same token with the same parameters is the same build', async () => {
    const first = await start({ idempotencyToken: 'one' })
    const second = await start({ idempotencyToken: 'one' })
    expect(second.id).toBe(first.id)
    expect(sandbox.world.builds.size).toBe(1)
  })

  test('the same token with other parameters is refused', async () => {
    await start({ idempotencyToken: 'one' })
    await expect(start({ idempotencyToken: 'one', timeoutInMinutesOverride: 6 })).rejects.toMatchObject({
      name: 'InvalidInputException',
    })
  })

  test('a token is forgotten after five minutes', async () => {
    const first = await start({ idempotencyToken: 'one' })
    sandbox.world.clock.shift(5 * 60_000 + 1)
    expect((await start({ idempotencyToken: 'one' })).id).not.toBe(first.id)
  })
})

test('BatchGetBuilds takes 1 to 100 ids, and only of projects that the role may see', async () => {
  const ask = (ids: string[]) => clients.codebuild.send(new BatchGetBuildsCommand({ ids }))
  allow(sandbox, sandbox.names.role, 'codebuild:BatchGetBuilds')
  await expect(ask([])).rejects.toMatchObject({ name: 'InvalidInputException' })
  await expect(ask(Array.from({ length: 101 }, (_, index) => `p:${index}`))).rejects.toMatchObject({
    name: 'InvalidInputException',
  })
  sandbox.world.roles.get(sandbox.names.role)?.policies.delete('allow-codebuild:BatchGetBuilds')
  await expect(ask(['other:1'])).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('BatchGetProjects shows what a project is set to', async () => {
  allow(sandbox, sandbox.names.role, 'codebuild:BatchGetProjects')
  const answer = await clients.codebuild.send(
    new BatchGetProjectsCommand({ names: [sandbox.names.project, 'other'] }),
  )
  expect(answer.projects).toMatchObject([
    { name: sandbox.names.project, environment: { privilegedMode: true }, source: { type: 'NO_SOURCE' } },
  ])
  expect(answer.projectsNotFound).toEqual(['other'])
})

test('a project with disabled logs never names a log', async () => {
  Object.assign(sandbox.world.projects.get(sandbox.names.project) ?? {}, { cloudWatchLogs: false })
  const ended = await finish(await start())
  expect(ended.logs).toMatchObject({ cloudWatchLogs: { status: 'DISABLED' } })
  expect(ended.logs?.groupName).toBeUndefined()
  expect(sandbox.world.logGroups.size).toBe(0)
})
