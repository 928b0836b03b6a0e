// The Git repository that a release is made in, and the remote it goes to.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReleasePlan, WorkflowText } from './plan.ts'

export interface Repository {
  /** A clone with its whole history. */
  readonly directory: string
  /** Name or URL of the remote. */
  readonly remote: string
}

/** Tags of the remote, by name, with the object that each names. */
export function readRemoteTags(repository: Repository): Map<string, string> {
  const lines = git(repository, ['ls-remote', '--tags', '--refs', repository.remote]).split('\n')
  const tags = lines.map((line) => line.split('\t')).filter((fields) => fields.length === 2)
  return new Map(tags.map(([object = '', ref = '']) => [ref.replace('refs/tags/', ''), object]))
}

/** Text of a file at HEAD. Throws when HEAD has no such file. */
export function readAtHead(repository: Repository, path: string): string {
  return git(repository, ['show', `HEAD:${path}`])
}

/** Changes and unknown files of the working tree, one a line, as `git status --porcelain` puts them. */
export function readChanges(repository: Repository): string {
  return git(repository, ['status', '--porcelain']).trim()
}

/** Whether HEAD is part of a branch of the remote, as the remote has it now. */
export function isOnRemoteBranch(repository: Repository, branch: string): boolean {
  const [tip = ''] = git(repository, ['ls-remote', repository.remote, `refs/heads/${branch}`]).split('\t')
  if (tip === '') return false
  try {
    git(repository, ['merge-base', '--is-ancestor', 'HEAD', tip])
    return true
  } catch {
    return false
  }
}

/**
 * Makes the commit of a release on top of HEAD, without touching working tree, index or branch, and returns its id.
 * Author, dates and message derive from HEAD and the plan, so that the same release is the same commit everywhere.
 */
export function commitRelease(repository: Repository, plan: ReleasePlan): string {
  const scratch = mkdtempSync(join(tmpdir(), 'dcf-release-'))
  try {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    git(repository, ['read-tree', 'HEAD'], { env: index })
    for (const file of plan.files) stageFile(repository, file, index)
    const tree = git(repository, ['write-tree'], { env: index }).trim()
    const date = git(repository, ['show', '-s', '--format=%cI', 'HEAD']).trim()
    const message = ['-m', `Release ${plan.tag}`, '-m', plan.notes]
    return git(repository, ['commit-tree', tree, '-p', 'HEAD', ...message], {
      env: describeAuthor(date),
    }).trim()
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Pushes the release's tag and its moving tags in one atomic push: either the remote takes all of them or none. It
 * refuses when the tag came into being, or a moving tag moved, since `before` was read.
 */
export function pushRelease(
  repository: Repository,
  release: {
    readonly plan: ReleasePlan
    readonly commit: string
    readonly before: ReadonlyMap<string, string>
  },
): void {
  const names = [release.plan.tag, ...release.plan.movingTags]
  const leases = names.map((name) => `--force-with-lease=refs/tags/${name}:${release.before.get(name) ?? ''}`)
  const updates = names.map((name) => `${release.commit}:refs/tags/${name}`)
  git(repository, ['push', '--atomic', ...leases, repository.remote, ...updates])
}

function stageFile(
  repository: Repository,
  file: WorkflowText,
  index: Readonly<Record<string, string>>,
): void {
  const blob = git(repository, ['hash-object', '-w', '--stdin'], { input: file.text }).trim()
  git(repository, ['update-index', '--cacheinfo', `100644,${blob},${file.path}`], { env: index })
}

function describeAuthor(date: string): Record<string, string> {
  const name = 'dcf-release'
  const email = 'dcf-release@users.noreply.github.com'
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}

interface GitOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

function git(repository: Repository, args: readonly string[], options: GitOptions = {}): string {
  return execFileSync('git', args, {
    cwd: repository.directory,
    encoding: 'utf8',
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...(options.input === undefined ? {} : { input: options.input }),
  })
}
