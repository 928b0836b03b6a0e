import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Mapping, parseWorkflow, readMapping, readText } from '../../scripts/workflows/shape.ts'

const PAIRS = [
  { name: 'deploy', action: 'action.yml', uses: 'dcf/aws-lambda-deploy' },
  { name: 'undeploy', action: 'undeploy/action.yml', uses: 'dcf/aws-lambda-deploy/undeploy' },
] as const

/** Inputs about the job, which an action cannot have. */
const JOB_INPUTS = ['environment', 'job-timeout-minutes', 'runner']

function readPair(pair: (typeof PAIRS)[number]) {
  const action = readMapping(parse(readFileSync(pair.action, 'utf8')))
  const path = `.github/workflows/${pair.name}.yml`
  const workflow = parseWorkflow(path, readFileSync(path, 'utf8'))
  const call = readMapping(readMapping(workflow.root['on'])['workflow_call'])
  const job = readMapping(workflow.jobs[0]?.body)
  return { action, workflow, call, job, step: readMapping(workflow.jobs[0]?.steps.at(-1)) }
}

function mapValues(mapping: Mapping, change: (value: Mapping, key: string) => unknown): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [key, change(readMapping(value), key)]),
  )
}

describe.each(PAIRS)('$name.yml', (pair) => {
  const { action, workflow, call, job, step } = readPair(pair)
  const inputs = readMapping(call['inputs'])
  const actionInputs = readMapping(action['inputs'])

  test('is called and nothing else, has one job, and names the action by a full reference', () => {
    expect(workflow.triggers).toEqual(['workflow_call'])
    expect(workflow.jobs).toHaveLength(1)
    expect(readText(step['uses'])).toMatch(new RegExp(`^${pair.uses}@v\\d+(\\.\\d+\\.\\d+)?$`))
    expect(workflow.text).not.toMatch(/uses:\s*\.\//)
  })

  test('takes the inputs of the action, and those of the job', () => {
    expect(Object.keys(inputs).sort()).toEqual([...Object.keys(actionInputs), ...JOB_INPUTS].sort())
  })

  test('gives every input a type, a description and, unless it is required, a default', () => {
    for (const [name, value] of Object.entries(inputs)) {
      const input = readMapping(value)
      expect([name, input['type']]).toEqual([name, expect.stringMatching(/^(string|number|boolean)$/)])
      expect(readText(input['description']).length).toBeGreaterThan(20)
      expect([name, input['default'] === undefined]).toEqual([name, input['required']])
    }
  })

  test('has the defaults of the action', () => {
    const own = mapValues(inputs, (input) => String(input['default'] ?? ''))
    const expected = mapValues(actionInputs, (input) => String(input['default'] ?? ''))
    expect(own).toMatchObject(expected)
  })

  test('hands every input to the action', () => {
    expect(step['with']).toEqual(mapValues(actionInputs, (_, name) => `\${{ inputs.${name} }}`))
  })

  test('hands every output of the action on', () => {
    const names = readMapping(action['outputs'])
    expect(job['outputs']).toEqual(
      mapValues(names, (_, name) => `\${{ steps.${pair.name}.outputs.${name} }}`),
    )
    const outputs = mapValues(readMapping(call['outputs']), (output) => output['value'])
    expect(outputs).toEqual(mapValues(names, (_, name) => `\${{ jobs.${pair.name}.outputs.${name} }}`))
  })

  test('asks for what it needs and for no secret', () => {
    expect(job['permissions']).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(call['secrets']).toBeUndefined()
    expect(workflow.text).not.toMatch(/\$\{\{[^}]*secrets/)
  })
})

test('deployment and removal of a function wait for each other and cancel nothing', () => {
  const [deploy, undeploy] = PAIRS.map((pair) => readMapping(readPair(pair).job['concurrency']))
  expect(deploy).toEqual(undeploy)
  expect(deploy?.['cancel-in-progress']).toBe(false)
  expect(readText(deploy?.['group'])).toBe(
    `dcf-lambda/${['role-to-assume', 'aws-region', 'function-name || inputs.working-directory']
      .map((name) => `\${{ inputs.${name} }}`)
      .join('/')}`,
  )
})
