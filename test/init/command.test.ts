// `init` as a person runs it in a repository.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { init } from '../../src/cli/init.ts'
import { say } from '../setup/capture.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dcf-init-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

const template = {
  '.git/HEAD': 'ref: refs/heads/trunk\n',
  'pubspec.yaml': 'name: hello\r\nenvironment:\r\n  sdk: ^3.11.0\r\n',
  Dockerfile:
    'FROM dart:stable AS build\nWORKDIR /app\nCOPY . .\nRUN dart pub get\nFROM scratch\nCMD ["/app"]',
  'bin/server.dart': "import 'dart:io';\nvoid main() { print(Platform.environment['PORT']); }\n",
}

test('workflows are written, the edits are shown, and nothing else is touched', async () => {
  write(template)
  const said = await say(init, [root])
  expect(said.exitCode).toBe(0)
  expect(read('.github/workflows/deploy.yml')).toContain('- trunk')
  expect(read('.github/workflows/undeploy.yml')).toContain('dcf/aws-lambda-deploy/undeploy@v1')
  expect(said.printed).toContain("+  sdk: '>=3.11.0 <3.12.0'")
  expect(said.printed).toContain('+FROM dart:3.11 AS build')
  expect(said.printed).toContain('gh variable set DCF_ROLE_ARN')
  expect(read('pubspec.yaml')).toBe(template['pubspec.yaml'])
  expect(said.document).toMatchObject({
    ok: true,
    applied: false,
    written: ['.github/workflows/deploy.yml', '.github/workflows/undeploy.yml'],
    problems: expect.arrayContaining([expect.objectContaining({ severity: 'error', file: 'pubspec.yaml' })]),
  })
})

test('--write applies them byte for byte, and then plan has nothing against the repository', async () => {
  write(template)
  const said = await say(init, [
    root,
    '--write',
    '--aws-account-id',
    '123456789012',
    '--aws-region',
    'us-east-1',
  ])
  expect(read('pubspec.yaml')).toBe("name: hello\r\nenvironment:\r\n  sdk: '>=3.11.0 <3.12.0'\r\n")
  expect(read('Dockerfile')).toBe(template.Dockerfile.replace('dart:stable', 'dart:3.11'))
  expect(said.printed).not.toContain('gh variable set')
  const { problems } = problemsOf(said.document)
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
})

test('workflows of somebody else stay, until it is forced', async () => {
  write({ ...template, '.github/workflows/deploy.yml': 'name: mine\n' })
  const refused = await say(init, [root, '--write'])
  expect(refused.exitCode).toBe(2)
  expect(refused.complained).toContain('DCF-SETUP-FILE-EXISTS')
  expect(read('.github/workflows/deploy.yml')).toBe('name: mine\n')
  expect(read('pubspec.yaml')).toBe(template['pubspec.yaml'])
  expect((await say(init, [root, '--force'])).exitCode).toBe(0)
  expect(read('.github/workflows/deploy.yml')).not.toBe('name: mine\n')
  const again = await say(init, [root])
  expect(again.printed).toContain('.github/workflows/deploy.yml is as it should be')
})

test('a file that is no UTF-8 is left alone, and reported', async () => {
  write(template)
  writeFileSync(join(root, 'pubspec.yaml'), Buffer.from([0x6e, 0xff, 0xfe, 0x0a]))
  const said = await say(init, [root, '--write'])
  expect(readFileSync(join(root, 'pubspec.yaml'))).toEqual(Buffer.from([0x6e, 0xff, 0xfe, 0x0a]))
  expect(problemsOf(said.document).problems.some((problem) => problem.file === 'pubspec.yaml')).toBe(true)
})

test('a pubspec that is a link is not written through', async () => {
  write({ ...template, 'other/target.yaml': template['pubspec.yaml'] })
  rmSync(join(root, 'pubspec.yaml'))
  symlinkSync('other/target.yaml', join(root, 'pubspec.yaml'))
  await say(init, [root, '--write'])
  expect(read('other/target.yaml')).toBe(template['pubspec.yaml'])
})

test.each([
  ['an empty folder', [], 'DCF-INIT-NO-FUNCTION'],
  ['a folder that is not there', ['--working-directory', 'gone'], 'DCF-INIT-NO-FUNCTION'],
])('%s is refused', async (_, words, code) => {
  const said = await say(init, [root, ...words])
  expect(said.exitCode).toBe(2)
  expect(said.complained).toContain(code)
})

test('a repository that is not there is refused', async () => {
  expect((await say(init, [join(root, 'gone')])).exitCode).toBe(2)
})

interface Reported {
  readonly problems: readonly { readonly severity?: unknown; readonly file?: unknown }[]
}

function problemsOf(document: unknown): Reported {
  if (
    typeof document === 'object' &&
    document !== null &&
    'problems' in document &&
    Array.isArray(document.problems)
  )
    return { problems: document.problems }
  throw new Error('no problems in the document')
}
