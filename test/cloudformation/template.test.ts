// The template and the script of `setup`, before tools of others: cfn-lint finds nothing, MiniStack makes it all.
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { planSetup } from '../../src/core/setup/files.ts'
import { valuesOf } from '../../src/core/setup/request.ts'
import { policySources } from '../../src/edge/policies.ts'
import { treeOf } from '../policies/rules.ts'
import { requestOf, variants } from '../setup/variants.ts'
import { type Ministack, ministackAccount, startMinistack } from './ministack.ts'
import { findTools } from './tools.ts'

const run = promisify(execFile)
const tools = await findTools()
const folder = mkdtempSync(join(tmpdir(), 'dcf-cloudformation-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes the files of a setup and returns their folder. */
function writeSetup(name: string, options: Readonly<Record<string, string>>): string {
  const root = join(folder, name.replace(/\W+/g, '-'))
  for (const file of planSetup(requestOf(options), policySources)) {
    const path = join(root, file.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.text)
    if (file.isExecutable === true) chmodSync(path, 0o755)
  }
  return root
}

/** The ids of cfn-lint's findings, every level of severity included. */
async function lint(template: string, region: string): Promise<readonly string[]> {
  if (tools === undefined) throw new Error('no tools')
  const words = ['--format', 'json', '--include-checks', 'I', '--regions', region, '--template', template]
  const { stdout } = await run(tools.cfnLint, words, { timeout: 120_000 }).catch((error: unknown) => {
    const output = treeOf(error)['stdout']
    if (typeof output === 'string' && output.startsWith('[')) return { stdout: output }
    throw error
  })
  const findings: unknown = JSON.parse(stdout)
  return Array.isArray(findings)
    ? findings.map(
        (finding) =>
          `${String(treeOf(treeOf(finding)['Rule'])['Id'])}: ${String(treeOf(finding)['Message'])}`,
      )
    : ['no list of findings']
}

describe.skipIf(tools === undefined)('cfn-lint', { timeout: 120_000 }, () => {
  test.each(variants)('%s: no finding', async (name, options) => {
    const root = writeSetup(name, options)
    expect(await lint(join(root, 'template.yaml'), requestOf(options).region)).toEqual([])
  })

  test('a planted fault is a finding', async () => {
    const template = planSetup(requestOf({}), policySources).find((file) => file.path === 'template.yaml')
    const path = join(folder, 'planted.yaml')
    writeFileSync(path, (template?.text ?? '').replace('PrivilegedMode: true', 'PrivilegedMood: true'))
    expect(await lint(path, 'us-east-1')).not.toEqual([])
  })
})

describe.skipIf(tools === undefined)('MiniStack', { timeout: 300_000 }, () => {
  const account = { 'aws-account-id': ministackAccount, 'function-name': 'hello', optional: 'all' }
  let ministack: Ministack
  afterEach(async () => ministack.close())

  test('creates every resource of the template but the provider, which it does not know', async () => {
    if (tools === undefined) return
    ministack = await startMinistack(tools)
    const whole = writeSetup('whole', account)
    const words = (root: string) => [
      'cloudformation',
      'create-stack',
      '--stack-name',
      'dcf-lambda',
      '--template-body',
      `file://${join(root, 'template.yaml')}`,
      '--capabilities',
      'CAPABILITY_NAMED_IAM',
    ]
    await expect(ministack.aws(...words(whole))).rejects.toThrow(
      'Unrecognized resource types: [AWS::IAM::OIDCProvider]',
    )
    const options = { ...account, 'existing-provider': 'true' }
    await ministack.aws(...words(writeSetup('existing', options)))
    await ministack.aws('cloudformation', 'wait', 'stack-create-complete', '--stack-name', 'dcf-lambda')
    const [stack] = listAt(await ministack.aws('cloudformation', 'describe-stacks'), 'Stacks')
    const outputs = listAt(stack, 'Outputs').map((output) => [
      treeOf(output)['OutputKey'],
      treeOf(output)['OutputValue'],
    ])
    expect(Object.fromEntries(outputs)).toEqual(valuesOf(requestOf(options)))
    const made = listAt(
      await ministack.aws('cloudformation', 'describe-stack-resources', '--stack-name', 'dcf-lambda'),
      'StackResources',
    )
    expect(made.map((resource) => treeOf(resource)['ResourceStatus'])).toEqual(
      Array.from({ length: 8 }, () => 'CREATE_COMPLETE'),
    )
  })

  test('the script makes what is missing, and keeps what exists', async () => {
    if (tools === undefined) return
    ministack = await startMinistack(tools)
    const script = join(writeSetup('script', account), 'commands', 'setup.sh')
    const first = await run(script, [], { env: ministack.env, timeout: 240_000 })
    expect(first.stdout.split('\n').filter((line) => line.startsWith('made: '))).toHaveLength(16)
    expect(first.stdout).not.toContain('kept: ')
    for (const [name, value] of Object.entries(valuesOf(requestOf(account))))
      expect(first.stdout).toContain(`${name}=${value}\n`)
    const second = await run(script, [], { env: ministack.env, timeout: 240_000 })
    expect(second.stdout).not.toContain('made: ')
    expect(second.stdout.split('\n').filter((line) => line.startsWith('kept: '))).toHaveLength(14)
  })

  test('the script adds our client id to a provider that exists without it', async () => {
    if (tools === undefined) return
    ministack = await startMinistack(tools)
    const issuer = 'https://token.actions.githubusercontent.com'
    const script = join(writeSetup('client', account), 'commands', 'setup.sh')
    await ministack.aws(
      'iam',
      'create-open-id-connect-provider',
      '--url',
      issuer,
      '--client-id-list',
      'other',
    )
    // MiniStack does not know this call of IAM, and says so: it was made.
    await expect(run(script, [], { env: ministack.env, timeout: 60_000 })).rejects.toThrow(
      'Unknown IAM action: AddClientIDToOpenIDConnectProvider',
    )
  })

  test('the script stops in another account', async () => {
    if (tools === undefined) return
    ministack = await startMinistack(tools)
    const script = join(writeSetup('other', {}), 'commands', 'setup.sh')
    const failure = await run(script, [], { env: ministack.env }).catch((error: unknown) => error)
    expect(treeOf(failure)['code']).toBe(1)
    expect(treeOf(failure)['stderr']).toContain(`These credentials are of account ${ministackAccount}`)
    expect(await ministack.aws('iam', 'list-roles', '--query', 'Roles[].RoleName')).toEqual([])
  })
})

function listAt(answer: unknown, key: string): readonly unknown[] {
  const list = treeOf(answer)[key]
  return Array.isArray(list) ? list : []
}
