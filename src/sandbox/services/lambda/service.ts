// Lambda's REST interface: which path is which operation, and which permissions each one needs.
import type { AwsError } from '../../awserror.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Access, Caller, Operation, Service } from '../../service.ts'
import { unknownOperation } from '../jsonprotocol.ts'
import { type Members, parseMembers } from '../members.ts'
import { concurrencyRoutes } from './concurrency.ts'
import {
  createFunction,
  deleteFunction,
  getConfiguration,
  getFunction,
  updateCode,
  updateConfiguration,
} from './functions.ts'
import { functionArn, plainName } from './naming.ts'
import type { LambdaOffice } from './office.ts'
import { addPermission, getPolicy, removePermission } from './resourcepolicy.ts'
import { settleAll } from './settle.ts'
import { tagRoutes } from './tags.ts'
import { createUrl, deleteUrl, getUrl, updateUrl } from './urlconfig.ts'

/** One request, taken apart. */
export interface Call {
  /** Plain function name from the path, or empty where the path has none. */
  readonly name: string
  readonly input: Members
  readonly query: URLSearchParams
  /** Last segment of the path, decoded. */
  readonly tail: string
  readonly caller: Caller
  readonly office: LambdaOffice
}

export interface Route {
  readonly operation: string
  readonly method: string
  /** First group: the function's name; second: a further identifier. */
  readonly path: RegExp
  /** Status of success. */
  readonly status: number
  /** Further permissions besides `lambda:OPERATION` on the function. */
  access?(call: Omit<Call, 'caller'>): readonly Access[]
  /** Members of the answer, or undefined for an empty one. */
  run(call: Call): unknown
}

const ONE = '/2015-03-31/functions/([^/]+)'

const ROUTES: readonly Route[] = [
  {
    operation: 'CreateFunction',
    method: 'POST',
    path: /^\/2015-03-31\/functions\/?$/,
    status: 201,
    access: accessOfCreate,
    run: ({ input, caller, office }) => createFunction(input, caller, office),
  },
  {
    operation: 'GetFunction',
    method: 'GET',
    path: new RegExp(`^${ONE}$`),
    status: 200,
    run: ({ name, caller, office }) => getFunction(name, caller, office),
  },
  {
    operation: 'GetFunctionConfiguration',
    method: 'GET',
    path: new RegExp(`^${ONE}/configuration$`),
    status: 200,
    run: ({ name, office }) => getConfiguration(name, office),
  },
  {
    operation: 'UpdateFunctionCode',
    method: 'PUT',
    path: new RegExp(`^${ONE}/code$`),
    status: 200,
    run: ({ name, input, caller, office }) => updateCode(name, input, caller, office),
  },
  {
    operation: 'UpdateFunctionConfiguration',
    method: 'PUT',
    path: new RegExp(`^${ONE}/configuration$`),
    status: 200,
    access: ({ input }) => accessOfRole(input),
    run: ({ name, input, office }) => updateConfiguration(name, input, office),
  },
  {
    operation: 'DeleteFunction',
    method: 'DELETE',
    path: new RegExp(`^${ONE}$`),
    status: 204,
    run: ({ name, office }) => deleteFunction(name, office),
  },
  {
    operation: 'GetPolicy',
    method: 'GET',
    path: new RegExp(`^${ONE}/policy/?$`),
    status: 200,
    run: ({ name, office }) => getPolicy(name, office),
  },
  {
    operation: 'AddPermission',
    method: 'POST',
    path: new RegExp(`^${ONE}/policy/?$`),
    status: 201,
    run: ({ name, input, office }) => addPermission(name, input, office),
  },
  {
    operation: 'RemovePermission',
    method: 'DELETE',
    path: new RegExp(`^${ONE}/policy/([^/]+)$`),
    status: 204,
    run: ({ name, tail, office }) => removePermission(name, tail, office),
  },
  {
    operation: 'GetFunctionUrlConfig',
    method: 'GET',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 200,
    run: ({ name, office }) => getUrl(name, office),
  },
  {
    operation: 'CreateFunctionUrlConfig',
    method: 'POST',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 201,
    run: ({ name, input, office }) => createUrl(name, input, office),
  },
  {
    operation: 'UpdateFunctionUrlConfig',
    method: 'PUT',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 200,
    run: ({ name, input, office }) => updateUrl(name, input, office),
  },
  {
    operation: 'DeleteFunctionUrlConfig',
    method: 'DELETE',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 204,
    run: ({ name, office }) => deleteUrl(name, office),
  },
  ...concurrencyRoutes,
  ...tagRoutes,
]

export function createLambdaService(office: LambdaOffice): Service {
  return {
    name: 'lambda',
    protocol: 'rest-json',
    understand: (exchange) => understand(exchange, office),
    refuse: refuseLambda,
    close: () => closeUrls(office),
  }
}

function understand(exchange: Exchange, office: LambdaOffice): Operation {
  for (const route of ROUTES) {
    const match = route.method === exchange.method ? route.path.exec(exchange.path) : null
    if (match !== null) return describe(route, match, exchange, office)
  }
  throw unknownOperation()
}

function describe(route: Route, match: RegExpExecArray, exchange: Exchange, office: LambdaOffice): Operation {
  const input = parseMembers(exchange.body.toString('utf8'))
  const call = {
    name: match[1] === undefined ? '' : plainName(decodeURIComponent(match[1])),
    input,
    query: exchange.query,
    tail: decodeURIComponent(match[2] ?? ''),
    office,
  }
  const own: Access = {
    action: `lambda:${route.operation}`,
    resource: functionArn(call.name === '' ? (input.text('FunctionName') ?? '') : call.name, office.world),
    context: contextOf(input),
  }
  return {
    name: route.operation,
    access: [own, ...(route.access?.(call) ?? [])],
    parameters: {
      ...(call.name === '' ? {} : { FunctionName: call.name }),
      ...(call.tail === '' ? {} : { Id: call.tail }),
      body: input.plain(),
    },
    run: async (caller) => {
      settleAll(office.world)
      return answerLambda(route.status, await route.run({ ...call, caller }))
    },
  }
}

/** Condition keys that Lambda derives from a request. */
function contextOf(input: Members): Readonly<Record<string, readonly string[]>> {
  const keys = [
    ['lambda:FunctionUrlAuthType', input.text('FunctionUrlAuthType') ?? input.text('AuthType')],
    ['lambda:Principal', input.text('Principal')],
  ] as const
  return Object.fromEntries(keys.flatMap(([key, value]) => (value === undefined ? [] : [[key, [value]]])))
}

/** Tags at creation need the right to tag, and every role that is named the right to pass it. */
function accessOfCreate({ input, office }: Omit<Call, 'caller'>): readonly Access[] {
  const resource = functionArn(input.text('FunctionName') ?? '', office.world)
  const hasTags = Object.keys(input.map('Tags') ?? {}).length > 0
  return [...accessOfRole(input), ...(hasTags ? [{ action: 'lambda:TagResource', resource }] : [])]
}

function accessOfRole(input: Members): readonly Access[] {
  const role = input.text('Role')
  if (role === undefined) return []
  return [
    { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': ['lambda.amazonaws.com'] } },
  ]
}

function answerLambda(status: number, members: unknown): Answer {
  if (members === undefined) return { status }
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(members) }
}

function refuseLambda(error: AwsError, requestId: string): Answer {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({
      Type: error.status >= 500 ? 'Service' : 'User',
      message: error.message,
      ...error.members,
    }),
  }
}

async function closeUrls({ world }: LambdaOffice): Promise<void> {
  await Promise.all([...world.functions.values()].map((fn) => fn.url?.close()))
}
