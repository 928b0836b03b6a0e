// Which operation a request on the wire is, and what its service says when it refuses.

export const operations = [
  'GetIdToken',
  'AssumeRoleWithWebIdentity',
  'GetFunction',
  'PutObject',
  'StartBuild',
  'BatchGetBuilds',
  'GetLogEvents',
  'GetFunctionUrlConfig',
  'HeadObject',
  'StopBuild',
  'DeleteFunctionUrlConfig',
  'RemovePermission',
  'DeleteFunction',
] as const
export type OperationName = (typeof operations)[number]

export interface WireRequest {
  readonly method: string
  /** Path with query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Undefined for what no fault is meant for. */
export function nameOperation({ method, url, headers, body }: WireRequest): string | undefined {
  const path = url.split('?')[0] ?? ''
  if (path === '/_github/token') return 'GetIdToken'
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.')[1]
  if (/\/functions\//.test(path)) return nameLambda(method, path)
  const action = /(?:^|&)Action=(\w+)/.exec(body.subarray(0, 4096).toString('utf8'))?.[1]
  if (method === 'POST' && action !== undefined) return action
  if (method === 'PUT') return 'PutObject'
  return method === 'HEAD' ? 'HeadObject' : undefined
}

function nameLambda(method: string, path: string): string | undefined {
  if (/\/url$/.test(path)) return method === 'GET' ? 'GetFunctionUrlConfig' : 'DeleteFunctionUrlConfig'
  if (/\/policy\//.test(path)) return method === 'DELETE' ? 'RemovePermission' : undefined
  if (/\/policy$/.test(path)) return 'GetPolicy'
  return method === 'GET' ? 'GetFunction' : 'DeleteFunction'
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An error in the protocol of the operation's service. */
export function refuseAs(operation: string, status: number, code: string, message: string): WireAnswer {
  switch (protocolOf(operation)) {
    case 'github':
      return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) }
    case 'query':
      return {
        status,
        headers: { 'content-type': 'text/xml' },
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>wire-1</RequestId></ErrorResponse>`,
      }
    case 's3':
      return {
        status,
        headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'wire-1' },
        body:
          operation === 'HeadObject'
            ? ''
            : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      }
    case 'json':
      return {
        status,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-errortype': code,
          'x-amzn-requestid': 'wire-1',
        },
        body: JSON.stringify({ __type: code, message }),
      }
  }
}

type Protocol = 'github' | 'query' | 's3' | 'json'

export function protocolOf(operation: string): Protocol {
  if (operation === 'GetIdToken') return 'github'
  if (operation === 'AssumeRoleWithWebIdentity') return 'query'
  return operation === 'PutObject' || operation === 'HeadObject' ? 's3' : 'json'
}
