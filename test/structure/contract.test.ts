// Declared inputs = inputs read = inputs in the README; variables of the plan = variables of the buildspec.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { catalogue } from '../../src/core/catalogue.ts'
import { readContext } from '../../src/core/context.ts'
import { deployInputNames, parseDeployInputs } from '../../src/core/inputs.ts'
import { deployOutputNames, undeployOutputNames } from '../../src/core/outputs.ts'
import { buildVariables, planDeploy } from '../../src/core/plan.ts'
import { statementIds } from '../../src/core/undeploy.ts'
import { undeployInputNames } from '../../src/core/undeployinputs.ts'

const buildspec = readFileSync('buildspecs/buildspec.lambda-container.yml', 'utf8')
const readme = readFileSync('README.md', 'utf8')

function fieldNames(file: string, kind: 'inputs' | 'outputs'): readonly string[] {
  return Object.keys(parse(readFileSync(file, 'utf8'))[kind])
}

describe.each([
  ['action.yml', deployInputNames, deployOutputNames],
  ['undeploy/action.yml', undeployInputNames, undeployOutputNames],
] as const)('%s', (file, inputs, outputs) => {
  test('declares the inputs that are read, and the README has them', () => {
    expect(fieldNames(file, 'inputs')).toEqual([...inputs])
    for (const name of inputs) expect(readme).toContain(`| \`${name}\` |`)
  })

  test('declares the outputs that are set, and the README has them', () => {
    expect(fieldNames(file, 'outputs')).toEqual([...outputs])
    for (const name of outputs) expect(readme).toContain(`| \`${name}\` |`)
  })

  test('runs a bundle on Node 24', () => {
    const { runs } = parse(readFileSync(file, 'utf8'))
    expect(runs.using).toBe('node24')
    expect(runs.main).toMatch(/dist\/(deploy|undeploy)\/index\.js$/)
  })

  test('its defaults are those of the program', () => {
    const declared: Record<string, { default?: string }> = parse(readFileSync(file, 'utf8')).inputs
    for (const [name, { default: value }] of Object.entries(declared)) {
      if (value !== undefined) expect(name === 'working-directory' || value.length > 0).toBe(true)
    }
  })
})

test('the reusable workflows take the same inputs and hand on the same outputs', () => {
  for (const [action, workflow] of [
    ['action.yml', 'deploy'],
    ['undeploy/action.yml', 'undeploy'],
  ] as const) {
    const { inputs, outputs } = parse(readFileSync(`.github/workflows/${workflow}.yml`, 'utf8')).on
      .workflow_call
    const passed = fieldNames(action, 'inputs').filter((name) => name !== 'endpoint-url')
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(passed))
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining([...fieldNames(action, 'outputs')]))
  }
})

test('the variables of the plan are the variables of the buildspec', () => {
  const inputs = parseDeployInputs(
    {
      'role-to-assume': 'arn:aws:iam::123456789012:role/r',
      'aws-region': 'us-east-1',
      'bucket-name': 'bucket',
      'codebuild-project': 'project',
      'ecr-repository-uri': '123456789012.dkr.ecr.us-east-1.amazonaws.com/n',
      'lambda-execution-role-arn': 'arn:aws:iam::123456789012:role/e',
      'dcf-environment': 'production',
    },
    {},
  )
  const context = readContext({ environment: {}, payload: undefined, random: '1' })
  if (!inputs.ok || !context.ok || inputs.value.target === undefined) throw new Error('the inputs are good')
  const plan = planDeploy({
    inputs: inputs.value,
    context: context.value,
    functionName: 'app',
    sourceDigest: 'a'.repeat(64),
    buildspec,
    nonce: '00000000',
  })
  const sent = Object.keys(
    buildVariables({
      plan,
      target: inputs.value.target,
      inputs: inputs.value,
      context: context.value,
      buildspec,
      stored: { etag: '"e"' },
      artifactSha256: 'b'.repeat(64),
    }),
  )
  const rows = /ROWS'\n((?: {3}[A-Z0-9_]+ .*\n)+) {3}ROWS/.exec(buildspec)?.[1] ?? ''
  const checked = [...rows.matchAll(/^ {3}([A-Z0-9_]+) /gm)].map(([, name]) => name)
  expect([...checked].sort()).toEqual([...sent].sort())
})

test('the statement ids of undeploy begin with those of the buildspec', () => {
  for (const id of statementIds.slice(0, 2)) expect(buildspec).toContain(`public ${id} `)
})

test('every exit status of the buildspec has a code, and every code its status', () => {
  const used = [...buildspec.matchAll(/\b(?:fail )?(\d{2}) ([A-Z][A-Z0-9-]+)/g)].map(
    ([, status, code]) => `${status} DCF-${code}`,
  )
  const declared = Object.entries(catalogue).flatMap(([code, entry]) =>
    'exitStatus' in entry ? [`${entry.exitStatus} ${code}`] : [],
  )
  expect(declared.length).toBeGreaterThan(40)
  const statuses = declared.map((pair) => pair.split(' ')[0])
  expect(new Set(statuses).size).toBe(statuses.length)
  for (const pair of used.filter(
    (one) => /^\d{2} DCF-/.test(one) && declared.some((other) => other.endsWith(one.slice(3))),
  ))
    expect(declared).toContain(pair)
})

test('every code has words for stage, cause and remedy', () => {
  for (const [code, entry] of Object.entries(catalogue)) {
    expect(code).toMatch(/^DCF(-[A-Z0-9]+)+$/)
    for (const words of [entry.stage, entry.title, entry.cause, entry.remedy])
      expect(words.length).toBeGreaterThan(3)
    expect(entry.title).not.toMatch(/[.!]$/)
  }
})
