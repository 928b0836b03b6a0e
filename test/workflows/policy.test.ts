import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findBreaches } from '../../scripts/workflows/policy.ts'
import { parseWorkflow } from '../../scripts/workflows/shape.ts'

const FOLDER = '.github/workflows'
const PATHS = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`)

const GOOD = `on: push
permissions: {}
concurrency: one
jobs:
  a:
    timeout-minutes: 5
    permissions:
      contents: read # check out
    steps:
      - name: Check out
        uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Run
        run: echo "$REF"
        env:
          REF: \${{ github.ref }}
`

test('the four workflows are there', () => {
  expect(PATHS.sort()).toEqual(['ci', 'deploy', 'release', 'undeploy'].map((name) => `${FOLDER}/${name}.yml`))
})

test.each(PATHS)('%s keeps every rule', (path) => {
  expect(findBreaches(parseWorkflow(path, readFileSync(path, 'utf8')))).toEqual([])
})

test('one action has one commit in all workflows', () => {
  const texts = PATHS.map((path) => readFileSync(path, 'utf8')).join('\n')
  const pins = new Set(
    [...texts.matchAll(/uses: ([^\s@]+)@([0-9a-f]{40} # v\S+)/g)].map(([, ...pin]) => pin.join('@')),
  )
  const actions = new Set([...pins].map((pin) => pin.split('@')[0]))
  expect(pins.size).toBe(actions.size)
  expect(actions.size).toBeGreaterThan(2)
})

test('the last job of CI waits for every other, and for the success of each', () => {
  const path = `${FOLDER}/ci.yml`
  const { jobs } = parseWorkflow(path, readFileSync(path, 'utf8'))
  const last = jobs.at(-1)
  expect(last?.body['needs']).toEqual(jobs.slice(0, -1).map(({ id }) => id))
  expect(last?.steps[0]?.['run']).toContain(
    `'${jobs
      .slice(1)
      .map(() => 'success')
      .join(' ')}'`,
  )
})

test('a workflow that keeps the rules has no breach', () => {
  expect(findBreaches(parseWorkflow('w.yml', GOOD))).toEqual([])
})

test.each([
  ['on: push', 'on: pull_request_target', '`pull_request_target` runs with'],
  ['on: push', 'on:\n  workflow_run:', '`workflow_run` runs with'],
  ['permissions: {}\n', '', 'the top level says something else'],
  ['permissions: {}', 'permissions: write-all', 'the top level says something else'],
  ['permissions: {}', 'permissions: { contents: write }', 'the top level says something else'],
  ['    permissions:\n      contents: read # check out\n', '', 'job `a` does not list its permissions'],
  ['read # check out', 'read', '`contents: read` has no reason'],
  ['concurrency: one\n', '', 'job `a` is in no concurrency group'],
  ['    timeout-minutes: 5\n', '', 'job `a` has no `timeout-minutes`'],
  ['persist-credentials: false', 'fetch-depth: 0', 'the checkout keeps its credentials'],
  ['persist-credentials: false', 'persist-credentials: true', 'the checkout keeps its credentials'],
  ['@3d3c42e5aac5ba805825da76410c181273ba90b1', '@v7', 'is not pinned'],
  [' # v7.0.1', '', 'is not pinned'],
  [
    'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    'dcf/aws-lambda-deploy@main',
    'is not pinned',
  ],
  ['echo "$REF"', 'echo ${{ github.head_ref }}', 'lets its value be code'],
  ['${{ github.ref }}', '${{ secrets.KEY }}', 'reads a secret outside an environment'],
  ['- name: Run\n        run', '- run', 'has a step without a name'],
  ['    timeout-minutes: 5', '    secrets: inherit\n    timeout-minutes: 5', 'hands on every secret'],
])('replacing %j by %j is a breach', (good, bad, breach) => {
  expect(GOOD).toContain(good)
  const breaches = findBreaches(parseWorkflow('w.yml', GOOD.replace(good, bad)))
  expect(breaches.join('\n')).toContain(breach)
})
