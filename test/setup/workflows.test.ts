// The workflows that `setup` writes keep the rules that this repository's own workflows keep.
import { expect, test } from 'vitest'
import { findMissingGrants } from '../../scripts/workflows/grants.ts'
import { findBreaches } from '../../scripts/workflows/policy.ts'
import { parseWorkflow } from '../../scripts/workflows/shape.ts'
import { planSetup } from '../../src/core/setup/files.ts'
import { policySources } from '../../src/edge/policies.ts'
import { requestOf, variants } from './variants.ts'

const workflows = (options: Readonly<Record<string, string>>) =>
  planSetup(requestOf(options), policySources).filter(({ path }) => path.startsWith('workflows/'))

test.each(variants)('%s: pinned, least permissions, one run at a time', (_, options) => {
  for (const { path, text } of workflows(options)) {
    const workflow = parseWorkflow(path, text)
    expect([...findBreaches(workflow), ...findMissingGrants(workflow)]).toEqual([])
  }
})

test('several functions have a pair of workflows each', () => {
  expect(workflows({ 'function-name': 'hello\nbye' }).map(({ path }) => path)).toEqual([
    'workflows/deploy-hello.yml',
    'workflows/undeploy-hello.yml',
    'workflows/deploy-bye.yml',
    'workflows/undeploy-bye.yml',
  ])
  const [deploy] = workflows({ 'function-name': 'hello\nbye' })
  expect(deploy?.text).toContain('artifact-key: builds/hello.zip')
})

test('an environment that is trusted is the one that the job runs in', () => {
  const [deploy, undeploy] = workflows({ environment: 'production' })
  expect(deploy?.text).toMatch(/environment:\n {6}name: production\n {6}url: \$\{\{ steps\.deploy/)
  expect(undeploy?.text).toMatch(/environment:\n {6}name: production\n {4}permissions/)
})
