// What goes wrong in accounts, made to go wrong with real parts: each build fails with a code of its own, the action shows
// it with cause and remedy, and what served before still serves.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { StoredObject } from '../../../src/sandbox/services/s3bucket.ts'
import { createSwitches } from '../../../src/sandbox/services/switches.ts'
import { buildLog, functionOf, openRealAccount } from '../account.ts'
import { deploy, mustDeploy, type Run, startDeploy } from '../deployment.ts'
import { cache, docker, registry, useEngine } from '../engine.ts'
import { createProject, type Project, setVersion } from '../project.ts'

useEngine('26')
const KEY = 'builds/app.zip'
let sandbox: Sandbox
let project: Project
let url: string
let good: string
beforeAll(async () => {
  sandbox = await openRealAccount()
  project = createProject()
  const run = mustDeploy(await deploy(sandbox, project))
  url = run.outputs['function-url'] ?? ''
  good = run.outputs['image-digest'] ?? ''
  setVersion(project, 'one', 'two')
})
afterAll(async () => {
  await sandbox.close()
  project.remove()
})

/** After each failure: the code that served before still serves. */
afterEach(async () => {
  expect(await (await fetch(`${url}version`)).text()).toBe('one')
  expect(functionOf(sandbox).served.image?.digest).toBe(good)
  const { codebuild, lambda, registry: images } = createSwitches()
  Object.assign(sandbox.world.switches.codebuild, codebuild)
  Object.assign(sandbox.world.switches.lambda, lambda)
  Object.assign(sandbox.world.switches.registry, images)
})

/** The action tells the code with its cause and remedy: in the output, in the one annotation and in the summary. */
function expectFailure(run: Run, code: string): void {
  if (run.outputs['error-code'] !== code) throw new Error(`expected ${code}:\n${run.log.slice(-5000)}`)
  expect(run.exitCode).toBe(1)
  expect(run.outputs).not.toHaveProperty('function-url')
  expect(run.log).toMatch(new RegExp(`^::error .*${code}.*%0A.*%0A`, 'm'))
  expect(run.summary).toContain(code)
}

async function withDockerfile(change: (text: string) => string, then: () => Promise<void>): Promise<void> {
  const other = createProject()
  try {
    const { readFileSync } = await import('node:fs')
    other.write('Dockerfile', change(readFileSync(`${other.folder}/Dockerfile`, 'utf8')))
    setVersion(other, 'one', 'two')
    const kept = project
    project = other
    try {
      await then()
    } finally {
      project = kept
    }
  } finally {
    other.remove()
  }
}

function artifact(): StoredObject {
  const found = sandbox.world.buckets.get(sandbox.names.bucket)?.objects.get(KEY)
  if (found === undefined) throw new Error('there is no artifact')
  return found
}

function replaceArtifact(
  metadata: Readonly<Record<string, string>>,
  etag = '"11111111111111111111111111111111"',
): void {
  const objects = sandbox.world.buckets.get(sandbox.names.bucket)?.objects
  objects?.set(KEY, { ...artifact(), etag, metadata: { ...artifact().metadata, ...metadata } })
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1200) throw new Error('it did not come to that within a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Of the build that runs, not of one before it. */
async function untilBuildSays(text: string): Promise<void> {
  await until(() => [...sandbox.world.builds.values()].at(-1)?.status === 'IN_PROGRESS')
  await until(() => buildLog(sandbox).includes(text))
}

function dropPermission(action: string): () => void {
  const role = sandbox.world.roles.get(sandbox.names.serviceRole)
  const deny = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] }
  role?.policies.set('deny', deny)
  return () => role?.policies.delete('deny')
}

describe('the image', () => {
  test('a program that does not compile', async () => {
    const broken = createProject()
    broken.edit('bin/server.dart', 'var calls = 0;', 'int calls = "none";')
    const run = await deploy(sandbox, broken)
    broken.remove()
    expectFailure(run, 'DCF-IMAGE-BUILD-FAILED')
    expect(run.log).toContain("can't be assigned to a variable of type 'int'")
  })

  test('the same when exported variables are withheld', async () => {
    sandbox.world.switches.codebuild.withholdExports = true
    const broken = createProject()
    broken.edit('bin/server.dart', 'var calls = 0;', 'int calls = "none";')
    const run = await deploy(sandbox, broken)
    broken.remove()
    expectFailure(run, 'DCF-IMAGE-BUILD-FAILED')
  })

  test('a base image that may not be pulled', () =>
    withDockerfile(
      (text) => text.replace('FROM scratch', `FROM ${registry}/no-such-image:1`),
      async () => expectFailure(await deploy(sandbox, project), 'DCF-BASE-IMAGE-DENIED'),
    ))

  test('a base image whose registry cannot be reached', () =>
    withDockerfile(
      (text) => text.replace('FROM scratch', 'FROM 127.0.0.1:9/no-such-image:1'),
      async () => expectFailure(await deploy(sandbox, project), 'DCF-BASE-IMAGE-UNAVAILABLE'),
    ))
})

describe('the registry', () => {
  test('a push that is denied', async () => {
    const restore = dropPermission('ecr:PutImage')
    expectFailure(await deploy(sandbox, project), 'DCF-ECR-PUSH-DENIED')
    restore()
  })

  test('no password', async () => {
    const restore = dropPermission('ecr:GetAuthorizationToken')
    expectFailure(await deploy(sandbox, project), 'DCF-ECR-TOKEN-DENIED')
    restore()
  })

  test('a tag that is there already in a repository with immutable tags', async () => {
    const repository = sandbox.world.repositories.get(sandbox.names.repository)
    if (repository === undefined) throw new Error('there is no repository')
    repository.immutable = true
    repository.tags.set('fixed', good)
    expectFailure(await deploy(sandbox, project, { 'image-tag': 'fixed' }), 'DCF-IMAGE-TAG-IMMUTABLE')
    repository.immutable = false
  })
})

describe('the function', () => {
  test('of another repository', async () => {
    const fn = functionOf(sandbox)
    const { served } = fn
    fn.served = { ...served, description: served.description.replace(/repo=\d+/, 'repo=999') }
    sandbox.journal.clear()
    expectFailure(await deploy(sandbox, project), 'DCF-FUNCTION-FOREIGN')
    expect(sandbox.journal.operations('s3')).toEqual([])
    fn.served = served
  })

  test('that becomes another repository’s during the build', async () => {
    const fn = functionOf(sandbox)
    const { served } = fn
    const running = startDeploy(sandbox, project)
    await untilBuildSays('pushing')
    fn.served = { ...served, description: served.description.replace(/repo=\d+/, 'repo=999') }
    expectFailure(await running.end, 'DCF-FUNCTION-FOREIGN')
    fn.served = served
  })

  test('that is a Zip function', async () => {
    sandbox.world.functions.set('zipped', {
      ...functionOf(sandbox),
      name: 'zipped',
      packageType: 'Zip',
      tags: new Map(),
      policy: [],
    })
    expectFailure(await deploy(sandbox, project, { 'function-name': 'zipped' }), 'DCF-FUNCTION-ZIP')
    sandbox.world.functions.delete('zipped')
  })

  test('with a role that Lambda may not be passed', async () => {
    const restore = dropPermission('iam:PassRole')
    const run = await deploy(sandbox, project, { 'function-name': 'fresh' })
    restore()
    expectFailure(run, 'DCF-PASS-ROLE-DENIED')
    expect(sandbox.world.functions.has('fresh')).toBe(false)
  })

  test('that the repository’s policy does not let Lambda pull', async () => {
    const repository = sandbox.world.repositories.get(sandbox.names.repository)
    if (repository === undefined) throw new Error('there is no repository')
    const { policy } = repository
    repository.policy = undefined
    const run = await deploy(sandbox, project, { 'function-name': 'fresh' })
    repository.policy = policy
    expectFailure(run, 'DCF-ECR-PULL-DENIED')
  })
})

describe('the machine', () => {
  test('an AWS CLI before 1.42.50', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = `${cache}/bin-aws-old:${path}`
    const run = await deploy(sandbox, project)
    process.env['PATH'] = path
    expectFailure(run, 'DCF-AWS-CLI-OLD')
    expect(run.log).toContain('aws-cli/1.42.49')
  })

  test('no privileged mode', async () => {
    const found = sandbox.world.projects.get(sandbox.names.project)
    if (found === undefined) throw new Error('there is no project')
    found.privileged = false
    expectFailure(await deploy(sandbox, project), 'DCF-DOCKER-UNAVAILABLE')
    found.privileged = true
  })

  test('Lambda compute', async () => {
    const found = sandbox.world.projects.get(sandbox.names.project)
    if (found === undefined) throw new Error('there is no project')
    const { image } = found
    found.image = 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs20'
    expectFailure(await deploy(sandbox, project), 'DCF-BUILD-COMPUTE')
    found.image = image
  })

  test('no adapter to be had', async () => {
    const name = 'public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1'
    await docker('tag', name, 'dcf-test/adapter:kept')
    await docker('image', 'rm', name)
    try {
      expectFailure(await deploy(sandbox, project), 'DCF-ADAPTER-UNAVAILABLE')
    } finally {
      await docker('tag', 'dcf-test/adapter:kept', name)
      await docker('image', 'rm', 'dcf-test/adapter:kept')
    }
  })
})

describe('the artifact', () => {
  test('replaced by another function before the build begins', async () => {
    sandbox.world.switches.codebuild.queued = 3000
    const running = startDeploy(sandbox, project)
    await until(() => [...sandbox.world.builds.values()].some((build) => build.status === 'IN_PROGRESS'))
    replaceArtifact({ 'dcf-function': 'other' })
    expectFailure(await running.end, 'DCF-ARTIFACT-REPLACED')
  })

  test('replaced by a newer run of this function before the build begins', async () => {
    sandbox.world.switches.codebuild.queued = 3000
    const running = startDeploy(sandbox, project)
    await until(() => [...sandbox.world.builds.values()].some((build) => build.status === 'IN_PROGRESS'))
    replaceArtifact({ 'dcf-run': '1/2/3/ffffffff' })
    const run = await running.end
    expect(run).toMatchObject({ exitCode: 1, outputs: { status: 'superseded' } })
  })

  test('replaced by a newer run during the build, with the same bytes', async () => {
    const running = startDeploy(sandbox, project)
    await untilBuildSays('building the image')
    replaceArtifact({ 'dcf-run': '1/2/3/ffffffff' }, artifact().etag)
    const run = await running.end
    expect(run).toMatchObject({ exitCode: 1, outputs: { status: 'superseded' } })
  })
})
