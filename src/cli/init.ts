// `init`: looks at the repository at hand, writes its two workflows, and shows what else a deployment needs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Edit, suggestEdits, writeDiff } from '../core/init/edit.ts'
import { type InitPlan, planInit, variableValues } from '../core/init/options.ts'
import { writeDeployWorkflow, writeUndeployWorkflow } from '../core/init/workflow.ts'
import type { Problem } from '../core/problem.ts'
import { inspectSource } from '../core/source/inspect.ts'
import type { Tree } from '../core/source/tree.ts'
import { explainProblem } from '../core/words.ts'
import { type Placed, placeFiles } from '../edge/files/place.ts'
import { openTree } from '../edge/files/walk.ts'
import { type Command, type ExitCode, type Invocation, isSet } from './command.ts'
import { initOptions } from './setupoptions.ts'
import { textsOf } from './texts.ts'

/** The command. */
export const init: Command = {
  name: 'init',
  summary:
    'Write .github/workflows/deploy.yml and undeploy.yml for this repository, and show the edits it needs.',
  positionals: ['[DIR]'],
  options: initOptions,
  run: runInit,
}

async function runInit(invocation: Invocation): Promise<ExitCode> {
  const root = invocation.positionals[0] ?? '.'
  if (!existsSync(root)) return refuse(invocation, [missingFolder(root)])
  const tree = await openTree(root)
  const paths = tree.entries.flatMap((entry) => (entry.kind === 'file' ? [entry.path] : []))
  const planned = planInit(textsOf(invocation), { paths, heads: readHeads(root) })
  if (!planned.ok) return refuse(invocation, planned.problems)
  const { workingDirectory } = planned.value.workflow
  const folder = join(root, workingDirectory)
  if (!existsSync(folder)) return refuse(invocation, [missingFolder(workingDirectory)])
  const source = await openTree(folder)
  const edits = suggestEdits({
    pubspec: await readText(source, 'pubspec.yaml'),
    dockerfile: await readText(source, 'Dockerfile'),
  })
  const placed = placeFiles(root, listWorkflows(planned.value), isSet(invocation, 'force'))
  if (placed.problems.length > 0) return refuse(invocation, placed.problems)
  const isWriting = isSet(invocation, 'write')
  if (isWriting) for (const edit of edits) writeFileSync(join(folder, edit.path), edit.after)
  const report = await inspectSource(await openTree(folder), { include: [], exclude: [] })
  tell(invocation, { plan: planned.value, placed, edits, isWriting, problems: report.problems })
  return 0
}

/** Everything that the command has to tell at its end. */
interface Findings {
  readonly plan: InitPlan
  readonly placed: Placed
  readonly edits: readonly Edit[]
  readonly isWriting: boolean
  /** What `plan` would say of the repository as it is now. */
  readonly problems: readonly Problem[]
}

function tell({ terminal }: Invocation, findings: Findings): void {
  const { plan, placed, edits, isWriting, problems } = findings
  const diff = writeDiff(edits, plan.workflow.workingDirectory)
  const variables = plan.workflow.values === variableValues ? listVariables() : []
  terminal.print([
    ...placed.written.map((path) => `Wrote ${path}`),
    ...placed.unchanged.map((path) => `${path} is as it should be`),
    ...describeVariables(variables),
    ...describeEdits(diff, isWriting),
    ...(problems.length === 0
      ? []
      : ['', '`plan` says of the repository:', ...problems.flatMap(explainProblem)]),
  ])
  terminal.document({
    ok: true,
    workingDirectory: plan.workflow.workingDirectory,
    written: placed.written,
    unchanged: placed.unchanged,
    variables,
    diff,
    applied: isWriting,
    problems,
  })
}

function describeEdits(diff: string, isWriting: boolean): readonly string[] {
  if (diff === '') return []
  return [
    '',
    isWriting ? 'Changed:' : 'A deployment needs these edits; --write makes them:',
    '',
    diff.trimEnd(),
  ]
}

/** The repository variables that the workflows read. */
function listVariables(): readonly string[] {
  return Object.values(variableValues).map((value) => value.replace(/^\$\{\{ vars\.(\w+) \}\}$/, '$1'))
}

function describeVariables(variables: readonly string[]): readonly string[] {
  if (variables.length === 0) return []
  return [
    '',
    'The workflows read these variables of the repository; --aws-account-id and --aws-region write values instead:',
    ...variables.map((name) => `  gh variable set ${name}`),
  ]
}

function listWorkflows(plan: InitPlan) {
  return [
    { path: `.github/workflows/${plan.deployFile}`, text: writeDeployWorkflow(plan.workflow) },
    { path: `.github/workflows/${plan.undeployFile}`, text: writeUndeployWorkflow(plan.workflow) },
  ]
}

function readHeads(root: string) {
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(join(root, '.git', path), 'utf8').slice(0, 1000)
    } catch {
      // No repository, or a linked worktree: the branch is then `main`, or what --branch says.
      return undefined
    }
  }
  return { head: read('HEAD'), originHead: read('refs/remotes/origin/HEAD') }
}

/** A file's text if it is UTF-8, since only that can be edited and written back byte for byte. */
async function readText(tree: Tree, path: string): Promise<string | undefined> {
  const isThere = tree.entries.some(
    (entry) => entry.kind === 'file' && entry.path === path && entry.target === undefined,
  )
  if (!isThere) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await tree.read(path))
  } catch {
    // The problems of the report say what is wrong with it.
    return undefined
  }
}

function missingFolder(folder: string): Problem {
  return {
    code: 'DCF-INIT-NO-FUNCTION',
    severity: 'error',
    message: `There is no folder \`${folder}\`.`,
    help: 'Name a folder that holds a pubspec.yaml.',
  }
}

function refuse({ terminal }: Invocation, problems: readonly Problem[]): ExitCode {
  terminal.complain(problems.flatMap(explainProblem))
  terminal.document({ ok: false, problems })
  return 2
}
