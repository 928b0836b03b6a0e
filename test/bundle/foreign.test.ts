// The deploy bundle against an endpoint that is not our sandbox: a bare server that knows the six calls and no more.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readOutputs } from '../../src/cli/bundlestep.ts'
import { findNodes } from './step.ts'

const url = 'https://abcdefghijklmnop.lambda-url.us-east-1.on.aws/'
const token = ['{"alg":"RS256"}', '{"iss":"https://issuer.example","sub":"s","aud":"sts.amazonaws.com"}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.')

/** Answers as plainly as an emulator may: no request ids, no buildComplete, no logs, no tags. */
function answer(
  request: IncomingMessage,
  body: string,
  calls: string[],
): { readonly status?: number; readonly type?: string; readonly body: string } {
  const { pathname, search } = new URL(request.url ?? '', 'http://127.0.0.1')
  const target = String(request.headers['x-amz-target'] ?? '')
  if (pathname === '/token') return { body: JSON.stringify({ value: token }) }
  if (body.includes('Action=AssumeRoleWithWebIdentity')) {
    calls.push('AssumeRole')
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    const keys = `<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration>`
    return {
      type: 'text/xml',
      body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>${keys}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    }
  }
  if (target.endsWith('.StartBuild')) {
    calls.push('StartBuild')
    return { body: JSON.stringify({ build: { id: 'project:1', buildStatus: 'IN_PROGRESS' } }) }
  }
  if (target.endsWith('.BatchGetBuilds')) {
    const exported = [{ name: 'FUNCTION_URL', value: url }]
    return {
      body: JSON.stringify({
        builds: [{ id: 'project:1', buildStatus: 'SUCCEEDED', exportedEnvironmentVariables: exported }],
      }),
    }
  }
  if (request.method === 'PUT') {
    calls.push(`Put ${pathname}${search.includes('uploads') ? '?uploads' : ''}`)
    return { type: 'application/xml', body: '' }
  }
  if (pathname.endsWith('/url')) return { body: JSON.stringify({ FunctionUrl: url, AuthType: 'NONE' }) }
  if (pathname.includes('/functions/')) {
    const isBuilt = calls.includes('StartBuild')
    return isBuilt
      ? { body: JSON.stringify({ Configuration: { PackageType: 'Image' }, Code: {} }) }
      : { status: 404, body: '{"Type":"User","Message":"no"}' }
  }
  return { status: 400, body: JSON.stringify({ __type: 'UnknownOperationException' }) }
}

async function serve(calls: string[]) {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const {
        status = 200,
        type = 'application/x-amz-json-1.1',
        body,
      } = answer(request, Buffer.concat(chunks).toString('latin1'), calls)
      const notFound = status === 404 ? { 'x-amzn-errortype': 'ResourceNotFoundException' } : {}
      response
        .writeHead(status, { 'content-type': type, etag: '"0123456789abcdef0123456789abcdef"', ...notFound })
        .end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    server,
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
  }
}

test.each(findNodes())(
  'on Node %s it uploads one object, starts one build and sets function-url',
  async (_, node) => {
    const calls: string[] = []
    const { server, endpoint } = await serve(calls)
    const folder = mkdtempSync(join(tmpdir(), 'dcf-foreign-'))
    const file = (name: string) => {
      writeFileSync(join(folder, name), '')
      return join(folder, name)
    }
    const output = file('output')
    const environment = {
      PATH: '/usr/bin:/bin',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY_ID: '1',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_WORKSPACE: resolve('examples/hello-dart'),
      GITHUB_OUTPUT: output,
      GITHUB_STATE: file('state'),
      ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint}/token?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
      'INPUT_ENDPOINT-URL': endpoint,
      'INPUT_ROLE-TO-ASSUME': 'arn:aws:iam::123456789012:role/dcf-gke-role',
      'INPUT_AWS-REGION': 'us-east-1',
      'INPUT_BUCKET-NAME': 'bucket',
      'INPUT_CODEBUILD-PROJECT': 'project',
      'INPUT_ECR-REPOSITORY-URI': '123456789012.dkr.ecr.us-east-1.amazonaws.com/name',
      'INPUT_LAMBDA-EXECUTION-ROLE-ARN': 'arn:aws:iam::123456789012:role/execution',
    }
    const child = spawn(node, [resolve('dist/deploy/index.js')], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    await once(child, 'close')
    server.close()
    const outputs = readOutputs(readFileSync(output, 'utf8'))
    rmSync(folder, { recursive: true, force: true })
    expect(child.exitCode, stdout).toBe(0)
    expect([outputs.get('status'), outputs.get('function-url')]).toEqual(['deployed', url])
    expect(calls).toEqual(['AssumeRole', 'Put /bucket/builds/app.zip', 'StartBuild'])
  },
)
