// A customer's day: deploy, deploy again, preview a pull request, close it. In host mode and in docker mode, on the
// oldest and on the current Node.js.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Account, listChanges, openAccount } from './account.ts'
import { type ActRequest, type ActRun, type Place, runAct } from './act.ts'
import { findMachine, mustSkip, prepareImage } from './machine.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const found = findMachine()
const machine = found.kind === 'found' ? found.value : null
const noAct = mustSkip('act', found.kind === 'missing' ? found.why : null)
const noDocker = noAct || mustSkip("act's docker mode", machine?.docker ? null : 'no Docker Engine answers')

const NODES = [
  { major: '20', path: machine?.node20 ?? '' },
  { major: '24', path: machine?.node24 ?? '' },
]

describe.skipIf(noAct).each(NODES)('host mode, Node.js $major', ({ path }) => {
  tellStory(() => ({ kind: 'host', node: path }))
})

describe.skipIf(noDocker).each(NODES)('docker mode, Node.js $major', ({ path }) => {
  const docker = machine?.docker ?? ''
  tellStory(() => ({ kind: 'docker', image: prepareImage(docker, path), docker }))
})

function tellStory(findPlace: () => Place): void {
  let workspace: Workspace
  let account: Account
  let place: Place

  beforeAll(async () => {
    place = findPlace()
    workspace = createWorkspace()
    account = await openAccount(workspace)
  })

  afterAll(async () => {
    await account?.sandbox.close()
    workspace?.remove()
  })

  async function run(request: Pick<ActRequest, 'event' | 'payload' | 'workflow'>): Promise<ActRun> {
    account.sandbox.journal.clear()
    const { envFile, vars } = account
    return await runAct({ workspace, act: machine?.act ?? '', place, envFile, vars, ...request })
  }

  const push = { event: 'push', payload: 'push', workflow: 'deploy.yml' } as const
  const opened = { event: 'pull_request', payload: 'pull-request-opened', workflow: 'preview.yml' } as const
  const closed = { event: 'pull_request', payload: 'pull-request-closed', workflow: 'preview.yml' } as const
  const functions = () => [...account.sandbox.world.functions.keys()].sort()
  const describeMain = () => JSON.stringify(account.sandbox.world.functions.get('hello_dart'), withoutServers)
  let url = ''

  test('a push to main deploys the function, and the workflow reaches it', async () => {
    const { status, jobs, outputs, log } = await run(push)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(outputs).toMatchObject({
      'deploy.status': 'deployed',
      'deploy.function-name': 'hello_dart',
      'deploy.function-url': expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    })
    expect(listChanges(account)).toEqual([
      's3:PutObject',
      'codebuild:StartBuild',
      'lambda:CreateFunction',
      'lambda:CreateFunctionUrlConfig',
      'lambda:AddPermission',
      'lambda:AddPermission',
    ])
    expect(functions()).toEqual(['hello_dart'])
    url = outputs['deploy.function-url'] ?? ''
  })

  test('a second push updates it and keeps its URL', async () => {
    const { status, jobs, outputs, log } = await run(push)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(outputs['deploy.function-url']).toBe(url)
    expect(listChanges(account)).not.toContain('lambda:CreateFunction')
    expect(listChanges(account)).toContain('lambda:UpdateFunctionCode')
  })

  test('a pull request gets a function of its own', async () => {
    const { status, jobs, outputs, log } = await run(opened)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(outputs['deploy.function-name']).toBe('hello_dart-pr-7')
    expect(outputs['deploy.function-url']).not.toBe(url)
    expect(functions()).toEqual(['hello_dart', 'hello_dart-pr-7'])
  })

  test('closing it removes that function and no other', async () => {
    const { status, jobs, outputs, log } = await run(closed)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { undeploy: 'success' } })
    expect(outputs['undeploy.status']).toBe('removed')
    expect(functions()).toEqual(['hello_dart'])
    expect(listChanges(account).filter((change) => change.startsWith('lambda:'))).toEqual([
      'lambda:DeleteFunctionUrlConfig',
      'lambda:RemovePermission',
      'lambda:RemovePermission',
      'lambda:DeleteFunction',
    ])
  })

  test('closing it once more finds nothing and succeeds', async () => {
    const { status, outputs, log } = await run(closed)
    expect(status, log).toBe(0)
    expect(outputs['undeploy.status']).toBe('absent')
    expect(functions()).toEqual(['hello_dart'])
  })

  test('a workflow that forgot the function name cannot touch the main function', async () => {
    const mistake = { event: 'pull_request', workflow: 'no-function-name.yml' } as const
    const before = describeMain()
    for (const payload of ['pull-request-closed', 'pull-request-opened']) {
      const { status, jobs, outputs, log } = await run({ ...mistake, payload })
      const job = payload === 'pull-request-closed' ? 'undeploy' : 'deploy'
      expect({ status, jobs }, log).toEqual({ status: 1, jobs: { [job]: 'failure' } })
      expect(outputs[`${job}.error-code`]).toBe('DCF-FUNCTION-PULL-REQUEST')
      expect(listChanges(account)).toEqual([])
    }
    expect(describeMain()).toBe(before)
    expect((await fetch(url)).status).toBe(200)
  })
}

/** What JSON cannot hold of a function: the server behind its URL. */
function withoutServers(_: string, value: unknown): unknown {
  return typeof value === 'function' ? undefined : value
}
