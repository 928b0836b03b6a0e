// The aws stand-in refuses what the real one refuses, prints what it prints, and calls nothing but loopback.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatAnswer } from '../../src/sandbox/standins/awsoutput.ts'
import { aws } from './tool.ts'

const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
}
const folder = mkdtempSync(join(tmpdir(), 'dcf-aws-'))

describe('a command line', () => {
  it.each([
    ['an unknown service', ['lamda', 'get-function'], 2, "Invalid choice: 'lamda'"],
    ['an unknown operation', ['lambda', 'get-functions'], 2, "Invalid choice: 'get-functions'"],
    [
      'an unknown option',
      ['lambda', 'get-function', '--function-name', 'f', '--pretty'],
      2,
      'Unknown options: --pretty',
    ],
    [
      'an option of version 2 alone',
      ['lambda', 'get-function', '--function-name', 'f', '--no-cli-pager'],
      2,
      'Unknown options: --no-cli-pager',
    ],
    [
      'a missing member',
      ['lambda', 'add-permission', '--function-name', 'f'],
      2,
      'the following arguments are required: --statement-id, --action, --principal',
    ],
    [
      'an option without its value',
      ['lambda', 'get-function', '--function-name'],
      2,
      'argument --function-name: expected one argument',
    ],
    [
      'a missing file for the body',
      ['s3api', 'get-object', '--bucket', 'b', '--key', 'k'],
      2,
      'arguments are required: outfile',
    ],
    [
      'an empty name',
      ['lambda', 'get-function', '--function-name', ''],
      255,
      'Invalid length for parameter FunctionName, value: 0, valid min length: 1',
    ],
    [
      'a number that is none',
      ['lambda', 'update-function-configuration', '--function-name', 'f', '--timeout', 'x'],
      255,
      "invalid literal for int() with base 10: 'x'",
    ],
    [
      'a value outside an enum',
      ['lambda', 'create-function-url-config', '--function-name', 'f', '--auth-type', 'OPEN'],
      255,
      'Member must satisfy enum value set: [NONE, AWS_IAM]',
    ],
    [
      'a value against a pattern',
      ['lambda', 'get-function', '--function-name', 'a b'],
      255,
      'Member must satisfy regular expression pattern',
    ],
    [
      'a file that is not there',
      ['s3api', 'head-object', '--bucket', 'b', '--key', 'file:///absent/key'],
      255,
      "Error parsing parameter '--key': Unable to load paramfile",
    ],
    [
      'an address as a value',
      ['s3api', 'head-object', '--bucket', 'b', '--key', 'http://127.0.0.1:9/'],
      255,
      'Unable to retrieve',
    ],
    [
      'another waiter',
      ['lambda', 'wait', 'function-gone', '--function-name', 'f'],
      2,
      "Invalid choice: 'function-gone'",
    ],
  ])('is refused: %s', async (_name, argv, status, text) => {
    const ran = await aws(argv, KEYS)
    expect(ran.err).toContain(text)
    expect(ran.status).toBe(status)
    expect(ran.out).toBe('')
  })

  it('that brings JSON is checked member by member', async () => {
    const file = join(folder, 'input.json')
    writeFileSync(file, '{"FunctionName":"f","Bogus":1,"Timeout":"x"}')
    const ran = await aws(
      ['lambda', 'update-function-configuration', '--cli-input-json', `file://${file}`],
      KEYS,
    )
    expect(ran.err).toContain('Unknown parameter in input: "Bogus", must be one of: FunctionName, Role')
    expect(ran.err).toContain(
      "Invalid type for parameter Timeout, value: x, type: <class 'str'>, valid types: <class 'int'>",
    )
  })

  it('that asks for a skeleton needs no members, region or credentials', async () => {
    const ran = await aws(['lambda', 'add-permission', '--generate-cli-skeleton', 'input'])
    expect(JSON.parse(ran.out)).toMatchObject({ FunctionName: '', InvokedViaFunctionUrl: true })
  })

  it('without credentials or with a foreign endpoint sends nothing', async () => {
    const who = ['sts', 'get-caller-identity', '--region', 'us-east-1']
    expect((await aws(who, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })).err).toContain(
      'Unable to locate credentials',
    )
    expect((await aws(who, KEYS)).err).toContain('Could not connect to the endpoint URL')
    expect((await aws(who, { ...KEYS, AWS_ENDPOINT_URL: 'http://192.0.2.1' })).err).toContain(
      'calls loopback only',
    )
  })
})

describe('a call', () => {
  const seen: string[] = []
  let server: Server
  let env: Record<string, string>
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => {
        body += part.toString('utf8')
      })
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${body}`)
        if (request.url?.includes('denied')) {
          response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{"Message":"no"}')
        } else if (request.method === 'HEAD') response.writeHead(412).end()
        else
          response
            .writeHead(200, { etag: '"tag"', 'x-amz-meta-dcf-run': 'r' })
            .end('{"LastUpdateStatus":"InProgress","Secret":"unknown"}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    env = { ...KEYS, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
  })
  afterAll(() => server.close())

  it('writes its members where the model wants them, and of a name that stands twice the later value', async () => {
    const file = join(folder, 'twice.json')
    writeFileSync(file, '{"FunctionName":"f","Environment":{"Variables":{"NAME":"one","NAME":"two"}}}')
    const ran = await aws(
      ['lambda', 'update-function-configuration', '--cli-input-json', `file://${file}`],
      env,
    )
    expect(seen.at(-1)).toBe(
      'PUT /2015-03-31/functions/f/configuration {"Environment":{"Variables":{"NAME":"two"}}}',
    )
    expect(JSON.parse(ran.out)).toEqual({ LastUpdateStatus: 'InProgress' })
  })

  it('writes a streamed answer to its file and shows the headers', async () => {
    const file = join(folder, 'body')
    const argv = [
      's3api',
      'get-object',
      '--bucket',
      'bucket',
      '--key',
      'a b/c',
      '--if-match',
      '"tag"',
      file,
      '--output',
      'text',
    ]
    const ran = await aws([...argv, '--query', '[ETag,Metadata."dcf-run"]'], env)
    expect(seen.at(-1)).toBe('GET /bucket/a%20b/c ')
    expect(ran.out).toBe('"tag"\tr\n')
    expect(readFileSync(file, 'utf8')).toContain('InProgress')
  })

  it('that is refused shows the code as the AWS CLI does, and the status where there is no body', async () => {
    const denied = await aws(['lambda', 'get-function', '--function-name', 'denied'], env)
    expect(denied).toMatchObject({
      status: 255,
      err: '\nAn error occurred (AccessDeniedException) when calling the GetFunction operation: no\n',
    })
    const changed = await aws(
      ['s3api', 'head-object', '--bucket', 'b', '--key', 'k', '--if-match', '"x"'],
      env,
    )
    expect(changed.err).toContain(
      'An error occurred (412) when calling the HeadObject operation: Precondition Failed',
    )
  })
})

describe('text output', () => {
  it.each([
    [{ b: 1, a: 'x', list: [1, 2], map: { c: null } }, undefined, 'x\t1\nLIST\t1\nLIST\t2\nMAP\tNone\n'],
    [
      {
        a: [
          ['x', null],
          ['y', true],
        ],
      },
      'a',
      'x\tNone\ny\tTrue\n',
    ],
    [{ a: 1 }, 'b', 'None\n'],
    [{ a: [{ n: 1, m: 'x' }, { n: 2 }] }, 'a', 'x\t1\n\t2\n'],
    ['plain', undefined, 'plain\n'],
  ])('of %j for %s', (answer, query, text) => {
    expect(formatAnswer(answer, 'text', query)).toBe(text)
  })
})
