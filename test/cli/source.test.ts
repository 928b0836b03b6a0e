// `plan` and `pack` on real folders.
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPromise } from 'yauzl'
import { runCommand } from './run.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dcf-cli-'))
  cpSync('examples/hello-dart', folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('plan', () => {
  test('a good repository: exit code 0, and the whole truth as JSON', async () => {
    const run = await runCommand(['plan', '--json'], { cwd: folder })
    expect(run.exitCode, run.stderr).toBe(0)
    const document = JSON.parse(run.stdout)
    expect(document).toMatchObject({
      ok: true,
      functionName: 'hello_dart',
      problems: [],
      sourceDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(document.totalBytes).toBe(
      document.files.reduce((sum: number, file: { bytes: number }) => sum + file.bytes, 0),
    )
  })

  test('a broken one: exit code 2, with file and line, and no archive', async () => {
    writeFileSync(join(folder, 'pubspec.yaml'), 'name: hello\nenvironment:\n  sdk: ^3.11.0\n')
    const run = await runCommand(['plan', '--json'], { cwd: folder })
    expect(run.exitCode).toBe(2)
    const [problem] = JSON.parse(run.stdout).problems
    expect(problem).toMatchObject({ severity: 'error', file: 'pubspec.yaml', line: 3 })
    expect(problem.help).toContain("'>=3.11.0 <3.12.0'")
  })

  test('the table for a person has the same verdict', async () => {
    const run = await runCommand(['plan', folder])
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('Function  hello_dart')
    expect(run.stdout).toContain('This repository can be deployed.')
  })

  test('an explicit name is taken as it is, a derived one is sanitized', async () => {
    const run = await runCommand(['plan', folder, '--json', '--function-name', 'My-Function'])
    expect(JSON.parse(run.stdout).functionName).toBe('My-Function')
  })

  test('a file name that speaks to the runner or the terminal is neutral', async () => {
    writeFileSync(join(folder, 'bin', 'x\u001b[2J##[error]y.dart'), '')
    const run = await runCommand(['plan', folder, '--files'])
    expect(run.stdout + run.stderr).not.toContain('\u001b[2J')
    expect(run.stdout + run.stderr).not.toContain('##[error]')
  })
})

describe('pack', () => {
  test('writes what two other programs can read, the same bytes each time', async () => {
    const first = join(folder, 'first.zip')
    const run = await runCommand(['pack', 'examples/hello-dart', '--out', first, '--json'])
    expect(run.exitCode, run.stderr).toBe(0)
    const document = JSON.parse(run.stdout)
    const second = join(folder, 'second.zip')
    await runCommand(['pack', 'examples/hello-dart', '--out', second], {
      environment: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' },
    })
    for (const file of [first, second]) {
      expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(document['artifact-sha256'])
    }
    expect(await listEntries(first)).toEqual(
      expect.arrayContaining(['Dockerfile', 'bin/server.dart', 'pubspec.yaml']),
    )
  })
})

async function listEntries(file: string): Promise<readonly string[]> {
  const zip = await openPromise(file)
  const names: string[] = []
  for await (const entry of zip.eachEntry()) names.push(entry.fileName)
  return names
}
