import { describe, expect, test } from 'vitest'
import { extractExamples } from '../../scripts/workflows/examples.ts'
import { findMissingGrants } from '../../scripts/workflows/grants.ts'
import { parseWorkflow } from '../../scripts/workflows/shape.ts'
import { useStagedActions } from '../../scripts/workflows/stage.ts'

const fence = (text: string, indent = '') => `${indent}\`\`\`yaml\n${text}\n${indent}\`\`\`\n`

describe('extractExamples', () => {
  test('takes a whole workflow and keeps its line numbers', () => {
    const page = `# Page\n\n${fence('on: push\njobs: {}')}`
    expect(extractExamples('a.md', page)).toEqual({
      examples: [{ place: 'a.md:3', text: '\n\n\non: push\njobs: {}\n' }],
      problems: [],
    })
  })

  test('puts a list of steps into a job, on the lines of the page where there is room', () => {
    const page = `${'\n'.repeat(30)}${fence('- uses: dcf/aws-lambda-deploy@v1\n  with:\n    plan: true')}`
    const [example] = extractExamples('a.md', page).examples
    const lines = example?.text.split('\n') ?? []
    expect(lines[31]).toBe('      - uses: dcf/aws-lambda-deploy@v1')
    expect(parseWorkflow('x', example?.text ?? '').jobs[0]?.steps).toEqual([
      { uses: 'dcf/aws-lambda-deploy@v1', with: { plan: true } },
    ])
  })

  test('completes the jobs of a workflow', () => {
    const page = `${'\n'.repeat(9)}${fence('jobs:\n  a:\n    uses: x@v1')}`
    const text = extractExamples('a.md', page).examples[0]?.text ?? ''
    expect(text.split('\n').indexOf('jobs:')).toBe(10)
    expect(parseWorkflow('x', text).triggers).toEqual(['workflow_dispatch'])
  })

  test('reads a block inside a list item', () => {
    const page = `1. Write:\n\n${fence('   on: push\n   jobs: {}', '   ')}`
    expect(extractExamples('a.md', page).examples[0]?.text).toBe('\n\n\non: push\njobs: {}\n')
  })

  test.each(['name: hello\nenvironment:\n  sdk: ">=3.11.0 <3.12.0"', 'a: [1]', '- one\n- two'])(
    'leaves other YAML alone: %j',
    (text) => {
      expect(extractExamples('a.md', fence(text))).toEqual({ examples: [], problems: [] })
    },
  )

  test.each(['env: {}\njobs:\n  a:\n    uses: x@v1', 'uses: x@v1', '- uses: x@v1\n- y', 'a: b: c'])(
    'says what cannot be linted: %j',
    (text) => {
      expect(extractExamples('a.md', fence(text)).problems).toEqual([expect.stringMatching(/^a\.md:1: /)])
    },
  )
})

describe('findMissingGrants', () => {
  const readGrants = (text: string) => findMissingGrants(parseWorkflow('w.yml', text))
  const call = (permissions: string) =>
    readGrants(
      `jobs: { a: { ${permissions} uses: dcf/aws-lambda-deploy/.github/workflows/undeploy.yml@v1 } }`,
    )
  const step = (permissions: string, inputs: string) =>
    readGrants(
      `permissions: { ${permissions} }\njobs: { a: { steps: [{ uses: './undeploy', with: { ${inputs} } }] } }`,
    )

  test('names every permission that a caller of a reusable workflow must grant', () => {
    expect(call('permissions: {contents: read, id-token: write},')).toEqual([])
    expect(call('')).toEqual([
      'w.yml: job `a` must grant `contents: read`',
      'w.yml: job `a` must grant `id-token: write`',
    ])
    expect(call('permissions: {contents: write, id-token: read},')).toEqual([
      'w.yml: job `a` must grant `id-token: write`',
    ])
  })

  test('a step needs the token, unless it only plans', () => {
    expect(step('id-token: write', '')).toEqual([])
    expect(step('contents: read', 'plan: true')).toEqual([])
    expect(step('contents: read', '')).toEqual(['w.yml: job `a` must grant `id-token: write`'])
  })

  test('asks nothing of jobs that do not use ours', () => {
    expect(readGrants('jobs: { a: { steps: [{ uses: actions/checkout@v1 }] } }')).toEqual([])
  })
})

test('useStagedActions points our references, and only ours, at local files', () => {
  const text = [
    'uses: dcf/aws-lambda-deploy@v1',
    'uses: dcf/aws-lambda-deploy/undeploy@v1.2.3',
    'uses: dcf/aws-lambda-deploy/.github/workflows/deploy.yml@v1',
    'uses: dcf/aws-lambda-deploy-fork@v1',
  ]
  expect(useStagedActions(text.join('\n')).split('\n')).toEqual([
    'uses: ./',
    'uses: ./undeploy',
    'uses: ./.github/workflows/deploy.yml',
    'uses: dcf/aws-lambda-deploy-fork@v1',
  ])
})
