// A deployment from source to answer, with exactly the permissions of the customer guide and with the optional ones.
import { describe, expect, test } from 'vitest'
import { readMark } from '../../src/core/mark.ts'
import { EVERY_OPTIONAL_POLICY } from '../../src/sandbox/options.ts'
import { codeOf, openStage } from './sandbox.ts'

describe("with the guide's permissions alone", () => {
  test('deploy, redeploy, unchanged, undeploy, undeploy again', async () => {
    await using stage = await openStage()
    const first = await stage.deploy()
    expect(first.text, first.text).not.toContain('DCF-')
    expect(first.outcome.kind).toBe('deployed')
    expect(first.facts.functionUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(first.facts).toMatchObject({ functionName: 'hello_dart', urlVerified: true })
    expect(first.facts.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(first.text).toContain('logs:GetLogEvents')
    const live = stage.sandbox.world.functions.get('hello_dart')
    expect(readMark(live?.served.description)).toEqual({
      repo: stage.sandbox.github.repositoryId,
      pr: '-',
      src: first.facts.sourceDigest?.slice(0, 16),
      cfg: expect.stringMatching(/^[0-9a-f]{16}$/),
      img: first.facts.imageDigest?.slice(7, 23),
    })
    expect(
      stage.sandbox.journal.operations('s3').filter((operation) => operation === 's3:PutObject'),
    ).toHaveLength(1)
    expect(
      stage.sandbox.journal
        .operations('codebuild')
        .filter((operation) => operation === 'codebuild:StartBuild'),
    ).toHaveLength(1)

    const answer = await fetch(first.facts.functionUrl ?? '')
    expect(answer.status).toBe(200)
    const body = await answer.text()
    expect(body).toContain('stand-in')
    expect(body).toContain(first.facts.sourceDigest)

    const unchanged = await stage.deploy({ 'skip-unchanged': 'true' })
    expect(unchanged.outcome.kind).toBe('unchanged')
    expect(unchanged.facts.functionUrl).toBe(first.facts.functionUrl)
    expect(unchanged.facts.buildId).toBeUndefined()

    const again = await stage.deploy({ 'lambda-memory-mb': '1024' })
    expect(again.outcome.kind, again.text).toBe('deployed')
    expect(again.facts.functionUrl).toBe(first.facts.functionUrl)
    expect(stage.sandbox.world.functions.get('hello_dart')?.served.memorySize).toBe(1024)

    const removed = await stage.undeploy()
    expect(removed.outcome.kind, removed.text).toBe('removed')
    expect(removed.facts.removed).toEqual([
      'function-url',
      'permission DcfFunctionUrlPublic',
      'permission DcfFunctionInvokePublic',
      'function',
    ])
    expect(stage.sandbox.world.functions.size).toBe(0)

    const absent = await stage.undeploy()
    expect(absent.outcome.kind).toBe('absent')
    expect(absent.facts.removed).toEqual([])
  })
})

describe('with the optional permissions', () => {
  test("the build's log is shown, each line once", async () => {
    await using stage = await openStage({ optionalPolicies: EVERY_OPTIONAL_POLICY })
    const run = await stage.deploy()
    expect(run.outcome.kind, run.text).toBe('deployed')
    const lines = run.told.flatMap((progress) => (progress.kind === 'log' ? progress.lines : []))
    expect(lines.filter((line) => line.includes('[dcf] Function URL: http'))).toHaveLength(1)
    expect(codeOf(run)).toBeUndefined()
  })

  test('with hide-build-logs none of it is', async () => {
    await using stage = await openStage({ optionalPolicies: EVERY_OPTIONAL_POLICY })
    const run = await stage.deploy({ 'hide-build-logs': 'true' })
    expect(run.outcome.kind, run.text).toBe('deployed')
    expect(run.told.some((progress) => progress.kind === 'log')).toBe(false)
    expect(run.text).not.toContain('[dcf]')
  })
})
