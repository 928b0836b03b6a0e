// Buildspecs that are not ours, run as AWS documents them: phases, shells, failures, variables, stops.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runBuildspec } from './build.ts'

const DONE = ['UPLOAD_ARTIFACTS SUCCEEDED', 'FINALIZING SUCCEEDED']
const BEGUN = 'DOWNLOAD_SOURCE SUCCEEDED'

function lines(...text: string[]): string {
  return text.join('\n')
}

describe('phases', () => {
  it('share one shell: folder, exports, plain variables and functions last', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  install:',
        '    commands: ["mkdir inner && cd inner", "PLAIN=one", "export SHARED=two", "greet() { echo hello $1; }"]',
        '  pre_build:',
        '    commands: ["basename $PWD"]',
        '  build:',
        '    commands: ["echo $PLAIN $SHARED", "greet you"]',
      ),
    )
    expect(told.output).toEqual(['inner', 'one two', 'hello you'])
    expect(told.status).toBe('SUCCEEDED')
    expect(told.phases).toEqual([
      BEGUN,
      'INSTALL SUCCEEDED',
      'PRE_BUILD SUCCEEDED',
      'BUILD SUCCEEDED',
      'POST_BUILD SUCCEEDED',
      ...DONE,
    ])
  })

  it('run POST_BUILD after a failed BUILD, which knows of the failure', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    commands: ["echo $CODEBUILD_BUILD_SUCCEEDING", "(exit 42)", "echo never"]',
        '  post_build:',
        '    commands: ["echo after $CODEBUILD_BUILD_SUCCEEDING"]',
      ),
    )
    expect(told.output).toEqual(['1', 'after 0'])
    expect(told.status).toBe('FAILED')
    expect(told.phases.slice(3)).toEqual(['BUILD FAILED', 'POST_BUILD SUCCEEDED', ...DONE])
    expect(told.contexts).toEqual([
      {
        statusCode: 'COMMAND_EXECUTION_ERROR',
        message: 'Error while executing command: (exit 42). Reason: exit status 42',
      },
    ])
  })

  it('end at once where on-failure is ABORT', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    on-failure: ABORT',
        '    commands: ["false"]',
        '  post_build:',
        '    commands: ["echo never"]',
      ),
    )
    expect(told.phases.slice(3)).toEqual(['BUILD FAILED', 'FINALIZING SUCCEEDED'])
    expect(told.output).toEqual([])
    expect(told.lines.join('\n')).toContain('Phase complete: BUILD State: FAILED_WITH_ABORT')
  })

  it('end after a failed PRE_BUILD, but go on where on-failure is CONTINUE', async () => {
    const spec = (onFailure: string) =>
      lines(
        'version: 0.2',
        'phases:',
        '  pre_build:',
        ...(onFailure === '' ? [] : [`    on-failure: ${onFailure}`]),
        '    commands: ["false"]',
        '  build:',
        '    commands: ["echo build"]',
      )
    const stops = await runBuildspec(spec(''))
    expect(stops.phases.slice(2)).toEqual(['PRE_BUILD FAILED', 'FINALIZING SUCCEEDED'])
    const goes = await runBuildspec(spec('CONTINUE'))
    expect(goes.output).toEqual(['build'])
    expect(goes.status).toBe('FAILED')
  })

  it('run `finally` after a failed command, and fail where it fails', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  install:',
        '    commands: ["echo fine"]',
        '    finally: ["echo cleaned", "false"]',
        '  build:',
        '    commands: ["echo never"]',
      ),
    )
    expect(told.output).toEqual(['fine', 'cleaned'])
    expect(told.phases.slice(1)).toEqual(['INSTALL FAILED', 'FINALIZING SUCCEEDED'])
    const failing = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    commands: ["false"]',
        '    finally: ["echo cleaned"]',
      ),
    )
    expect(failing.output).toEqual(['cleaned'])
    expect(failing.status).toBe('FAILED')
  })
})

describe('commands', () => {
  it('of many lines are one command whose last status counts', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    commands:',
        '      - |',
        '        false',
        '        for word in a b; do',
        '          echo "$word"',
        '        done',
      ),
    )
    expect(told.output.slice(-2)).toEqual(['a', 'b'])
    // CodeBuild shows the whole text of a command before it runs.
    expect(told.output.slice(0, -2)).toContain('for word in a b; do')
    expect(told.status).toBe('SUCCEEDED')
  })

  it('run in sh unless the buildspec asks for bash', async () => {
    const spec = (env: string) =>
      lines('version: 0.2', env, 'phases:', '  build:', '    commands: ["echo ${BASH_VERSION:+bash}"]')
    expect((await runBuildspec(spec('env: {shell: bash}'))).output).toEqual(['bash'])
    const sh = await runBuildspec(spec('env: {shell: /bin/sh}'))
    expect(sh.lines.some((line) => line.includes('Running command echo'))).toBe(true)
    expect(sh.status).toBe('SUCCEEDED')
  })

  it('that end the shell fail with its status, and the next phase keeps folder and exports', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    commands: ["export KEPT=yes; mkdir d; cd d; exit 3"]',
        '  post_build:',
        '    commands: ["echo $KEPT; basename $PWD"]',
      ),
    )
    expect(told.contexts[0]?.message).toContain('Reason: exit status 3')
    expect(told.output).toEqual(['yes', 'd'])
  })

  it('that leak `set -e` end the build at their next failure', async () => {
    const told = await runBuildspec(
      lines('version: 0.2', 'phases:', '  build:', '    commands: ["set -e", "false; echo never"]'),
    )
    expect(told.output).toEqual([])
    expect(told.status).toBe('FAILED')
  })

  it('give their output live, with lines of every kind', async () => {
    const seen: number[] = []
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'phases:',
        '  build:',
        '    commands: ["echo first; sleep 0.5; echo second >&2", "printf \'no end\'", "printf \'a\\\\r\\\\nb\\\\n\'"]',
      ),
      { onLine: (line) => (line === 'first' || line === 'second' ? seen.push(Date.now()) : undefined) },
    )
    expect(told.output).toEqual(['first', 'second', 'no end', 'a', 'b'])
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThan(300)
  })
})

describe('variables', () => {
  it('of StartBuild win over the buildspec, and nobody sets a CODEBUILD_ name', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'env: {variables: {ONE: spec, TWO: spec, NUMBER: 1}}',
        'phases:',
        '  build:',
        '    commands: ["echo $ONE $TWO $NUMBER $CODEBUILD_BUILD_NUMBER"]',
      ),
      { variables: { ONE: 'start', CODEBUILD_BUILD_NUMBER: '99' } },
    )
    expect(told.output).toEqual(['start spec 1 7'])
  })

  it('are exported if the build exported them, also when it failed', async () => {
    const told = await runBuildspec(
      lines(
        'version: 0.2',
        'env: {exported-variables: [RESULT, PLAIN, ABSENT]}',
        'phases:',
        '  build:',
        '    commands: ["export RESULT=$(printf \'two\\nlines\')", "PLAIN=x", "false"]',
      ),
    )
    expect(told.exported).toEqual({ RESULT: 'two\nlines' })
  })

  it('of the host stay outside, and hostile values are never executed', async () => {
    process.env['AWS_PROFILE'] = 'host-profile'
    process.env['HTTPS_PROXY'] = 'http://proxy.example'
    try {
      const told = await runBuildspec(
        lines(
          'version: 0.2',
          'phases:',
          '  build:',
          '    commands: ["echo [$AWS_PROFILE$HTTPS_PROXY] $AWS_ACCESS_KEY_ID $AWS_ENDPOINT_URL", \'echo "$EVIL"\']',
        ),
        { variables: { EVIL: '$(echo pwned); `id`' } },
      )
      expect(told.output).toEqual(['[] ASIAEXAMPLE http://127.0.0.1:9', '$(echo pwned); `id`'])
    } finally {
      delete process.env['AWS_PROFILE']
      delete process.env['HTTPS_PROXY']
    }
  })
})

describe('a buildspec that cannot run', () => {
  it.each([
    ['broken YAML', 'version: 0.2\nphases:\n  build: [', 'line'],
    ['another version', 'version: 0.1\nphases: {build: {commands: [ls]}}', '0.1'],
    ['a batch', 'version: 0.2\nbatch: {build-list: []}\nphases: {build: {commands: [ls]}}', 'batch'],
    [
      'a command that is a map',
      'version: 0.2\nphases: {build: {commands: [{echo: x}]}}',
      'found subkeys instead',
    ],
    ['an unknown phase', 'version: 0.2\nphases: {bild: {commands: [ls]}}', 'bild'],
    ['no text at all', '', 'buildspec'],
  ])('fails in DOWNLOAD_SOURCE: %s', async (_name, text, part) => {
    const told = await runBuildspec(text)
    expect(told.status).toBe('FAILED')
    expect(told.phases).toEqual(['DOWNLOAD_SOURCE FAILED', 'FINALIZING SUCCEEDED'])
    expect(told.contexts[0]?.statusCode).toBe('YAML_FILE_ERROR')
    expect(told.contexts[0]?.message).toContain(part)
  })
})

describe('the end of a build', () => {
  const sleeper = lines(
    'version: 0.2',
    'phases:',
    '  build:',
    '    commands: ["sleep 300 & echo $!; sleep 300", "echo never"]',
    '  post_build:',
    '    commands: ["echo never"]',
  )

  it('by StopBuild kills everything that the build started', async () => {
    const stop = new AbortController()
    const told = await runBuildspec(sleeper, {
      signal: stop.signal,
      onLine: (line) => (/^\d+$/.test(line) ? stop.abort() : undefined),
    })
    expect(told.status).toBe('STOPPED')
    expect(told.phases.at(-2)).toBe('BUILD STOPPED')
    expect(told.output).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isAlive(Number(told.output[0]))).toBe(false)
  })

  it('by its timeout is TIMED_OUT', async () => {
    const told = await runBuildspec(sleeper, { job: { timeout: 500 } })
    expect(told.status).toBe('TIMED_OUT')
    expect(told.phases.at(-2)).toBe('BUILD TIMED_OUT')
  })
})

/** A killed process whose parent has not asked for it yet is dead too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const state = readState(pid)
  return state !== 'Z' && state !== ''
}

function readState(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? ''
  } catch {
    return ''
  }
}
