// The event that a Function URL hands to a function: payload format 2.0, as Lambda's developer guide describes it.
export interface UrlEvent {
  readonly version: '2.0'
  readonly routeKey: '$default'
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly accountId: 'anonymous'
    readonly apiId: string
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: string
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: '$default'
    readonly stage: '$default'
    readonly time: string
    readonly timeEpoch: number
  }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

export interface UrlCall {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  /** Names and values alternating, as node's `rawHeaders`. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly protocol: string
  readonly sourceIp: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly requestId: string
  /** Host and port at which the URL is served, and the id that Lambda gives a URL. */
  readonly domainName: string
  readonly apiId: string
  readonly traceId: string
}

export function describeCall(call: UrlCall): UrlEvent {
  const mark = call.target.indexOf('?')
  const rawPath = mark < 0 ? call.target : call.target.slice(0, mark)
  const rawQueryString = mark < 0 ? '' : call.target.slice(mark + 1)
  const { headers, cookies } = readHeaders(call)
  const parameters = readParameters(rawQueryString)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(parameters === undefined ? {} : { queryStringParameters: parameters }),
    requestContext: {
      accountId: 'anonymous',
      apiId: call.apiId,
      domainName: call.domainName,
      domainPrefix: call.apiId,
      http: {
        method: call.method,
        path: decodePath(rawPath),
        protocol: call.protocol,
        sourceIp: call.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: call.requestId,
      routeKey: '$default',
      stage: '$default',
      time: formatTime(call.time),
      timeEpoch: call.time,
    },
    ...describeBody(call.body, headers),
  }
}

/** Lower-case names, repeated values joined with a comma; cookies stand in a list of their own and hop-by-hop headers nowhere. */
function readHeaders(call: UrlCall): {
  readonly headers: Record<string, string>
  readonly cookies: readonly string[]
} {
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  for (let index = 0; index + 1 < call.rawHeaders.length; index += 2) {
    const name = (call.rawHeaders[index] ?? '').toLowerCase()
    const value = call.rawHeaders[index + 1] ?? ''
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ''))
    else if (!HOP_BY_HOP.has(name))
      headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  const added = {
    'x-forwarded-for': call.sourceIp,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    'x-amzn-trace-id': call.traceId,
  }
  return { headers: { ...headers, ...added }, cookies }
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function readParameters(query: string): Readonly<Record<string, string>> | undefined {
  if (query === '') return undefined
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name)
    parameters.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(parameters)
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Text types go as text, everything else (and whatever is compressed or no UTF-8) as base64. */
function describeBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Pick<UrlEvent, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false }
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isPlain = headers['content-encoding'] === undefined && isTextType(type)
  const text = isPlain ? decodeText(body) : undefined
  if (text === undefined) return { body: body.toString('base64'), isBase64Encoded: true }
  return { body: text, isBase64Encoded: false }
}

function isTextType(type: string): boolean {
  return (
    type.startsWith('text/') ||
    ['application/json', 'application/javascript', 'application/xml'].includes(type)
  )
}

function decodeText(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `28/Nov/2026:11:00:00 +0000` */
function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
