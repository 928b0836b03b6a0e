// The caller's own credentials: a person at a terminal, who assumes the role, or looks at what was deployed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doctor } from '../../src/cli/doctor.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { openSandbox, runAction } from '../permissions/runs.ts'
import { treeOf } from '../policies/rules.ts'
import { fetchToken } from '../sandbox/signin.ts'
import { say } from '../setup/capture.ts'

const patience = { timeout: 120_000 }
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

let sandbox: Sandbox
let home: string

beforeEach(async () => {
  sandbox = await openSandbox()
  home = mkdtempSync(join(tmpdir(), 'dcf-own-'))
})

afterEach(async () => {
  await sandbox.close()
  rmSync(home, { recursive: true, force: true })
})

/** A person with these permissions, whose keys stand in a shared file under a profile. */
function becomePerson(policy: unknown = everything): Readonly<Record<string, string>> {
  const { world } = sandbox
  const model = world.roles.get(sandbox.names.role)
  if (model === undefined) throw new Error('no role')
  const arn = `arn:aws:iam::${world.account}:role/person`
  const role = { ...model, name: 'person', arn, id: 'AROAPERSON', policies: new Map([['own', policy]]) }
  world.roles.set('person', role)
  const { credentials } = world.sessions.create({ role, sessionName: 'me', durationSeconds: 900 })
  const file = join(home, 'credentials')
  writeFileSync(
    file,
    `[work]\naws_access_key_id=${credentials.accessKeyId}\naws_secret_access_key=${credentials.secretAccessKey}\naws_session_token=${credentials.sessionToken}\n`,
  )
  return {
    AWS_PROFILE: 'work',
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_ENDPOINT_URL: sandbox.endpoint,
  }
}

function chainWords(): readonly string[] {
  const { names } = sandbox
  return Object.entries({
    'role-to-assume': names.roleArn,
    'aws-region': names.region,
    'bucket-name': names.bucket,
    'codebuild-project': names.project,
    'ecr-repository-uri': names.ecrRepositoryUri,
    'lambda-execution-role-arn': names.executionRoleArn,
  }).flatMap(([name, value]) => [`--${name}`, value])
}

describe('the role, assumed by a person', patience, () => {
  test('is refused while the trust policy names GitHub alone, with what to add', async () => {
    const said = await say(doctor, chainWords(), becomePerson())
    expect(said.exitCode).toBe(1)
    expect(said.printed).toContain("Identity: the SDK's default credentials")
    expect(said.printed).toContain('DCF-ROLE-REFUSED')
    expect(said.printed).toContain(
      'let it also allow `sts:AssumeRole` to arn:aws:sts::123456789012:assumed-role/person/me',
    )
  })

  test('works once the trust policy allows it', async () => {
    const environment = becomePerson()
    const role = sandbox.world.roles.get(sandbox.names.role)
    const trust = treeOf(role?.trust)
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${sandbox.names.account}:role/person` },
      Action: 'sts:AssumeRole',
    }
    if (role !== undefined) role.trust = { ...trust, Statement: [trust['Statement'], statement].flat() }
    const said = await say(doctor, chainWords(), environment)
    expect(said.exitCode, said.printed).toBe(0)
    expect(said.printed).toContain('You use your own credentials')
  })

  test('without any credentials the way out is named', async () => {
    const said = await say(doctor, chainWords(), {
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'none'),
      AWS_CONFIG_FILE: join(home, 'none'),
      AWS_PROFILE: 'nobody',
      AWS_ENDPOINT_URL: sandbox.endpoint,
    })
    expect(said.exitCode).toBe(1)
    expect(said.printed).toContain('DCF-IDENTITY-MISSING')
  })
})

describe('a token file', patience, () => {
  test('of another audience is refused before STS is asked', async () => {
    const file = join(home, 'token')
    writeFileSync(file, await fetchToken(sandbox, 'https://kubernetes.default.svc'))
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL: sandbox.endpoint }
    const said = await say(doctor, chainWords(), environment)
    expect(said.exitCode).toBe(1)
    expect(said.printed).toContain(`Identity: the web identity token in ${file}`)
    expect(said.printed).toContain('DCF-TOKEN-FILE')
    expect(sandbox.journal.entries.filter(({ service }) => service === 'sts')).toEqual([])
  })

  test('of the right audience is as good as a run on GitHub', async () => {
    const file = join(home, 'token')
    writeFileSync(file, await fetchToken(sandbox))
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL: sandbox.endpoint }
    const said = await say(doctor, chainWords(), environment)
    expect(said.exitCode, said.printed).toBe(0)
  })
})

describe('doctor --deployed', patience, () => {
  const words = () => ['--deployed', '--function-name', 'hello', '--aws-region', 'us-east-1']

  function failuresOf(document: unknown): readonly unknown[] {
    const checks = treeOf(document)['checks']
    const list = Array.isArray(checks) ? checks.map(treeOf) : []
    return list.flatMap((check) => {
      const verdict = treeOf(check['verdict'])
      return verdict['kind'] === 'fail' ? [verdict['code']] : []
    })
  }

  function writeFunctionLog(): void {
    const stream = { name: '2026/11/28/[$LATEST]1', created: 1, events: [] }
    sandbox.world.logGroups.set('/aws/lambda/hello', {
      name: '/aws/lambda/hello',
      created: 1,
      streams: new Map([[stream.name, stream]]),
    })
  }

  test('a function that was deployed passes', async () => {
    expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
    writeFunctionLog()
    const more = ['--ecr-repository-uri', sandbox.names.ecrRepositoryUri]
    const said = await say(doctor, [...words(), ...more], becomePerson())
    expect(said.exitCode, said.printed).toBe(0)
    expect(said.printed).toContain('5 passed, 0 failed, 0 could not be told.')
    expect(JSON.stringify(said)).not.toMatch(/ASIA[A-Z0-9]{12}/)
  })

  test('without a function, and without a name', async () => {
    const said = await say(doctor, words(), becomePerson())
    expect(failuresOf(said.document)).toEqual(['DCF-DEPLOYED-MISSING'])
    expect((await say(doctor, ['--deployed'], becomePerson())).exitCode).toBe(2)
  })

  test('everything wrong with a function is told at once', async () => {
    expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
    const policy = sandbox.world.functions.get('hello')?.policy ?? []
    policy.splice(
      policy.findIndex((statement) => JSON.stringify(statement).includes('DcfFunctionInvokePublic')),
      1,
    )
    const said = await say(doctor, [...words(), '--ecr-repository-uri', '127.0.0.1:1/other'], becomePerson())
    expect(said.exitCode).toBe(1)
    expect(failuresOf(said.document)).toEqual([
      'DCF-DEPLOYED-IMAGE',
      'DCF-URL-NOT-PUBLIC',
      'DCF-HEALTH-CHECK-FIRST',
      'DCF-DEPLOYED-LOG',
    ])
  })

  test('a person without permissions is told which are missing', async () => {
    expect((await runAction(sandbox, 'deploy')).exitCode).toBe(0)
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'lambda:GetFunction', Resource: '*' }],
    }
    const said = await say(doctor, words(), becomePerson(policy))
    for (const action of ['lambda:GetFunctionUrlConfig', 'lambda:GetPolicy', 'logs:DescribeLogStreams'])
      expect(said.printed).toContain(action)
    expect(failuresOf(said.document)).toEqual([])
  })
})
