import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { allow } from './account.ts'
import { digestOf, INDEX, login, MANIFEST, pushBlob, pushImage, type Registry } from './image.ts'

let sandbox: Sandbox
let repository: string
let registry: Registry
beforeEach(async () => {
  sandbox = await startSandbox()
  repository = sandbox.names.repository
  registry = await login(sandbox)
})
afterEach(() => sandbox.close())

async function errorOf(response: Response): Promise<{ readonly code: string; readonly message: string }> {
  const { errors } = JSON.parse(await response.text())
  return errors[0]
}

function deny(action: string): void {
  const statement = { Effect: 'Deny', Action: action, Resource: '*' }
  sandbox.world.roles
    .get(sandbox.names.serviceRole)
    ?.policies.set('deny', { Version: '2012-10-17', Statement: [statement] })
}

describe('who may enter', () => {
  test('nobody without a login, and the challenge is Basic', async () => {
    const response = await fetch(`${sandbox.endpoint}/v2/`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Basic realm="${sandbox.endpoint}/",service="ecr.amazonaws.com"`,
    )
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
  })

  test('a wrong password is 401, an expired token 403, a good one 200', async () => {
    const wrong = `Basic ${Buffer.from('AWS:guess').toString('base64')}`
    expect((await registry.send('GET', '', { authorization: wrong })).status).toBe(401)
    expect((await registry.send('GET', '')).status).toBe(200)
    sandbox.world.clock.shift(12 * 3_600_000 + 1)
    const expired = await registry.send('GET', '')
    expect(expired.status).toBe(403)
    expect(await errorOf(expired)).toEqual({
      code: 'DENIED',
      message: 'Your authorization token has expired. Reauthenticate and try again.',
    })
  })

  test.each([
    ['ecr:BatchCheckLayerAvailability', 'HEAD', `blobs/${digestOf('x')}`],
    ['ecr:InitiateLayerUpload', 'POST', 'blobs/uploads/'],
    ['ecr:UploadLayerPart', 'PATCH', 'blobs/uploads/00000000-0000-0000-0000-000000000000'],
    ['ecr:CompleteLayerUpload', 'PUT', 'blobs/uploads/00000000-0000-0000-0000-000000000000?digest=x'],
    ['ecr:PutImage', 'PUT', 'manifests/v1'],
  ])('without %s a %s of %s is 403', async (action, method, path) => {
    expect((await registry.send(method, `${repository}/${path}`)).status).not.toBe(403)
    deny(action)
    const response = await registry.send(method, `${repository}/${path}`)
    expect(response.status).toBe(403)
    if (method !== 'HEAD')
      expect((await errorOf(response)).message).toMatch(
        new RegExp(`is not authorized to perform: ${action} .* with an explicit deny`),
      )
  })

  test('a pull, and the HEAD that stricter image stores send first, need what the guide does not give', async () => {
    const digest = await pushImage(sandbox)
    const paths = [`manifests/${digest}`, `blobs/${digestOf('layer')}`]
    for (const path of paths) expect((await registry.send('GET', `${repository}/${path}`)).status).toBe(403)
    expect((await registry.send('HEAD', `${repository}/manifests/v9`)).status).toBe(403)
    sandbox.world.switches.registry.headNeedsPull = false
    expect((await registry.send('HEAD', `${repository}/manifests/v9`)).status).toBe(404)
    allow(sandbox, sandbox.names.serviceRole, ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'])
    for (const path of paths) expect((await registry.send('GET', `${repository}/${path}`)).status).toBe(200)
  })

  test('a repository that does not exist is told apart from one that is forbidden', async () => {
    expect((await registry.send('POST', 'other/blobs/uploads/')).status).toBe(403)
    allow(sandbox, sandbox.names.serviceRole, 'ecr:*')
    const response = await registry.send('POST', 'other/blobs/uploads/')
    expect(response.status).toBe(404)
    expect(await errorOf(response)).toEqual({
      code: 'NAME_UNKNOWN',
      message: "The repository with name 'other' does not exist in the registry with id '123456789012'",
    })
  })
})

describe('blobs', () => {
  test('come in parts and are given back', async () => {
    allow(sandbox, sandbox.names.serviceRole, 'ecr:GetDownloadUrlForLayer')
    const begun = await registry.send(
      'POST',
      `${repository}/blobs/uploads/?mount=${digestOf('x')}&from=other`,
    )
    expect(begun.status).toBe(202)
    const place = new URL(begun.headers.get('location') ?? '').pathname.slice('/v2/'.length)
    const first = await registry.send('PATCH', place, { body: 'hello ' })
    expect(first.headers.get('range')).toBe('0-5')
    await registry.send('PATCH', place, { body: 'wor' })
    const digest = digestOf('hello world')
    const done = await registry.send('PUT', `${place}?digest=${digest}`, { body: 'ld' })
    expect(done.status).toBe(201)
    expect(done.headers.get('docker-content-digest')).toBe(digest)
    const head = await registry.send('HEAD', `${repository}/blobs/${digest}`)
    expect(head.headers.get('content-length')).toBe('11')
    expect(await (await registry.send('GET', `${repository}/blobs/${digest}`)).text()).toBe('hello world')
  })

  test('come whole in one POST', async () => {
    const path = `${repository}/blobs/uploads/?digest=${digestOf('whole')}`
    expect((await registry.send('POST', path, { body: 'whole' })).status).toBe(201)
    expect(sandbox.world.repositories.get(repository)?.blobs.get(digestOf('whole'))?.size).toBe(5)
  })

  test('with another digest than announced are refused', async () => {
    const path = `${repository}/blobs/uploads/?digest=${digestOf('other')}`
    const response = await registry.send('POST', path, { body: 'whole' })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).code).toBe('DIGEST_INVALID')
    expect(sandbox.world.repositories.get(repository)?.blobs.size).toBe(0)
  })

  test('are throttled by a switch', async () => {
    sandbox.world.switches.registry.throttle = 1
    expect((await registry.send('POST', `${repository}/blobs/uploads/`)).status).toBe(429)
    expect((await registry.send('POST', `${repository}/blobs/uploads/`)).status).toBe(202)
  })

  test('leave no file behind', async () => {
    await pushBlob(registry, repository, Buffer.alloc(1_000_000, 7))
    const [blob] = sandbox.world.repositories.get(repository)?.blobs.values() ?? []
    expect(existsSync(blob?.file ?? '')).toBe(true)
    await sandbox.close()
    expect(existsSync(dirname(blob?.file ?? '/'))).toBe(false)
    sandbox = await startSandbox()
  })
})

describe('manifests', () => {
  test('are given back byte for byte, by tag and by digest, with their type', async () => {
    allow(sandbox, sandbox.names.serviceRole, 'ecr:BatchGetImage')
    const digest = await pushImage(sandbox, { tag: 'v1' })
    for (const reference of ['v1', digest]) {
      const response = await registry.send('GET', `${repository}/manifests/${reference}`)
      expect(response.headers.get('content-type')).toBe(MANIFEST)
      expect(response.headers.get('docker-content-digest')).toBe(digest)
      expect(digestOf(await response.text())).toBe(digest)
    }
  })

  test('whose parts are not there are refused', async () => {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { digest: digestOf('x') },
      layers: [],
    })
    const response = await registry.send('PUT', `${repository}/manifests/v1`, {
      body: manifest,
      type: MANIFEST,
    })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).code).toBe('MANIFEST_BLOB_UNKNOWN')
  })

  test('under a digest that is not theirs, or under a type that is not theirs, are refused', async () => {
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] })
    const put = (reference: string, type: string) =>
      registry.send('PUT', `${repository}/manifests/${reference}`, { body: index, type })
    expect((await put(digestOf('other'), INDEX)).status).toBe(400)
    expect((await put('v1', MANIFEST)).status).toBe(400)
    expect((await put('v1', INDEX)).status).toBe(201)
  })

  test('keep an immutable tag, but may come again unchanged', async () => {
    await pushImage(sandbox, { tag: 'v1' })
    Object.assign(sandbox.world.repositories.get(repository) ?? {}, { immutable: true })
    await pushImage(sandbox, { tag: 'v1' })
    await expect(pushImage(sandbox, { tag: 'v1', labels: { a: 'b' } })).rejects.toThrow(
      "The image tag 'v1' already exists in the 'dcf-lambda-repo' repository and cannot be overwritten because the tag is immutable.",
    )
  })
})

test('what was pushed stands in the journal under ECR’s own names', async () => {
  await pushImage(sandbox)
  expect(sandbox.journal.operations('registry').at(-1)).toBe('registry:PutImage')
  expect(sandbox.journal.entries.at(-1)).toMatchObject({
    status: 201,
    principal: 'arn:aws:sts::123456789012:assumed-role/dcf-codebuild-role/test',
  })
})
