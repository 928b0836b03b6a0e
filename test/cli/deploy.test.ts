// `deploy` and `undeploy` from another CI: a token file is the identity.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { fetchToken } from '../sandbox/signin.ts'
import { runCommand } from './run.ts'

const entry = fileURLToPath(new URL('../../src/sandbox/standins/entry.ts', import.meta.url))
let folder = ''
let sandbox: Sandbox
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dcf-cli-'))
  sandbox = await startSandbox({ standinEntry: [process.execPath, entry] })
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function words(...more: readonly string[]): readonly string[] {
  const { names } = sandbox
  return [
    'deploy',
    '--json',
    '--bucket-name',
    names.bucket,
    '--codebuild-project',
    names.project,
    '--ecr-repository-uri',
    names.ecrRepositoryUri,
    '--lambda-execution-role-arn',
    names.executionRoleArn,
    '--working-directory',
    'examples/hello-dart',
    ...more,
  ]
}

function environment(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ROLE_ARN: sandbox.names.roleArn,
    AWS_REGION: sandbox.names.region,
    ...more,
  }
}

async function tokenFile(audience = 'sts.amazonaws.com'): Promise<string> {
  const file = join(folder, 'token')
  writeFileSync(file, await fetchToken(sandbox, audience))
  return file
}

describe('with a token file', () => {
  test('deploys with the role and region of the environment, and undeploys', async () => {
    const AWS_WEB_IDENTITY_TOKEN_FILE = await tokenFile()
    const run = await runCommand(words(), { environment: environment({ AWS_WEB_IDENTITY_TOKEN_FILE }) })
    expect(run.exitCode, run.stderr).toBe(0)
    const document = JSON.parse(run.stdout)
    expect(document).toMatchObject({ status: 'deployed', 'function-name': 'hello_dart' })
    expect(run.stderr).toContain('web identity token')
    const removed = await runCommand(
      [
        'undeploy',
        '--json',
        '--function-name',
        'hello_dart',
        '--web-identity-token-file',
        AWS_WEB_IDENTITY_TOKEN_FILE,
      ],
      { environment: environment() },
    )
    expect(JSON.parse(removed.stdout)).toMatchObject({ status: 'removed' })
  })

  test.each([
    ['another audience', 'other.example', 'DCF-TOKEN-FILE'],
    ['no file', undefined, 'DCF-TOKEN-FILE'],
  ])('%s is refused before STS is asked', async (_, audience, code) => {
    const file = audience === undefined ? join(folder, 'missing') : await tokenFile(audience)
    const run = await runCommand(words('--web-identity-token-file', file), { environment: environment() })
    expect(run.exitCode).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'failed', 'error-code': code })
    expect(sandbox.journal.operations('sts')).toEqual([])
  })
})
