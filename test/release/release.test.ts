import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkRelease, publishRelease } from '../../scripts/release/release.ts'

const WORKFLOWS = ['.github/workflows/deploy.yml', '.github/workflows/undeploy.yml']
const MAIN = resolve('scripts/release/main.ts')

// Every step is a process of Git's, and this machine may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let root = ''
let work = ''
let bare = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dcf-release-test-'))
  work = join(root, 'work')
  bare = join(root, 'bare.git')
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare])
  execFileSync('git', ['init', '-q', '-b', 'main', work])
  git('config', 'user.name', 'Tester')
  git('config', 'user.email', 'tester@example.invalid')
  git('remote', 'add', 'origin', bare)
  mkdirSync(join(work, '.github/workflows'), { recursive: true })
  for (const path of WORKFLOWS) cpSync(path, join(work, path))
  commitVersion('1.0.0')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: work, encoding: 'utf8' }).trim()
}

function inBare(...args: string[]): string {
  return execFileSync('git', ['--git-dir', bare, ...args], { encoding: 'utf8' }).trim()
}

function commitVersion(version: string): void {
  writeFileSync(join(work, 'package.json'), JSON.stringify({ version }))
  appendFileSync(join(work, 'CHANGELOG.md'), `## ${version}\n\n- What ${version} brings.\n\n`)
  git('add', '-A')
  git('commit', '-q', '-m', `Prepare ${version}`)
  git('push', '-q', 'origin', 'main')
}

function release(version: string): string {
  const repository = { directory: work, remote: 'origin' }
  const checked = checkRelease(repository, version)
  if (!checked.ok) throw new Error(checked.problems.join('\n'))
  return publishRelease(repository, checked)
}

function readProblems(version: string): readonly string[] {
  const checked = checkRelease({ directory: work, remote: 'origin' }, version)
  return checked.ok ? [] : checked.problems
}

test('the first release makes three plain tags of one commit, with rewritten references', () => {
  const before = git('rev-parse', 'HEAD')
  const commit = release('1.0.0')
  expect(
    inBare('for-each-ref', '--format=%(refname) %(objecttype) %(objectname)', 'refs/tags').split('\n'),
  ).toEqual([
    `refs/tags/v1 commit ${commit}`,
    `refs/tags/v1.0 commit ${commit}`,
    `refs/tags/v1.0.0 commit ${commit}`,
  ])
  expect(inBare('rev-parse', `${commit}^`)).toBe(before)
  expect(inBare('diff', '--name-only', before, commit).split('\n')).toEqual(WORKFLOWS)
  expect(inBare('show', `v1:${WORKFLOWS[0]}`)).toContain('uses: dcf/aws-lambda-deploy@v1.0.0\n')
  expect(inBare('show', `v1:${WORKFLOWS[1]}`)).toContain('uses: dcf/aws-lambda-deploy/undeploy@v1.0.0\n')
  expect(inBare('show', '-s', '--format=%B', 'v1.0.0')).toBe('Release v1.0.0\n\n- What 1.0.0 brings.')
})

test('a release leaves working tree, index and branch alone', () => {
  const before = git('rev-parse', 'HEAD')
  release('1.0.0')
  expect(git('status', '--porcelain')).toBe('')
  expect(git('rev-parse', 'HEAD')).toBe(before)
  expect(inBare('rev-parse', 'main')).toBe(before)
})

test('the next release moves the moving tags and leaves the old one where it was', () => {
  const first = release('1.0.0')
  commitVersion('1.1.0')
  const second = release('1.1.0')
  expect(['v1.0.0', 'v1.0', 'v1.1.0', 'v1.1', 'v1'].map((tag) => inBare('rev-parse', tag))).toEqual([
    first,
    first,
    second,
    second,
    second,
  ])
})

test('a tag is never reused', () => {
  release('1.0.0')
  expect(readProblems('1.0.0')).toEqual([
    'tag `v1.0.0` exists, and a published tag is never reused; release a higher version',
  ])
})

test('a tag that appears after the check stops the whole push', () => {
  const repository = { directory: work, remote: 'origin' }
  const checked = checkRelease(repository, '1.0.0')
  if (!checked.ok) throw new Error('the check should pass')
  const other = git('rev-parse', 'HEAD')
  git('push', '-q', 'origin', `${other}:refs/tags/v1.0.0`)
  expect(() => publishRelease(repository, checked)).toThrow(/stale info|rejected/)
  expect(inBare('tag', '--list')).toBe('v1.0.0')
  expect(inBare('rev-parse', 'v1.0.0')).toBe(other)
})

test('a moving tag that moved after the check stops the whole push', () => {
  const first = release('1.0.0')
  commitVersion('1.1.0')
  const repository = { directory: work, remote: 'origin' }
  const checked = checkRelease(repository, '1.1.0')
  if (!checked.ok) throw new Error('the check should pass')
  const other = git('rev-parse', 'HEAD')
  git('push', '-q', '--force', 'origin', `${other}:refs/tags/v1`)
  expect(() => publishRelease(repository, checked)).toThrow(/stale info|rejected/)
  expect(inBare('tag', '--list').split('\n')).toEqual(['v1', 'v1.0', 'v1.0.0'])
  expect(inBare('rev-parse', 'v1.0')).toBe(first)
})

test('the same release is the same commit, whoever makes it', () => {
  const repository = { directory: work, remote: 'origin' }
  const checked = checkRelease(repository, '1.0.0')
  if (!checked.ok) throw new Error('the check should pass')
  const commit = publishRelease(repository, checked)
  inBare('tag', '--delete', 'v1', 'v1.0', 'v1.0.0')
  git('config', 'user.name', 'Somebody Else')
  expect(release('1.0.0')).toBe(commit)
})

test('what is in no commit, or on no branch of the remote, is not released', () => {
  writeFileSync(join(work, 'left-over'), '')
  expect(readProblems('1.0.0')).toEqual([expect.stringContaining('?? left-over')])
  git('add', '-A')
  git('commit', '-q', '-m', 'Not pushed')
  expect(readProblems('1.0.0')).toEqual([expect.stringContaining('neither `main` nor `release/v1`')])
})

test('an older major version is released from its own branch and moves only its own tags', () => {
  const first = release('1.0.0')
  commitVersion('2.0.0')
  const second = release('2.0.0')
  git('checkout', '-q', '-b', 'release/v1', `${first}^`)
  writeFileSync(join(work, 'package.json'), JSON.stringify({ version: '1.0.1' }))
  appendFileSync(join(work, 'CHANGELOG.md'), '## 1.0.1\n\n- A fix.\n')
  git('commit', '-q', '-a', '-m', 'Prepare 1.0.1')
  git('push', '-q', 'origin', 'release/v1')
  const fix = release('1.0.1')
  expect(['v1', 'v1.0', 'v2', 'v2.0'].map((tag) => inBare('rev-parse', tag))).toEqual([
    fix,
    fix,
    second,
    second,
  ])
})

test('the script prints lines for GITHUB_OUTPUT, and fails without a push when something is wrong', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [MAIN, ...args], { cwd: work, encoding: 'utf8' })
  expect(run('push').status).toBe(2)
  const checked = run('check', '1.0.0')
  expect([checked.status, checked.stdout]).toEqual([0, 'tag=v1.0.0\n'])
  expect(inBare('tag', '--list')).toBe('')
  const pushed = run('push', '1.0.0')
  expect([pushed.status, pushed.stdout]).toEqual([0, `tag=v1.0.0\ncommit=${inBare('rev-parse', 'v1')}\n`])
  const again = run('push', '1.0.0')
  expect([again.status, again.stdout]).toEqual([1, ''])
  expect(again.stderr).toContain('never reused')
})
