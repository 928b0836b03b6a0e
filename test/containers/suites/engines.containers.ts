// The same buildspec on other engines: the containerd image store, which makes an index without our flags, and the classic
// builder of Docker 20.10, which knows none of them.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EVERY_OPTIONAL_POLICY } from '../../../src/sandbox/options.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openRealAccount } from '../account.ts'
import { deploy, mustDeploy, type Run } from '../deployment.ts'
import { docker, dockerLogin, registry, registryPassword, useEngine } from '../engine.ts'
import { createProject, type Project } from '../project.ts'

function manifestOf(sandbox: Sandbox, run: Run): unknown {
  const repository = sandbox.world.repositories.get(sandbox.names.repository)
  const manifest = repository?.manifests.get(run.outputs['image-digest'] ?? '')
  return JSON.parse(manifest?.body.toString('utf8') ?? 'null')
}

describe('the containerd image store', () => {
  let sandbox: Sandbox
  let project: Project
  beforeAll(async () => {
    useEngine('26c')
    sandbox = await openRealAccount(EVERY_OPTIONAL_POLICY)
    project = createProject()
  })
  afterAll(async () => {
    await sandbox.close()
    project.remove()
  })

  test('pushes one manifest, no index, and the function answers', async () => {
    const run = mustDeploy(await deploy(sandbox, project))
    expect(manifestOf(sandbox, run)).toMatchObject({ config: { digest: expect.any(String) } })
    expect(manifestOf(sandbox, run)).not.toHaveProperty('manifests')
    expect(await (await fetch(`${run.outputs['function-url']}version`)).text()).toBe('one')
  })

  test('makes an index without our flags, which Lambda would refuse', async () => {
    const image = `${registry}/index:${randomBytes(4).toString('hex')}`
    await dockerLogin(registry, registryPassword())
    await docker('build', '--quiet', '--provenance=true', '--tag', image, project.folder)
    await docker('push', image)
    await docker('image', 'rm', image)
    await docker('logout', registry)
    const [, repository, tag] = /\/(.*):(.*)$/.exec(image) ?? []
    const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
      headers: {
        accept: 'application/vnd.oci.image.index.v1+json',
        authorization: `Basic ${Buffer.from(`AWS:${registryPassword()}`).toString('base64')}`,
      },
    })
    expect(answer.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json')
  })

  test('that may not look before it pushes fails with a code of its own', async () => {
    const role = sandbox.world.roles.get(sandbox.names.serviceRole)
    const deny = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'ecr:BatchGetImage', Resource: '*' }],
    }
    role?.policies.set('deny', deny)
    const run = await deploy(sandbox, project)
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'error-code': 'DCF-ECR-PUSH-NEEDS-PULL' } })
    role?.policies.delete('deny')
  })
})

describe('Docker 20.10 with the classic builder', () => {
  let sandbox: Sandbox
  let project: Project
  beforeAll(async () => {
    useEngine('20')
    sandbox = await openRealAccount()
    project = createProject()
  })
  afterAll(async () => {
    await sandbox.close()
    project.remove()
  })

  test('builds, pushes, and the function answers', async () => {
    expect(await docker('version', '--format', '{{.Server.Version}}')).toMatch(/^20\.10/)
    const run = mustDeploy(await deploy(sandbox, project))
    expect(run.log).toContain('Step 1/')
    expect(await (await fetch(`${run.outputs['function-url']}version`)).text()).toBe('one')
  })

  test('takes a syntax line that a newer builder would fetch a frontend for', async () => {
    project.edit('Dockerfile', 'FROM dart:3.11', '# syntax=docker/dockerfile:1\nFROM dart:3.11')
    const run = mustDeploy(await deploy(sandbox, project))
    expect((await fetch(run.outputs['function-url'] ?? '')).status).toBe(200)
  })
})
