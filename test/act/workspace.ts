// The files of one run of the suite: a customer's repository, our action as a release would hold it, and homes for
// act and the jobs, all in a folder of their own.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Workspace {
  readonly root: string
  /** The customer's repository, with one commit. */
  readonly consumer: string
  /** What the tag of a release holds, as far as act reads it. */
  readonly action: string
  remove(): void
}

const REPOSITORY = new URL('../..', import.meta.url).pathname
const RELEASED = [
  'action.yml',
  'undeploy',
  'dist',
  'buildspecs',
  'policies',
  'package.json',
  'CHANGELOG.md',
  'scripts/release',
  '.github/workflows',
  'test/act/image.sh',
]

export function createWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'dcf-act-'))
  const consumer = join(root, 'consumer')
  const action = join(root, 'action')
  for (const name of ['home', 'config', 'cache', 'tmp']) mkdirSync(join(root, name))
  stageAction(action)
  cpSync(join(REPOSITORY, 'test/act/consumer'), consumer, { recursive: true })
  cpSync(join(REPOSITORY, 'test/act/mistakes'), join(consumer, '.github/workflows'), { recursive: true })
  commitAll(consumer, 'https://github.com/acme/hello-dart.git')
  return { root, consumer, action, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Copies what a release holds to a folder; every use copies it again, so nothing else goes along. */
export function stageAction(folder: string): void {
  for (const path of RELEASED) cpSync(join(REPOSITORY, path), join(folder, path), { recursive: true })
}

/** Makes a folder a Git repository on `main`, with an origin and everything in one commit. */
export function commitAll(folder: string, origin: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' })
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'Tester')
  git('config', 'user.email', 'tester@example.invalid')
  git('remote', 'add', 'origin', origin)
  git('add', '-A', '-f')
  git('commit', '-q', '-m', 'Everything')
}

/** A folder that holds that `node` and nothing else, for the front of a PATH. */
export function makeNodeFolder(workspace: Workspace, node: string): string {
  const folder = mkdtempSync(join(workspace.root, 'node-'))
  symlinkSync(node, join(folder, 'node'))
  return folder
}
