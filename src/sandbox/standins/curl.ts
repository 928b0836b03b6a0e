// `curl` where the host has none: one GET of an http address, with the options that the standard buildspec uses.
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { Console } from './console.ts'

const VALUED = ['-A', '-D', '-o', '-w', '--connect-timeout', '--max-time']
const PLAIN = ['-q', '-s', '-g', '-sg', '-S', '-sS']

interface Got {
  readonly status: number
  readonly head: string
  readonly body: Buffer
  readonly connected: number
}

/** Curl's exit statuses: 2 for options, 7 where nothing listens, 28 when the time is over. */
export async function runCurl(argv: readonly string[], { out, err }: Console): Promise<number> {
  const options = new Map<string, string>()
  const addresses: string[] = []
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (VALUED.includes(word)) {
      at += 1
      options.set(word, argv[at] ?? '')
    } else if (!word.startsWith('-')) addresses.push(word)
    else if (!PLAIN.includes(word)) {
      err(`curl: option ${word}: is unknown to this stand-in\n`)
      return 2
    }
  }
  const [address] = addresses
  if (address === undefined || !address.startsWith('http://')) return 1
  const got = await get(address, options)
  const { status, connected } =
    typeof got === 'number' ? { status: 0, connected: got === 28 ? 0.001 : 0 } : got
  if (typeof got !== 'number') save(got, options, out)
  const format = options.get('-w') ?? ''
  out(
    format
      .replace('%{http_code}', String(status).padStart(3, '0'))
      .replace('%{time_connect}', connected.toFixed(6)),
  )
  return typeof got === 'number' ? got : 0
}

function save({ head, body }: Got, options: ReadonlyMap<string, string>, out: (text: string) => void): void {
  const headFile = options.get('-D')
  const bodyFile = options.get('-o')
  if (headFile !== undefined) writeFileSync(headFile, head)
  if (bodyFile === undefined) out(body.toString('utf8'))
  else writeFileSync(bodyFile, body)
}

function get(address: string, options: ReadonlyMap<string, string>): Promise<Got | number> {
  return new Promise((resolve) => {
    const limit = Number(options.get('--max-time') ?? '300') * 1000
    const headers = { 'user-agent': options.get('-A') ?? 'curl/stand-in', accept: '*/*' }
    const call = request(address, { headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
        const head = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('')}\r\n`
        resolve({ status: answer.statusCode ?? 0, head, body: Buffer.concat(parts), connected: 0.001 })
      })
    })
    call.setTimeout(limit, () => {
      resolve(28)
      call.destroy()
    })
    call.on('error', () => resolve(7))
    call.end()
  })
}
