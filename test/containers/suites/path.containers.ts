import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { functionLog, openRealAccount } from '../account.ts'
import { deploy, type Run, undeploy } from '../deployment.ts'
import { docker, useEngine } from '../engine.ts'
import { createProject, type Project } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
let project: Project
let run: Run
let url: string
beforeAll(async () => {
  sandbox = await openRealAccount()
  project = createProject()
  run = await deploy(sandbox, project, {
    'environment-variables': 'COLOUR=blue',
    'lambda-timeout-seconds': '8',
  })
  url = run.outputs['function-url'] ?? ''
})
afterAll(async () => {
  await sandbox.close()
  project.remove()
})

test('a Dart repository becomes a function that answers', () => {
  expect(run).toMatchObject({ exitCode: 0, outputs: { status: 'deployed' } })
  expect(run.outputs['image-uri']).toBe(`${sandbox.names.ecrRepositoryUri}@${run.outputs['image-digest']}`)
})

describe('a request reaches the program as Lambda would deliver it', () => {
  test('GET with query, headers and cookies', async () => {
    const answer = await fetch(`${url}echo?a=1&a=2&b=%20x`, {
      headers: { 'X-Custom': 'Value', cookie: 'k=v; l=w' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()).toEqual(['first=1; Path=/', 'second=2; HttpOnly'])
    expect(await answer.json()).toMatchObject({
      method: 'GET',
      path: '/echo',
      query: 'a=1&a=2&b=%20x',
      headers: { 'x-custom': 'Value', 'x-forwarded-proto': 'https' },
      cookies: ['k=v', 'l=w'],
    })
  })

  test('POST with a binary body, both ways', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index)
    const answer = await fetch(`${url}bytes`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body.toReversed())
  })

  test('PUT with text beyond ASCII', async () => {
    const answer = await fetch(`${url}echo`, {
      method: 'PUT',
      body: 'Grüße',
      headers: { 'content-type': 'text/plain' },
    })
    expect(await answer.json()).toMatchObject({
      method: 'PUT',
      body: Buffer.from('Grüße').toString('base64'),
    })
  })

  test('a redirect', async () => {
    const answer = await fetch(`${url}redirect`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('https://example.com/elsewhere?a=b')
  })

  test.each([
    ['none', 404, 'no such path'],
    ['refused', 403, 'the program says no'],
    ['fail', 500, 'the program failed'],
  ])('%s is the program’s own %i, not Lambda’s', async (path, status, text) => {
    const answer = await fetch(`${url}${path}`)
    expect(answer.status).toBe(status)
    expect(answer.headers.has('x-amzn-errortype')).toBe(false)
    expect(await answer.text()).toBe(text)
  })

  test('five megabytes pass, more than six are refused', async () => {
    const small = await fetch(`${url}big?bytes=${4 * 1024 * 1024}`)
    expect((await small.arrayBuffer()).byteLength).toBe(4 * 1024 * 1024)
    const large = await fetch(`${url}big?bytes=${6 * 1024 * 1024}`)
    expect(large.status).toBe(502)
    const upload = await fetch(`${url}bytes`, { method: 'POST', body: new Uint8Array(6 * 1024 * 1024 + 1) })
    expect(upload.status).toBe(413)
  })
})

describe('an instance', () => {
  test('takes one call at a time: parallel calls get instances of their own', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}slow?ms=1500`)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const hosts = await Promise.all(
      [1, 2, 3].map(async () => (await (await fetch(`${url}instance`)).text()).split('-').at(-1)),
    )
    const running = await docker('ps', '--filter', 'name=dcf-echo-', '--format', '{{.Names}}')
    expect(running.split('\n').length).toBeGreaterThanOrEqual(3)
    expect(new Set(hosts).size).toBeGreaterThanOrEqual(1)
  })

  test('is kept for the next call', async () => {
    const first = await (await fetch(`${url}instance`)).text()
    const second = await (await fetch(`${url}instance`)).text()
    const [host, other] = [first, second].map((text) => text.split('-').slice(2).join('-'))
    expect(other).toBe(host)
  })

  test('that dies is answered for and replaced', async () => {
    const dead = await fetch(`${url}crash`)
    expect([dead.status, dead.headers.get('x-amzn-errortype')]).toEqual([502, 'InternalServerErrorException'])
    expect((await fetch(`${url}version`)).status).toBe(200)
  })

  test('that is too slow is ended at the timeout', async () => {
    const late = await fetch(`${url}slow?ms=20000`)
    expect(late.status).toBe(502)
    expect(functionLog(sandbox)).toContain('Task timed out after 8.00 seconds')
    expect(await (await fetch(`${url}version`)).text()).toBe('one')
  })

  test('is read-only but for /tmp, and unprivileged', async () => {
    expect(await (await fetch(`${url}write`)).text()).toBe('true false')
    const [name] = (await docker('ps', '--filter', 'name=dcf-echo-', '--format', '{{.Names}}')).split('\n')
    const format = '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Memory}}'
    expect(await docker('inspect', '--format', format, name ?? '')).toBe(`993:990 true ${512 * 1024 * 1024}`)
  })

  test('sees the environment that Lambda sets', async () => {
    const environment = await (await fetch(`${url}environment`)).json()
    expect(environment).toMatchObject({
      COLOUR: 'blue',
      PORT: '8080',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_REGION: 'us-east-1',
      TZ: ':UTC',
    })
    expect(environment).toHaveProperty('AWS_SESSION_TOKEN')
  })
})

test('undeploy leaves nothing that runs', async () => {
  expect(await undeploy(sandbox, project)).toMatchObject({ exitCode: 0, outputs: { status: 'removed' } })
  expect(await docker('ps', '--all', '--filter', 'name=dcf-echo-', '--format', '{{.Names}}')).toBe('')
})
