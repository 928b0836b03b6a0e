// HTTPS_PROXY, HTTP_PROXY and NO_PROXY, through a proxy of our own on a real socket.
import { createServer, get as getHttp, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeSts } from '../../src/edge/aws/clients.ts'
import { get } from '../../src/edge/get.ts'
import { agentsFor } from '../../src/edge/proxy.ts'

/** What the proxy was asked for: `CONNECT host:port` or `GET url`. */
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  response.end('through the proxy')
})
server.on('connect', (request: IncomingMessage, socket) => {
  asked.push(`CONNECT ${request.url}`)
  if (request.url?.endsWith(':443') === true) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  const { port } = server.address() as AddressInfo
  const inner = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    inner.pipe(socket).pipe(inner)
  })
  inner.on('error', () => socket.destroy())
})

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']
const before = variables.map((name) => [name, process.env[name]] as const)
let proxy = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
afterEach(() => {
  asked.length = 0
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

function setProxy(values: Readonly<Record<string, string>>): void {
  for (const name of variables) delete process.env[name]
  Object.assign(process.env, values)
}

async function assume(region = 'us-east-1'): Promise<void> {
  const sts = makeSts({ region, endpoints: {} })
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: 'arn:aws:iam::123456789012:role/x',
    RoleSessionName: 'test',
    WebIdentityToken: 'token',
  })
  await sts.send(command).catch(() => undefined)
  sts.destroy()
}

describe('clients of AWS', () => {
  test('go through HTTPS_PROXY', async () => {
    setProxy({ HTTPS_PROXY: proxy })
    await assume()
    expect(asked).toEqual(['CONNECT sts.us-east-1.amazonaws.com:443'])
  })

  test('but not to hosts of NO_PROXY', async () => {
    setProxy({ HTTPS_PROXY: proxy, NO_PROXY: 'example.org,.amazonaws.com' })
    await assume()
    expect(asked).toEqual([])
  })
})

describe('a plain GET', () => {
  const signal = new AbortController().signal

  test('goes through HTTP_PROXY as a tunnel too', async () => {
    setProxy({ HTTP_PROXY: proxy })
    const answer = await get({ url: 'http://token.example/path?x=1', signal, limit: 5000 })
    expect(answer).toMatchObject({ status: 200, text: 'through the proxy' })
    expect(asked).toEqual(['CONNECT token.example:80', 'GET /path?x=1'])
  })

  test('goes through HTTPS_PROXY as a tunnel', async () => {
    setProxy({ HTTPS_PROXY: proxy })
    await expect(get({ url: 'https://token.example/path', signal, limit: 5000 })).rejects.toThrow()
    expect(asked).toEqual(['CONNECT token.example:443'])
  })

  test('to this machine never does', async () => {
    setProxy({ HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' })
    const answer = await get({ url: `${proxy}/here`, signal, limit: 5000 })
    expect(answer.text).toBe('through the proxy')
    expect(asked).toEqual(['GET /here'])
  })

  test('agents of a proxied host end with it', async () => {
    setProxy({ HTTP_PROXY: proxy })
    const { httpAgent } = agentsFor('http://token.example/')
    const text = await new Promise<string>((resolve, reject) => {
      getHttp('http://token.example/', { agent: httpAgent }, (message) => {
        let body = ''
        message
          .on('data', (chunk) => {
            body += String(chunk)
          })
          .on('end', () => resolve(body))
      }).on('error', reject)
    })
    httpAgent.destroy()
    expect(text).toBe('through the proxy')
  })
})
