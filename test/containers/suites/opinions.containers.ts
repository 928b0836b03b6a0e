// The second opinions: docker-registry takes the same push, the Runtime Interface Emulator runs the same image, and the
// stand-ins lead to the same requests as the real parts.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../../src/sandbox/journal.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openRealAccount, openStandinAccount } from '../account.ts'
import { deploy, mustDeploy, type Run } from '../deployment.ts'
import { docker, dockerLogin, emulator, registry, registryPassword, useEngine } from '../engine.ts'
import { createProject, type Project } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
let project: Project
let run: Run
beforeAll(async () => {
  sandbox = await openRealAccount()
  project = createProject()
  run = mustDeploy(await deploy(sandbox, project))
})
afterAll(async () => {
  await sandbox.close()
  project.remove()
})

describe('docker-registry', () => {
  const image = `${registry}/echo:${randomBytes(4).toString('hex')}`
  const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'

  test('gives the same push the same digest and keeps the same manifest', async () => {
    await dockerLogin(registry, registryPassword())
    await docker('tag', run.outputs['image-uri'] ?? '', image)
    const pushed = await docker('push', image)
    await docker('image', 'rm', image)
    await docker('logout', registry)
    expect(pushed).toContain(`digest: ${run.outputs['image-digest']}`)
    const [, repository, tag] = /\/(.*):(.*)$/.exec(image) ?? []
    const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
      headers: {
        accept: MANIFEST,
        authorization: `Basic ${Buffer.from(`AWS:${registryPassword()}`).toString('base64')}`,
      },
    })
    expect(answer.status).toBe(200)
    const own = sandbox.world.repositories.get(sandbox.names.repository)
    const manifest = own?.manifests.get(run.outputs['image-digest'] ?? '')
    expect(await answer.text()).toBe(manifest?.body.toString('utf8'))
    expect(answer.headers.get('content-type')).toBe(manifest?.mediaType)
  })

  test('and the sandbox refuse a wrong password alike', async () => {
    for (const host of [registry, new URL(sandbox.endpoint).host]) {
      await expect(dockerLogin(host, 'wrong')).rejects.toThrow(/401|unauthorized|Not Authorized/i)
    }
  })
})

describe('the Runtime Interface Emulator', () => {
  const name = `dcf-rie-${randomBytes(4).toString('hex')}`
  let address = ''
  beforeAll(async () => {
    const image = run.outputs['image-uri'] ?? ''
    const command = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config.Cmd}}', image))
    await docker(
      ...['run', '--detach', '--name', name, '--user', '993:990', '--read-only', '--tmpfs', '/tmp'],
      ...['--volume', `${emulator}:/aws-lambda-rie:ro`, '--publish', '127.0.0.1:0:9000'],
      ...['--env', 'AWS_LAMBDA_FUNCTION_TIMEOUT=15', '--entrypoint', '/aws-lambda-rie', image],
      ...['--runtime-interface-emulator-address', '0.0.0.0:9000', ...command],
    )
    address = (await docker('port', name, '9000')).split('\n')[0] ?? ''
  })
  afterAll(async () => {
    await docker('rm', '--force', name)
  })

  interface Question {
    readonly method: string
    readonly path: string
    readonly query?: string
    readonly body?: Buffer
  }

  /** An event as the developer guide shows it, written here and not by the sandbox. */
  async function askEmulator({ method, path, query = '', body }: Question) {
    const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' }
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: query,
      headers: { host: 'test', 'content-type': 'application/octet-stream', 'x-custom': 'value' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'x',
        domainName: 'test',
        domainPrefix: 'x',
        http,
        requestId: 'x',
        routeKey: '$default',
        stage: '$default',
        time: '28/Nov/2026:11:00:00 +0000',
        timeEpoch: 1,
      },
      ...(body === undefined ? {} : { body: body.toString('base64') }),
      isBase64Encoded: body !== undefined,
    }
    const answer = await fetch(`http://${address}/2015-03-31/functions/function/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    })
    const { statusCode, headers, body: text, isBase64Encoded } = Object(await answer.json())
    return {
      status: statusCode,
      type: headers['content-type'],
      location: headers['location'] ?? null,
      body: Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8').toString('hex'),
    }
  }

  async function askSandbox({ method, path, query = '', body }: Question) {
    const url = `${(run.outputs['function-url'] ?? '').replace(/\/$/, '')}${path}${query && `?${query}`}`
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/octet-stream', 'x-custom': 'value' },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      location: answer.headers.get('location'),
      body: Buffer.from(await answer.arrayBuffer()).toString('hex'),
    }
  }

  test.each<Question>([
    { method: 'GET', path: '/version' },
    { method: 'POST', path: '/bytes', body: randomBytes(3000) },
    { method: 'GET', path: '/redirect' },
    { method: 'GET', path: '/none' },
    { method: 'GET', path: '/fail' },
    { method: 'GET', path: '/big', query: 'bytes=100000' },
    { method: 'GET', path: '/slow', query: 'ms=300' },
  ])('answers $method $path as the sandbox does', async (question) => {
    expect(await askSandbox(question)).toEqual(await askEmulator(question))
  })
})

describe('the stand-ins', () => {
  /** Waiting and following ask as often as they have to; one of each in a row is enough to compare. */
  function outline(entries: readonly JournalEntry[]): readonly string[] {
    const asked = entries
      .filter(({ service }) => !['registry', 'logs', 'github', 'oidc'].includes(service))
      .filter(({ operation }) => operation !== 'BatchGetBuilds')
      .map(({ service, operation, status }) => `${service}:${operation} ${status}`)
    return asked.filter((one, index) => one !== asked[index - 1])
  }

  test('lead to the same requests in the same order, first and second time', async () => {
    const other = await openStandinAccount()
    try {
      mustDeploy(await deploy(other, project))
      expect(outline(other.journal.entries)).toEqual(outline(sandbox.journal.entries))
      sandbox.journal.clear()
      other.journal.clear()
      mustDeploy(await deploy(sandbox, project))
      mustDeploy(await deploy(other, project))
      expect(outline(other.journal.entries)).toEqual(outline(sandbox.journal.entries))
    } finally {
      await other.close()
    }
  })
})
