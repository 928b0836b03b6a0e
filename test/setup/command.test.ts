// `setup` as a person runs it: against a GitHub API on the loopback address, into a folder of its own.
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setup } from '../../src/cli/setup.ts'
import { say } from './capture.ts'

const decisions = [
  '--repository',
  'acme/hello-dart',
  '--aws-account-id',
  '123456789012',
  '--aws-region',
  'us-east-1',
]
const ids = ['--repository-id', '1296269', '--owner-id', '583231']

let folder: string
let server: Server | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dcf-setup-'))
})

afterEach(() => {
  server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** An API that answers so; returns the environment that leads to it, and what it was asked. */
async function startApi(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = []
  server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { asked, environment: { GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_TOKEN: 'ghs_canary' } }
}

const repository = {
  id: 1296269,
  full_name: 'Acme/Hello-Dart',
  default_branch: 'trunk',
  owner: { id: 583231, login: 'Acme' },
}

function read(path: string): string {
  return readFileSync(join(folder, 'out', path), 'utf8')
}

test('with the ids nothing is asked, and everything is written', async () => {
  const said = await say(setup, [...decisions, ...ids, '--out', join(folder, 'out')], {
    GITHUB_API_URL: 'http://127.0.0.1:1',
  })
  expect(said.exitCode).toBe(0)
  expect(said.document).toMatchObject({
    ok: true,
    values: {
      roleArn: 'arn:aws:iam::123456789012:role/dcf-gke-role',
      region: 'us-east-1',
      bucketName: 'dcf-customer-artifacts-123456789012-us-east-1',
      codebuildProject: 'dcf-lambda-build',
      ecrRepositoryUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/dcf-lambda-repo',
      lambdaExecutionRoleArn: 'arn:aws:iam::123456789012:role/lambda-execution-role',
    },
    problems: [],
  })
  expect(read('template.yaml')).toContain('AWS::CodeBuild::Project')
  expect(read('workflows/deploy.yml')).toContain(
    'role-to-assume: arn:aws:iam::123456789012:role/dcf-gke-role',
  )
  expect(statSync(join(folder, 'out', 'commands/setup.sh')).mode & 0o111).toBe(0o111)
  expect(said.printed).toContain('aws cloudformation deploy --region us-east-1')
})

test('without the ids GitHub is asked once, and its spelling and default branch are used', async () => {
  const { asked, environment } = await startApi((_, response) => response.end(JSON.stringify(repository)))
  const said = await say(setup, [...decisions, '--out', join(folder, 'out')], environment)
  expect(said.exitCode).toBe(0)
  expect(asked.map((request) => [request.method, request.url, request.headers.authorization])).toEqual([
    ['GET', '/repos/acme/hello-dart', 'Bearer ghs_canary'],
  ])
  expect(said.document).toMatchObject({
    subjects: [
      'repo:Acme/Hello-Dart:ref:refs/heads/trunk',
      'repo:Acme@583231/Hello-Dart@1296269:ref:refs/heads/trunk',
    ],
    problems: [{ code: 'DCF-SETUP-REPOSITORY-NAME', severity: 'notice' }],
  })
  expect(read('workflows/deploy.yml')).toContain('- trunk')
  expect(JSON.stringify(said)).not.toContain('ghs_canary')
})

test('a branch that was asked for is not replaced by the default one', async () => {
  const { environment } = await startApi((_, response) => response.end(JSON.stringify(repository)))
  const said = await say(setup, [...decisions, '--branch', 'main', '--out', join(folder, 'out')], environment)
  expect(said.document).toMatchObject({
    subjects: [expect.stringMatching(/refs\/heads\/main$/), expect.anything()],
  })
})

test('a renamed repository is followed by its redirect', async () => {
  const { asked, environment } = await startApi((request, response) => {
    if (request.url === '/repos/acme/hello-dart')
      response.writeHead(301, { location: `http://${request.headers.host}/repositories/1296269` }).end()
    else response.end(JSON.stringify(repository))
  })
  const said = await say(setup, [...decisions, '--out', join(folder, 'out')], environment)
  expect(said.exitCode).toBe(0)
  expect(asked.map((request) => request.url)).toEqual(['/repos/acme/hello-dart', '/repositories/1296269'])
})

test.each([
  [
    'no such repository',
    (response: ServerResponse) => response.writeHead(404).end('{}'),
    'GitHub answered 404',
  ],
  ['a limit', (response: ServerResponse) => response.writeHead(403).end('{}'), 'GitHub answered 403'],
  ['a page instead of an answer', (response: ServerResponse) => response.end('<html>'), 'not valid JSON'],
  [
    'an answer without ids',
    (response: ServerResponse) => response.end('{"id":"x"}'),
    'not that of a repository',
  ],
  ['a cut connection', (response: ServerResponse) => response.destroy(), 'socket hang up'],
])('%s: the command that finds the ids is shown, and nothing is written', async (_, answer, reason) => {
  const { environment } = await startApi((__, response) => answer(response))
  const said = await say(setup, [...decisions, '--out', join(folder, 'out')], environment)
  expect(said.exitCode).toBe(1)
  expect(said.complained).toContain('DCF-SETUP-REPOSITORY-IDS')
  expect(said.complained).toContain(reason)
  expect(said.complained).toContain('gh api repos/acme/hello-dart --jq')
  expect(existsSync(join(folder, 'out'))).toBe(false)
})

test('a token of one server is not sent to another', async () => {
  const { asked, environment } = await startApi((_, response) => response.end(JSON.stringify(repository)))
  const words = [...decisions, '--github-url', 'https://other.invalid.ghe.com', '--out', join(folder, 'out')]
  const said = await say(setup, words, environment)
  expect(said.exitCode).toBe(1)
  expect(asked).toEqual([])
})

test('GitHub Enterprise Server is not asked for ids that it does not use', async () => {
  const said = await say(setup, [
    ...decisions,
    '--github-url',
    'https://git.acme.invalid',
    '--out',
    join(folder, 'out'),
  ])
  expect(said.exitCode).toBe(0)
  expect(said.document).toMatchObject({ subjects: ['repo:acme/hello-dart:ref:refs/heads/main'] })
})

test('twice the same is no problem; other content is, until it is forced', async () => {
  const words = [...decisions, ...ids, '--out', join(folder, 'out')]
  expect((await say(setup, words)).exitCode).toBe(0)
  expect((await say(setup, words)).exitCode).toBe(0)
  writeFileSync(join(folder, 'out', 'template.yaml'), 'mine')
  const refused = await say(setup, words)
  expect(refused.exitCode).toBe(2)
  expect(refused.complained).toContain('DCF-SETUP-FILE-EXISTS')
  expect(read('template.yaml')).toBe('mine')
  expect((await say(setup, [...words, '--force'])).exitCode).toBe(0)
  expect(read('template.yaml')).not.toBe('mine')
})

test('a link does not lead the files elsewhere', async () => {
  mkdirSync(join(folder, 'out'))
  mkdirSync(join(folder, 'elsewhere'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'out', 'policies'))
  const said = await say(setup, [...decisions, ...ids, '--force', '--out', join(folder, 'out')])
  expect(said.exitCode).toBe(2)
  expect(said.complained).toContain('DCF-SETUP-FILE-UNWRITABLE')
  expect(existsSync(join(folder, 'elsewhere', 'trust-policy.json'))).toBe(false)
})

test('wrong options end with 2 and every problem', async () => {
  const said = await say(setup, ['--repository', 'acme', '--aws-region', 'here'])
  expect(said.exitCode).toBe(2)
  expect(said.document).toMatchObject({ ok: false, problems: [{}, {}, {}] })
})
