// The standard buildspec run in the sandbox with the stand-ins: what it deploys, what it keeps, what it refuses.
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Deployment, deploy, functionOf, HELLO, inAccount, putArtifact, sha256 } from './account.ts'

const PATIENCE = 300_000

async function deployed(sandbox: Sandbox, deployment: Deployment = {}): Promise<void> {
  const result = await deploy(sandbox, deployment)
  expect(result.lines.filter((line) => line.startsWith('[dcf] error'))).toEqual([])
  expect(result.status).toBe('SUCCEEDED')
}

/** A deployment that has to fail: its exit status and code agree, and its log names the code. */
async function refused(sandbox: Sandbox, deployment: Deployment): Promise<string> {
  const result = await deploy(sandbox, deployment)
  expect(result.status).toBe('FAILED')
  const code = result.exported['DCF_ERROR_CODE'] ?? ''
  expect(result.lines.some((line) => line.startsWith(`[dcf] error ${code}`))).toBe(true)
  expect(result.exported['FUNCTION_URL']).toBe('')
  return `${result.exitStatus} ${code}`
}

describe.concurrent('a deployment', () => {
  it(
    'creates the function by digest, opens its URL, asks it, and says where it is',
    {
      timeout: PATIENCE,
    },
    () =>
      inAccount(async (sandbox) => {
        const result = await deploy(sandbox)
        expect(result.status).toBe('SUCCEEDED')
        expect(result.exported['DCF_ERROR_CODE']).toBe('')
        const fn = functionOf(sandbox)
        expect(result.exported).toMatchObject({
          FUNCTION_ARN: fn.arn,
          FUNCTION_URL: fn.url?.url,
          IMAGE_URI: `${sandbox.names.ecrRepositoryUri}@${result.exported['IMAGE_DIGEST']}`,
        })
        expect(fn.served.imageUri).toBe(result.exported['IMAGE_URI'])
        expect(fn.served).toMatchObject({
          timeout: 30,
          memorySize: 512,
          architectures: ['x86_64'],
          environment: {},
        })
        expect(fn.served.description).toMatch(
          /^dcf\/aws-lambda-deploy repo=1296269 pr=- src=[0-9a-f]{16} cfg=0123456789abcdef img=[0-9a-f]{16}$/,
        )
        expect(fn.served.description).toContain(` img=${result.exported['IMAGE_DIGEST']?.slice(7, 23)}`)
        expect(Object.fromEntries(fn.tags)).toEqual({
          'dcf-environment': 'aws-e2e-qa',
          'dcf-deployed-by': 'dcf/aws-lambda-deploy',
        })
        expect(fn.policy.map(({ Sid, Action }) => `${Sid} ${Action}`)).toEqual([
          'DcfFunctionUrlPublic lambda:InvokeFunctionUrl',
          'DcfFunctionInvokePublic lambda:InvokeFunction',
        ])
        const answer = await (await fetch(`${fn.url?.url}`)).json()
        expect(answer).toMatchObject({
          imageDigest: result.exported['IMAGE_DIGEST'],
          sourceDigest: sha256(Buffer.from(JSON.stringify(HELLO))),
        })
        expect(result.lines.filter((line) => line !== '').at(-6)).toContain(
          `[dcf] Function URL: ${fn.url?.url}`,
        )
      }),
  )

  it(
    'keeps at a redeploy what is not its own, and merges the named variables',
    {
      timeout: PATIENCE,
    },
    () =>
      inAccount(async (sandbox) => {
        await deployed(sandbox, {
          variables: { DCF_ENVIRONMENT_VARIABLES: '{"OLD":"kept","SAME":"before"}' },
        })
        const fn = functionOf(sandbox)
        const url = fn.url?.url
        fn.tags.set('owner', 'somebody')
        fn.served = {
          ...fn.served,
          extras: { ...fn.served.extras, VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [] } },
        }
        await deployed(sandbox, {
          files: { ...HELLO, 'bin/server.dart': 'void main() { print(1); }\n' },
          variables: {
            LAMBDA_MEMORY_MB: '1024',
            DCF_ENVIRONMENT_VARIABLES:
              '{"SAME":"after","FILE":"file:///etc/passwd","TEXT":"a \\"quoted\\" \\\\ ,}{ text"}',
          },
        })
        const after = functionOf(sandbox)
        expect(after.served.environment).toEqual({
          OLD: 'kept',
          SAME: 'after',
          FILE: 'file:///etc/passwd',
          TEXT: 'a "quoted" \\ ,}{ text',
        })
        expect(after.served.memorySize).toBe(1024)
        expect(after.served.extras['VpcConfig']).toMatchObject({ SubnetIds: ['subnet-1'] })
        expect(after.tags.get('owner')).toBe('somebody')
        expect(after.url?.url).toBe(url)
        expect(after.policy).toHaveLength(2)
        await deployed(sandbox, { variables: { DCF_ENVIRONMENT: 'production' } })
        expect(functionOf(sandbox).served.environment).toMatchObject({ OLD: 'kept' })
        expect(functionOf(sandbox).tags.get('dcf-environment')).toBe('production')
      }),
  )
})

describe.concurrent('the fence', () => {
  it(
    'tells superseded, withdrawn, another function and a gone artifact apart before it reads',
    {
      timeout: PATIENCE,
    },
    () =>
      inAccount(async (sandbox) => {
        const other = (change: { name?: string; run?: string; withdrawn?: boolean }) => (at: Sandbox) => {
          putArtifact(at, { body: Buffer.from('other'), name: 'hello', run: 'newer', ...change })
        }
        expect(await refused(sandbox, { afterUpload: other({}) })).toBe('16 DCF-SUPERSEDED')
        expect(await refused(sandbox, { afterUpload: other({ withdrawn: true }) })).toBe('17 DCF-WITHDRAWN')
        expect(await refused(sandbox, { afterUpload: other({ name: 'another' }) })).toBe(
          '18 DCF-ARTIFACT-REPLACED',
        )
        const gone = (at: Sandbox) => at.world.buckets.get(at.names.bucket)?.objects.clear()
        // Without s3:ListBucket S3 does not say that an object is absent.
        expect(await refused(sandbox, { afterUpload: gone })).toBe('15 DCF-ARTIFACT-UNREADABLE')
        expect(await refused(sandbox, { variables: { DCF_ARTIFACT_SHA256: '0'.repeat(64) } })).toBe(
          '21 DCF-ARTIFACT-CHECKSUM',
        )
        expect(sandbox.world.functions.size).toBe(0)
      }),
  )

  it(
    'looks again before it touches the function, and lets another function pass',
    {
      timeout: PATIENCE,
    },
    () =>
      inAccount(async (sandbox) => {
        const during = (change: { name?: string; run?: string }) => (line: string, at: Sandbox) => {
          if (line === '[dcf] building the image')
            putArtifact(at, { body: Buffer.from('x'), name: 'hello', run: 'newer', ...change })
        }
        expect(await refused(sandbox, { onLine: during({}) })).toBe('16 DCF-SUPERSEDED')
        expect(sandbox.world.functions.size).toBe(0)
        await deployed(sandbox, { onLine: during({ name: 'another' }) })
        const gone = (line: string, at: Sandbox) => {
          if (line === '[dcf] building the image') at.world.buckets.get(at.names.bucket)?.objects.clear()
        }
        expect(await refused(sandbox, { onLine: gone })).toBe('42 DCF-FENCE-CLOSED')
      }),
  )
})

describe.concurrent('the build refuses', () => {
  const cases: readonly [string, string, Deployment, ((at: Sandbox) => void)?][] = [
    [
      'missing variables',
      '11 DCF-BUILD-VARIABLES',
      { variables: { FUNCTION_NAME: 'a b', S3_KEY: 'file:///etc/passwd' } },
    ],
    [
      'a project without privileged mode',
      '12 DCF-DOCKER-UNAVAILABLE',
      {},
      (at) => Object.assign(projectOf(at), { privileged: false }),
    ],
    [
      'Lambda compute',
      '13 DCF-BUILD-COMPUTE',
      {},
      (at) =>
        Object.assign(projectOf(at), {
          image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs20',
          environmentType: 'LINUX_LAMBDA_CONTAINER',
        }),
    ],
    [
      'ARM compute',
      '13 DCF-BUILD-COMPUTE',
      {},
      (at) => Object.assign(projectOf(at), { environmentType: 'ARM_CONTAINER' }),
    ],
    [
      'a Dockerfile that does not build',
      '23 DCF-IMAGE-BUILD-FAILED',
      { files: { ...HELLO, Dockerfile: 'FROM dart:3.11\nRUN exit 3\n' } },
    ],
    [
      'an image of another architecture',
      '32 DCF-IMAGE-ARCHITECTURE',
      { files: { ...HELLO, Dockerfile: 'FROM --platform=linux/arm64 debian\nCOPY . /app\n' } },
    ],
    [
      'an image without a command',
      '33 DCF-IMAGE-NO-COMMAND',
      { files: { ...HELLO, Dockerfile: 'FROM scratch\nCOPY . /app\n' } },
    ],
    ['no ECR token', '30 DCF-ECR-TOKEN-DENIED', {}, (at) => deny(at, 'ecr:GetAuthorizationToken')],
    ['a push that is denied', '35 DCF-ECR-PUSH-DENIED', {}, (at) => deny(at, 'ecr:InitiateLayerUpload')],
    [
      'a repository that is absent',
      '39 DCF-ECR-REPOSITORY-MISSING',
      {},
      (at) => at.world.repositories.clear(),
    ],
    ['a role that may not be passed', '50 DCF-PASS-ROLE-DENIED', {}, (at) => deny(at, 'iam:PassRole')],
    ['no pull for Lambda', '54 DCF-ECR-PULL-DENIED', {}, withoutLambdaPull],
    [
      'more memory than the account has',
      '55 DCF-MEMORY-LIMIT',
      { variables: { LAMBDA_MEMORY_MB: '4096' } },
      (at) => Object.assign(at.world.switches.lambda, { maximumMemory: 3008 }),
    ],
    [
      'a public policy where that is blocked',
      '61 DCF-PUBLIC-ACCESS-BLOCKED',
      {},
      (at) => Object.assign(at.world.switches.lambda, { blockPublicPolicy: true }),
    ],
    [
      'a function that does not become active',
      '60 DCF-FUNCTION-FAILED',
      {},
      (at) => Object.assign(at.world.switches.lambda, { failCreate: { code: 'InvalidImage', reason: 'no' } }),
    ],
  ]

  it.each(cases)('%s', { timeout: PATIENCE }, (_name, expected, deployment, prepare) =>
    inAccount(async (sandbox) => {
      prepare?.(sandbox)
      expect(await refused(sandbox, deployment)).toBe(expected)
    }),
  )

  it('a tag that exists in a repository with immutable tags', { timeout: PATIENCE }, () =>
    inAccount(async (sandbox) => {
      const repository = sandbox.world.repositories.get(sandbox.names.repository)
      if (repository !== undefined) repository.immutable = true
      await deployed(sandbox, { variables: { IMAGE_TAG: 'v1' } })
      const changed = { ...HELLO, 'bin/server.dart': 'void main() { print(2); }\n' }
      expect(await refused(sandbox, { files: changed, variables: { IMAGE_TAG: 'v1' } })).toBe(
        '36 DCF-IMAGE-TAG-IMMUTABLE',
      )
    }),
  )
})

function projectOf({ world, names }: Sandbox): object {
  return world.projects.get(names.project) ?? {}
}

function deny({ world, names }: Sandbox, action: string): void {
  const statement = { Effect: 'Deny', Action: action, Resource: '*' }
  world.roles.get(names.serviceRole)?.policies.set('deny', { Version: '2012-10-17', Statement: [statement] })
}

function withoutLambdaPull({ world, names }: Sandbox): void {
  const repository = world.repositories.get(names.repository)
  if (repository !== undefined) repository.policy = undefined
}
