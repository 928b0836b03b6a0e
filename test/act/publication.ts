// Publishes the working copy as a release would be, by the release script, to a repository on this machine.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkRelease, publishRelease } from '../../scripts/release/release.ts'
import { commitAll, stageAction, type Workspace } from './workspace.ts'

/** Makes the repository `git/dcf/aws-lambda-deploy` with the tags of a release, and returns its path. */
export function publishWorkingCopy(workspace: Workspace): string {
  const source = join(workspace.root, 'source')
  const remote = join(workspace.root, 'git/dcf/aws-lambda-deploy')
  mkdirSync(dirname(remote), { recursive: true })
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote])
  stageAction(source)
  commitAll(source, remote)
  execFileSync('git', ['push', '-q', 'origin', 'main'], { cwd: source })
  const { version } = JSON.parse(
    execFileSync('git', ['show', 'HEAD:package.json'], { cwd: source, encoding: 'utf8' }),
  )
  const repository = { directory: source, remote: 'origin' }
  const checked = checkRelease(repository, version)
  if (!checked.ok) throw new Error(checked.problems.join('\n'))
  publishRelease(repository, checked)
  return remote
}
