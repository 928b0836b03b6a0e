// `sandbox`: for as long as a command runs, with the right environment and nothing of the host's.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from './run.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dcf-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const print = ['-e', 'console.log(JSON.stringify(process.env))']

describe('sandbox -- COMMAND', () => {
  test("the command sees the sandbox and none of the host's AWS settings; its exit status is ours", async () => {
    const environment = {
      AWS_PROFILE: 'production',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    }
    const run = await runCommand(
      [
        'sandbox',
        '--',
        process.execPath,
        '-e',
        'console.log(JSON.stringify(process.env)); process.exitCode = 7',
      ],
      { environment },
    )
    expect(run.exitCode).toBe(7)
    const seen: Record<string, string> = JSON.parse(
      run.stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}',
    )
    expect(seen['AWS_ENDPOINT_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(seen['ACTIONS_ID_TOKEN_REQUEST_URL']).toContain('?')
    expect(seen['GITHUB_REPOSITORY_ID']).toMatch(/^\d+$/)
    expect(Object.keys(seen).filter((name) => name.startsWith('AWS_'))).toEqual(['AWS_ENDPOINT_URL'])
  })

  test("with --json one document on stdout, and the command's output on stderr", async () => {
    const run = await runCommand(['sandbox', '--json', '--', process.execPath, ...print])
    expect(run.exitCode).toBe(0)
    expect(JSON.parse(run.stdout)).toMatchObject({
      endpoint: expect.stringContaining('127.0.0.1'),
      names: { project: 'dcf-lambda-build' },
    })
    expect(run.stderr).toContain('AWS_ENDPOINT_URL')
  })

  test("the env file is its owner's alone, also where a file lay before", async () => {
    const file = join(folder, 'step.env')
    writeFileSync(file, 'old', { mode: 0o644 })
    const run = await runCommand(['sandbox', '--env-file', file, '--', process.execPath, '-e', ''])
    expect(run.exitCode, run.stderr).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toMatch(/^ACTIONS_ID_TOKEN_REQUEST_TOKEN=/m)
  })

  test('a command that is not there is told', async () => {
    const run = await runCommand(['sandbox', '--', join(folder, 'nothing')])
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('cannot be started')
  })

  test('a port that cannot be is refused', async () => {
    expect((await runCommand(['sandbox', '--port', '70000', '--', 'true'])).exitCode).toBe(2)
  })

  test('serves until it is interrupted', async () => {
    const run = await runCommand(['sandbox'], {
      onOutput: (text, kill) => text.includes('Ctrl+C') && kill('SIGINT'),
    })
    expect(run.stdout).toContain('It is a stand-in')
    expect(run.exitCode).toBe(0)
  })
})
