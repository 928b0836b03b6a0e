// A consumer that names `@v1` runs what the release script published: tags of a real Git repository, and reusable
// workflows that point at their own release.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Account, openAccount } from './account.ts'
import { type ActRun, runAct } from './act.ts'
import { findMachine, mustSkip } from './machine.ts'
import { publishWorkingCopy } from './publication.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const found = findMachine()
const machine = found.kind === 'found' ? found.value : null
const noAct = mustSkip('act from a tag', found.kind === 'missing' ? found.why : null)

describe.skipIf(noAct)('from the tag v1 of a Git repository', () => {
  let workspace: Workspace
  let account: Account

  beforeAll(async () => {
    workspace = createWorkspace()
    account = await openAccount(workspace)
    publishWorkingCopy(workspace)
  })

  afterAll(async () => {
    await account?.sandbox.close()
    workspace?.remove()
  })

  async function run(event: 'push' | 'pull_request', payload: string, workflow: string): Promise<ActRun> {
    const place = { kind: 'host', node: machine?.node24 ?? '' } as const
    const source = ['--env', `GITHUB_SERVER_URL=file://${join(workspace.root, 'git')}`]
    const { envFile, vars } = account
    return await runAct({
      workspace,
      act: machine?.act ?? '',
      place,
      envFile,
      vars,
      event,
      payload,
      workflow,
      source,
    })
  }

  test('deploys, previews and removes the preview', async () => {
    const deployed = await run('push', 'push', 'deploy.yml')
    expect(deployed.outputs['deploy.status'], deployed.log).toBe('deployed')
    const preview = await run('pull_request', 'pull-request-opened', 'preview.yml')
    expect(preview.outputs['deploy.status'], preview.log).toBe('deployed')
    const closed = await run('pull_request', 'pull-request-closed', 'preview.yml')
    expect(closed.outputs['undeploy.status'], closed.log).toBe('removed')
    expect([deployed.status, preview.status, closed.status]).toEqual([0, 0, 0])
    expect([...account.sandbox.world.functions.keys()]).toEqual(['hello_dart'])
  })
})
