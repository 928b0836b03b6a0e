// Every recipe runs as it stands on its page: its workflow is taken from there and run by act against the sandbox.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { extractExamples } from '../../scripts/workflows/examples.ts'
import { createGithubIdentity } from '../../src/sandbox/identity/claims.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { type Account, listChanges, openAccount } from './account.ts'
import { type ActRequest, type ActRun, runAct } from './act.ts'
import { findMachine, mustSkip } from './machine.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const found = findMachine()
const machine = found.kind === 'found' ? found.value : null
const noAct = mustSkip('the recipes', found.kind === 'missing' ? found.why : null)

describe.skipIf(noAct)('recipes', () => {
  const open: { workspace: Workspace; account: Account }[] = []

  afterEach(async () => {
    for (const { workspace, account } of open.splice(0)) {
      await account.sandbox.close()
      workspace.remove()
    }
  })

  async function prepare(page: string, options: Partial<SandboxOptions> = {}) {
    const workspace = createWorkspace()
    const account = await openAccount(workspace, options)
    open.push({ workspace, account })
    const { examples } = extractExamples(page, readFileSync(`docs/recipes/${page}.md`, 'utf8'))
    examples.forEach(({ text }, index) => {
      writeFileSync(join(workspace.consumer, `.github/workflows/recipe-${index}.yml`), text)
    })
    return { workspace, account, recipes: examples.length }
  }

  async function run(index: number, change: Partial<ActRequest> = {}): Promise<ActRun> {
    const [{ workspace, account } = never()] = open
    const place = { kind: 'host', node: machine?.node24 ?? '' } as const
    const { envFile, vars } = account
    const event = { event: 'push', payload: 'push' } as const
    const workflow = `recipe-${index}.yml`
    return await runAct({
      workspace,
      act: machine?.act ?? '',
      place,
      envFile,
      vars,
      workflow,
      ...event,
      ...change,
    })
  }

  const listFunctions = ({ sandbox }: Account) => [...sandbox.world.functions.keys()].sort()

  test('one function: deploys, finds it unchanged, redeploys by the reusable workflow, removes it', async () => {
    const { account, recipes } = await prepare('one-function')
    expect(recipes).toBe(3)
    const first = await run(0)
    expect(first.outputs['deploy.status'], first.log).toBe('deployed')
    const second = await run(0)
    expect(second.outputs['deploy.status'], second.log).toBe('unchanged')
    expect(second.outputs['deploy.function-url']).toBe(first.outputs['deploy.function-url'])
    const third = await run(1)
    expect(third.outputs['deploy.status'], third.log).toBe('deployed')
    const removed = await run(2, { event: 'workflow_dispatch' })
    expect(removed.outputs['undeploy.status'], removed.log).toBe('removed')
    expect(listFunctions(account)).toEqual([])
  })

  test('monorepo: every function has its own archive, and the service role may read it by the statement shown', async () => {
    const { workspace, account } = await prepare('monorepo')
    splitConsumer(workspace, ['hello', 'goodbye'])
    const refused = await run(0)
    expect(refused.status, refused.log).toBe(1)
    expect(Object.values(refused.outputs)).toContain('DCF-ARTIFACT-UNREADABLE')
    expect(listFunctions(account)).toEqual([])
    widenServiceRole(account, 'monorepo')
    const { status, jobs, log } = await run(0)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(listFunctions(account)).toEqual(['goodbye', 'hello'])
    const bucket = account.sandbox.world.buckets.get(account.sandbox.names.bucket)
    expect([...(bucket?.objects.keys() ?? [])].sort()).toEqual(['builds/goodbye.zip', 'builds/hello.zip'])
  })

  test('previews: deploys one for the pull request, shows it and removes it', async () => {
    const { account } = await prepare('previews')
    widenServiceRole(account, 'monorepo')
    const opened = await run(0, { event: 'pull_request', payload: 'pull-request-opened' })
    expect(opened.jobs, opened.log).toEqual({ deploy: 'success', show: 'success' })
    expect(opened.log).toContain(`Preview at ${opened.outputs['deploy.function-url']}`)
    expect(listFunctions(account)).toEqual(['hello_dart-pr-7'])
    const closed = await run(0, { event: 'pull_request', payload: 'pull-request-closed' })
    expect(closed.jobs, closed.log).toEqual({ undeploy: 'success' })
    expect(listFunctions(account)).toEqual([])
  })

  test('environments: staging first, then production, with the subject of an environment', async () => {
    const github = { ...createGithubIdentity(), environment: 'production' }
    const { account } = await prepare('environments', { github })
    const stages = ['STAGING', 'PRODUCTION'].flatMap((stage) =>
      ['ROLE_ARN', 'BUCKET', 'ECR_REPOSITORY_URI', 'EXECUTION_ROLE_ARN'].map((name) => [
        `${stage}_${name}`,
        account.vars[`DCF_${name}`] ?? '',
      ]),
    )
    const { status, jobs, log } = await run(0, { vars: { ...account.vars, ...Object.fromEntries(stages) } })
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(listChanges(account).filter((change) => change === 'codebuild:StartBuild')).toHaveLength(2)
  })

  test.each(['runners', 'github-enterprise-server'])('%s: deploys', async (page) => {
    const { account } = await prepare(page)
    const { status, jobs, log } = await run(0)
    expect({ status, jobs }, log).toEqual({ status: 0, jobs: { deploy: 'success' } })
    expect(listFunctions(account)).toEqual(['hello_dart'])
  })
})

/** Puts the consumer's function below `functions/NAME` for each name. */
function splitConsumer({ consumer }: Workspace, names: readonly string[]): void {
  for (const name of names) {
    const folder = join(consumer, 'functions', name)
    mkdirSync(folder, { recursive: true })
    for (const file of ['pubspec.yaml', 'Dockerfile', 'bin']) {
      cpSync(join(consumer, file), join(folder, file), { recursive: true })
    }
  }
}

/** Replaces the guide's `ReadDcfArtifact` by the statement of a recipe. */
function widenServiceRole({ sandbox }: Account, page: string): void {
  const json = /```json\n([\s\S]*?)```/.exec(readFileSync(`docs/recipes/${page}.md`, 'utf8'))?.[1] ?? ''
  const statement = JSON.parse(json.replace('<DCF_ARTIFACT_BUCKET>', sandbox.names.bucket))
  expect(statement.Sid).toBe('ReadDcfArtifact')
  sandbox.world.roles
    .get(sandbox.names.serviceRole)
    ?.policies.set('recipe', { Version: '2012-10-17', Statement: [statement] })
}

function never(): never {
  throw new Error('no recipe is prepared')
}
