import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { StartBuildCommand } from '@aws-sdk/client-codebuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { LogEvent } from '../../src/sandbox/services/loggroup.ts'
import { actAs, allow, type Clients, waitFor } from './account.ts'

const GROUP = '/aws/codebuild/dcf-lambda-build'
let sandbox: Sandbox
let clients: Clients
beforeEach(async () => {
  sandbox = await startSandbox({ optionalPolicies: ['deploy-role-read-build-log'] })
  clients = actAs(sandbox, sandbox.names.role)
})
afterEach(() => sandbox.close())

function read(input: Partial<GetLogEventsCommandInput> = {}): Promise<GetLogEventsCommandOutput> {
  return clients.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 's', startFromHead: true, ...input }),
  )
}

/** Follows the forward tokens until one comes back. */
async function readAll(): Promise<{ readonly pages: number[]; readonly messages: string[] }> {
  const pages: number[] = []
  const messages: string[] = []
  let token: string | undefined
  for (;;) {
    const page = await read(token === undefined ? {} : { nextToken: token })
    pages.push(page.events?.length ?? 0)
    messages.push(...(page.events ?? []).map((event) => event.message ?? ''))
    if (page.nextForwardToken === token) return { pages, messages }
    token = page.nextForwardToken
  }
}

function fill(count: number, size = 1): LogEvent[] {
  const events = Array.from({ length: count }, (_, index) => ({
    timestamp: 1000 + index,
    message: `${index}`.padEnd(size, '.'),
    ingestionTime: 2000 + index,
  }))
  sandbox.world.logGroups.set(GROUP, {
    name: GROUP,
    created: 0,
    streams: new Map([['s', { name: 's', created: 0, events }]]),
  })
  return events
}

describe('GetLogEvents', () => {
  test('gives timestamps in milliseconds and the same token at the end', async () => {
    fill(3)
    const first = await read()
    expect(first.events).toEqual([
      { timestamp: 1000, message: '0', ingestionTime: 2000 },
      { timestamp: 1001, message: '1', ingestionTime: 2001 },
      { timestamp: 1002, message: '2', ingestionTime: 2002 },
    ])
    const second = await read({ nextToken: first.nextForwardToken })
    expect(second.events).toEqual([])
    expect(second.nextForwardToken).toBe(first.nextForwardToken)
  })

  test('goes on after the end when more has come', async () => {
    const events = fill(1)
    const first = await read()
    events.push({ timestamp: 5000, message: 'late', ingestionTime: 5000 })
    const second = await read({ nextToken: first.nextForwardToken })
    expect(second.events?.map((event) => event.message)).toEqual(['late'])
  })

  test('starts from the end without startFromHead and goes backward', async () => {
    fill(5)
    const last = await read({ startFromHead: false, limit: 2 })
    expect(last.events?.map((event) => event.message)).toEqual(['3', '4'])
    const before = await read({ nextToken: last.nextBackwardToken, limit: 2 })
    expect(before.events?.map((event) => event.message)).toEqual(['1', '2'])
  })

  test('keeps to the limit, to 10,000 events and to 1 MB', async () => {
    fill(10_001)
    expect((await read({ limit: 7 })).events).toHaveLength(7)
    expect((await read()).events).toHaveLength(10_000)
    fill(10, 200_000)
    expect((await read()).events).toHaveLength(5)
  })

  test('may answer empty and part-filled pages in mid-stream', async () => {
    fill(5)
    Object.assign(sandbox.world.switches.logs, { emptyPages: 2, pageEvents: 2 })
    const { pages, messages } = await readAll()
    expect(pages).toEqual([0, 0, 2, 0, 0, 2, 0, 0, 1, 0])
    expect(messages).toEqual(['0', '1', '2', '3', '4'])
  })

  test.each<[string, Partial<GetLogEventsCommandInput>, string]>([
    [
      'a group that is not there',
      { logGroupName: '/aws/codebuild/other' },
      'The specified log group does not exist.',
    ],
    ['a stream that is not there', { logStreamName: 'other' }, 'The specified log stream does not exist.'],
  ])('%s is ResourceNotFoundException', async (_name, input, message) => {
    fill(0)
    allow(sandbox, sandbox.names.role, 'logs:GetLogEvents')
    await expect(read(input)).rejects.toMatchObject({ name: 'ResourceNotFoundException', message })
  })

  test('an invented token and a limit of 0 are InvalidParameterException', async () => {
    fill(1)
    await expect(read({ nextToken: 'f/1/s' })).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(read({ limit: 0 })).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('needs a permission that the guide does not give', async () => {
    fill(1)
    sandbox.world.roles.get(sandbox.names.role)?.policies.delete('deploy-role-read-build-log')
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

describe('the log of a build', () => {
  async function build(...commands: readonly string[]): Promise<string> {
    const { build: started } = await clients.codebuild.send(
      new StartBuildCommand({
        projectName: sandbox.names.project,
        sourceTypeOverride: 'NO_SOURCE',
        buildspecOverride: JSON.stringify({ version: 0.2, phases: { build: { commands } } }),
      }),
    )
    return started?.id ?? ''
  }
  const ended = (id: string) =>
    waitFor(() => (sandbox.world.builds.get(id)?.status === 'IN_PROGRESS' ? undefined : true))
  const messages = async (id: string): Promise<readonly string[]> => {
    const page = await read({ logStreamName: id.split(':')[1] ?? '' })
    return (page.events ?? []).map((event) => event.message ?? '')
  }

  test('grows while the build runs', async () => {
    const id = await build('echo first', 'sleep 60')
    const seen = await waitFor(async () => {
      if (sandbox.world.logGroups.get(GROUP)?.streams.size !== 1) return undefined
      const lines = await messages(id)
      return lines.includes('first\n') ? lines : undefined
    })
    expect(seen).toContain('first\n')
    expect(sandbox.world.builds.get(id)?.status).toBe('IN_PROGRESS')
  })

  test('arrives late by a switch', async () => {
    sandbox.world.switches.logs.latency = 60_000
    const id = await build('echo first')
    await ended(id)
    expect(await messages(id)).toEqual([])
    sandbox.world.clock.shift(60_000)
    expect(await messages(id)).toContain('first\n')
  })

  test('hides the key id of the build', async () => {
    const id = await build('curl -s "http://localhost" >/dev/null || true', 'echo "key=$AWS_ACCESS_KEY_ID."')
    await ended(id)
    expect((await messages(id)).join('')).not.toMatch(/ASIA[A-Z2-7]{16}/)
  })

  /** Takes actions from the service role. */
  function deny(...actions: readonly string[]): void {
    const role = sandbox.world.roles.get(sandbox.names.serviceRole)
    const statement = { Effect: 'Deny', Action: actions, Resource: '*' }
    role?.policies.set('no-logs', { Version: '2012-10-17', Statement: [statement] })
  }

  test('is empty when the service role may not write it, and the build goes on', async () => {
    deny('logs:PutLogEvents')
    const id = await build('echo first')
    await ended(id)
    expect(sandbox.world.builds.get(id)?.status).toBe('SUCCEEDED')
    expect(await messages(id)).toEqual([])
  })

  test('ends the build before it begins when the service role may not make its stream', async () => {
    deny('logs:CreateLogStream')
    const id = await build('echo first')
    await ended(id)
    const one = sandbox.world.builds.get(id)
    expect(one?.status).toBe('FAILED')
    const [context] = one?.phases.find((phase) => phase.phaseType === 'PROVISIONING')?.contexts ?? []
    expect(context?.statusCode).toBe('ACCESS_DENIED')
    expect(context?.message).toContain(
      `does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build ${one?.arn}`,
    )
    await expect(read({ logStreamName: id.split(':')[1] })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

test('a role that may write makes a group, a stream and events', async () => {
  const { logs } = actAs(sandbox, sandbox.names.serviceRole)
  const names = { logGroupName: GROUP, logStreamName: 'made' }
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }))
  await logs.send(new CreateLogStreamCommand(names))
  await logs.send(new PutLogEventsCommand({ ...names, logEvents: [{ timestamp: 1, message: 'hello' }] }))
  expect((await read({ logStreamName: 'made' })).events?.[0]?.message).toBe('hello')
  await expect(logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  })
})
