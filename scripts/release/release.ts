// The steps of a release in order: read what is there, decide, commit, push. Whatever is wrong is reported before
// anything is written anywhere.
import { planRelease, type ReleasePlan } from './plan.ts'
import {
  commitRelease,
  isOnRemoteBranch,
  pushRelease,
  type Repository,
  readAtHead,
  readChanges,
  readRemoteTags,
} from './repository.ts'

/** The files whose references a release rewrites. */
export const REUSABLE_WORKFLOWS = ['.github/workflows/deploy.yml', '.github/workflows/undeploy.yml'] as const

/** What a version can be released from: the main branch, or the branch of an older major version, `release/v1`. */
export function listReleaseBranches(version: string): string[] {
  return ['main', `release/v${version.split('.')[0]}`]
}

export type CheckedRelease =
  | { readonly ok: true; readonly plan: ReleasePlan; readonly before: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Decides whether HEAD can become `version`, and how; writes nothing. */
export function checkRelease(repository: Repository, version: string): CheckedRelease {
  const before = readRemoteTags(repository)
  const planned = planRelease({
    version,
    packageVersion: readPackageVersion(readAtHead(repository, 'package.json')),
    tags: [...before.keys()],
    changelog: readAtHead(repository, 'CHANGELOG.md'),
    workflows: REUSABLE_WORKFLOWS.map((path) => ({ path, text: readAtHead(repository, path) })),
  })
  const problems = [...(planned.ok ? [] : planned.problems), ...findRepositoryProblems(repository, version)]
  if (!planned.ok || problems.length > 0) return { ok: false, problems }
  return { ok: true, plan: planned.plan, before }
}

/** Makes and pushes a release that was checked, and returns the id of its commit. */
export function publishRelease(
  repository: Repository,
  release: { readonly plan: ReleasePlan; readonly before: ReadonlyMap<string, string> },
): string {
  const commit = commitRelease(repository, release.plan)
  pushRelease(repository, { ...release, commit })
  return commit
}

function findRepositoryProblems(repository: Repository, version: string): string[] {
  const problems: string[] = []
  const changes = readChanges(repository)
  if (changes !== '') {
    problems.push(`the working tree has changes that are in no commit; commit or drop them:\n${changes}`)
  }
  const branches = listReleaseBranches(version)
  if (!branches.some((branch) => isOnRemoteBranch(repository, branch))) {
    const names = branches.map((branch) => `\`${branch}\``).join(' nor ')
    problems.push(
      `HEAD is part of neither ${names} at \`${repository.remote}\`; push and fetch, then release from there`,
    )
  }
  return problems
}

function readPackageVersion(text: string): string {
  const parsed: unknown = JSON.parse(text)
  const version =
    typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined
  return typeof version === 'string' ? version : ''
}
