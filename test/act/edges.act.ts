// What a laptop does to a run: no token endpoint, a token endpoint that refuses, a person's own AWS settings.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Account, listChanges, openAccount } from './account.ts'
import { type ActRequest, type ActRun, runAct } from './act.ts'
import { findMachine, mustSkip } from './machine.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const found = findMachine()
const machine = found.kind === 'found' ? found.value : null
const noAct = mustSkip('act at its edges', found.kind === 'missing' ? found.why : null)

describe.skipIf(noAct)('at the edges', () => {
  let workspace: Workspace
  let account: Account

  beforeEach(async () => {
    workspace = createWorkspace()
    account = await openAccount(workspace)
  })

  afterEach(async () => {
    await account.sandbox.close()
    workspace.remove()
  })

  async function push(change: Partial<ActRequest> = {}): Promise<ActRun> {
    const place = { kind: 'host', node: machine?.node24 ?? '' } as const
    const { envFile, vars } = account
    const event = { event: 'push', payload: 'push', workflow: 'deploy.yml' } as const
    return await runAct({ workspace, act: machine?.act ?? '', place, envFile, vars, ...event, ...change })
  }

  test('without the sandbox there is no token endpoint, and the run says which permission makes one', async () => {
    const envFile = join(workspace.root, 'no-token.env')
    const lines = readFileSync(account.envFile, 'utf8').split('\n')
    writeFileSync(envFile, lines.filter((line) => !line.startsWith('ACTIONS_ID_TOKEN_')).join('\n'))
    const { status, outputs, log } = await push({ envFile })
    expect(status, log).toBe(1)
    expect(outputs['deploy.error-code'], log).toBe('DCF-TOKEN-PERMISSION')
    expect(account.sandbox.journal.entries).toEqual([])
  })

  test('a token endpoint that refuses stops the run before AWS', async () => {
    const envFile = join(workspace.root, 'wrong-token.env')
    const text = readFileSync(account.envFile, 'utf8')
    writeFileSync(envFile, text.replace(/^(ACTIONS_ID_TOKEN_REQUEST_TOKEN=).*$/m, '$1wrong'))
    const { status, outputs, log } = await push({ envFile })
    expect(status, log).toBe(1)
    expect(outputs['deploy.error-code'], log).toBe('DCF-TOKEN-REFUSED')
    expect(account.sandbox.journal.operations('sts')).toEqual([])
  })

  test("a person's own AWS settings sign nothing", async () => {
    const config = join(workspace.root, 'aws-config')
    writeFileSync(
      config,
      '[profile private]\naws_access_key_id = AKIAPRIVATEPRIVATE00\naws_secret_access_key = private\n',
    )
    const { status, log } = await push({
      machine: {
        AWS_ACCESS_KEY_ID: 'AKIAPRIVATEPRIVATE01',
        AWS_SECRET_ACCESS_KEY: 'private',
        AWS_PROFILE: 'private',
        AWS_CONFIG_FILE: config,
        AWS_REGION: 'eu-west-3',
      },
    })
    expect(status, log).toBe(0)
    const principals = new Set(
      account.sandbox.journal.entries.map(({ principal }) => principal.replace(/\/[^/]+$/, '')),
    )
    expect([...principals].sort()).toEqual([
      'anonymous',
      'arn:aws:sts::123456789012:assumed-role/dcf-codebuild-role',
      'arn:aws:sts::123456789012:assumed-role/dcf-gke-role',
    ])
    expect(JSON.stringify(account.sandbox.journal.entries)).not.toContain('PRIVATE')
    expect(listChanges(account)).toContain('lambda:CreateFunction')
  })

  test('Ctrl+C kills the deployment at once, and its post step withdraws the archive', async () => {
    const { journal, names, world } = account.sandbox
    const interruptWhen = waitUntil(() => journal.operations('codebuild').includes('codebuild:StartBuild'))
    const { status, log } = await push({ interruptWhen })
    expect(status, log).not.toBe(0)
    const archive = world.buckets.get(names.bucket)?.objects.get('builds/app.zip')
    expect(archive?.metadata, log).toMatchObject({ 'dcf-withdrawn': 'true' })
    await Promise.all([...world.builds.values()].map(({ ended }) => ended))
    expect([...world.functions.keys()]).toEqual([])
  })
})

/** Looks every 50 ms; the test's own timeout bounds it. */
async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setTimeout(50)
}
