// Lays out everything that is to be linted as one small repository, because both linters look at repositories.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Example, extractExamples } from './examples.ts'

export interface Subjects {
  /** Workflows by path, `.github/workflows/*.yml` of the root first. */
  readonly workflows: readonly Example[]
  readonly problems: readonly string[]
}

const OWN_FILES = ['action.yml', 'undeploy/action.yml', '.github/zizmor.yml'] as const

/** Every workflow of the repository, of examples and fixtures, and of Markdown pages, committed or about to be. */
export function collectSubjects(root: string): Subjects {
  const listing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  const paths = listing
    .split('\0')
    .filter((path) => path !== '')
    .sort()
  const files = paths.filter((path) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
  const pages = paths.filter((path) => /^(README\.md|docs\/.+\.md|examples\/.+\.md)$/.test(path))
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const extracted = pages.map((path) => extractExamples(path, read(path)))
  return {
    workflows: [
      ...files.map((path) => ({ place: path, text: read(path) })),
      ...extracted.flatMap(({ examples }) => examples),
    ],
    problems: extracted.flatMap(({ problems }) => problems),
  }
}

/** Writes the subjects below `tree`, each as a workflow named for its place, beside our own action files. */
export function stageSubjects(root: string, tree: string, workflows: readonly Example[]): void {
  execFileSync('git', ['init', '-q', tree])
  for (const path of OWN_FILES) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    cpSync(join(root, path), join(tree, path))
  }
  cpSync(join(root, 'dist'), join(tree, 'dist'), { recursive: true })
  mkdirSync(join(tree, '.github/workflows'), { recursive: true })
  for (const { place, text } of workflows)
    writeFileSync(join(tree, '.github/workflows', nameFile(place)), text)
}

/** Points our own references at the staged files, so that actionlint checks their inputs and outputs too. */
export function useStagedActions(workflow: string): string {
  return workflow
    .replaceAll(/(uses:\s*)dcf\/aws-lambda-deploy(\/\.github\/workflows\/[a-z]+\.yml)@\S+/g, '$1.$2')
    .replaceAll(
      /(uses:\s*)dcf\/aws-lambda-deploy((?:\/undeploy)?)@\S+/g,
      (_, uses, path) => `${uses}.${path || '/'}`,
    )
}

function nameFile(place: string): string {
  const own = /^\.github\/workflows\/([^/]+)$/.exec(place)
  return own?.[1] ?? `${place.replaceAll(/[^A-Za-z0-9.-]/g, '_')}.yml`
}
