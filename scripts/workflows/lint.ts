// Lints every workflow, action and documented example with actionlint and zizmor, and with our own rule on grants.
// A tool that is missing is said loudly and is a failure under CI_STRICT=1. An argument names another repository.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findMissingGrants } from './grants.ts'
import { parseWorkflow } from './shape.ts'
import { collectSubjects, type Subjects, stageSubjects, useStagedActions } from './stage.ts'
import { findTool, isStrict, readToolVersion, type ToolName } from './tools.ts'

function lint(root: string): boolean {
  const subjects = collectSubjects(root)
  const grants = subjects.workflows.flatMap(({ place, text }) =>
    findMissingGrants(parseWorkflow(place, text)),
  )
  for (const problem of [...subjects.problems, ...grants]) console.error(`lint: ${problem}`)
  const scratch = mkdtempSync(join(tmpdir(), 'dcf-lint-'))
  try {
    const results = [lintWithActionlint(root, scratch, subjects), lintWithZizmor(root, scratch, subjects)]
    console.log(`lint: ${subjects.workflows.length} workflows and examples`)
    return subjects.problems.length + grants.length === 0 && results.every((ok) => ok)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function lintWithActionlint(root: string, scratch: string, { workflows }: Subjects): boolean {
  const tree = join(scratch, 'actionlint')
  stageSubjects(
    root,
    tree,
    workflows.map(({ place, text }) => ({ place, text: useStagedActions(text) })),
  )
  return runTool('actionlint', ['-no-color'], tree)
}

function lintWithZizmor(root: string, scratch: string, { workflows }: Subjects): boolean {
  const tree = join(scratch, 'zizmor')
  stageSubjects(root, tree, workflows)
  return runTool(
    'zizmor',
    ['--offline', '--no-progress', '--color', 'never', '--quiet', '--pedantic', '.'],
    tree,
  )
}

function runTool(name: ToolName, args: readonly string[], directory: string): boolean {
  const tool = findTool(name)
  if (tool === null) {
    const missing = `${name} ${readToolVersion(name)} is not installed; run .ci/install-tools.sh ${name}`
    console.error(isStrict() ? `lint: ${missing}` : `lint: SKIPPED, ${missing}`)
    return !isStrict()
  }
  const { status, error } = spawnSync(tool, args, { cwd: directory, stdio: 'inherit' })
  if (error !== undefined) throw error
  console.log(`lint: ${name} ${status === 0 ? 'found nothing' : `failed with ${status}`}`)
  return status === 0
}

process.exitCode = lint(resolve(process.argv[2] ?? join(import.meta.dirname, '../..'))) ? 0 : 1
