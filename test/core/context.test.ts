import { describe, expect, test } from 'vitest'
import { readContext } from '../../src/core/context.ts'

const runner = {
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_REPOSITORY_ID: '42',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_SERVER_URL: 'https://ghe.example',
}

function read(environment: Readonly<Record<string, string>>, payload?: unknown) {
  return readContext({ environment, payload, random: '1234567890' })
}

describe('context', () => {
  test('a push names its run', () => {
    expect(read(runner)).toMatchObject({
      ok: true,
      value: {
        inGitHub: true,
        repositoryId: '42',
        pullRequest: '-',
        runId: '7',
        attempt: '2',
        runUrl: 'https://ghe.example/acme/app/actions/runs/7',
      },
    })
  })

  test('outside GitHub there is no repository, and the run id is random', () => {
    expect(read({ GITHUB_REPOSITORY_ID: '42' })).toMatchObject({
      ok: true,
      value: { inGitHub: false, repositoryId: '-', runId: '1234567890' },
    })
  })

  test('a pull request carries its number, by the payload only', () => {
    expect(
      read({ ...runner, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/9/merge' }, { number: 12 }),
    ).toMatchObject({ value: { pullRequest: '12' } })
    expect(
      read({ ...runner, GITHUB_EVENT_NAME: 'pull_request' }, {}).problems.map((problem) => problem.code),
    ).toEqual(['DCF-EVENT-PULL-REQUEST'])
  })

  test.each([
    ['pull_request_target', {}],
    ['workflow_run', { workflow_run: { head_repository: { id: 1 } }, repository: { id: 2 } }],
    ['workflow_run', {}],
  ])('%s is refused: %j', (event, payload) => {
    expect(
      read({ ...runner, GITHUB_EVENT_NAME: event }, payload).problems.map((problem) => problem.code),
    ).toEqual(['DCF-EVENT-REFUSED'])
  })

  test('workflow_run of this very repository is fine', () => {
    expect(
      read(
        { ...runner, GITHUB_EVENT_NAME: 'workflow_run' },
        { workflow_run: { head_repository: { id: 2 } }, repository: { id: 2 } },
      ).ok,
    ).toBe(true)
  })

  test('a missing repository id is an error inside GitHub, together with the others', () => {
    const { GITHUB_REPOSITORY_ID: _, ...without } = runner
    expect(
      read({ ...without, GITHUB_EVENT_NAME: 'pull_request_target' }).problems.map((problem) => problem.code),
    ).toEqual(['DCF-EVENT-REFUSED', 'DCF-REPOSITORY-ID-MISSING'])
  })

  test('a fork is known by its head repository', () => {
    const payload = { number: 1, pull_request: { head: { repo: { id: 5 } }, base: { repo: { id: 6 } } } }
    expect(read({ ...runner, GITHUB_EVENT_NAME: 'pull_request' }, payload)).toMatchObject({
      value: { fromFork: true },
    })
  })
})
