// Lambda's REST interface: requests matched to routes, and answers and errors in its protocol.
import { AwsError } from '../../awserror.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Operation, Service } from '../../service.ts'
import { unknownOperation } from '../jsonprotocol.ts'
import { type Members, parseMembers } from '../members.ts'
import type { Route } from './call.ts'
import { notFound, parseReference } from './naming.ts'
import type { LambdaOffice } from './office.ts'
import { ROUTES } from './routes.ts'
import { settleAll } from './settle.ts'

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
  const given = match[1] === undefined ? input.text('FunctionName') : decodeSegment(match[1])
  const qualifier = exchange.query.get('Qualifier')
  const reference = parseReference(qualifier === null ? (given ?? '') : `${given}:${qualifier}`, office.world)
  const call = {
    name: reference.name,
    input,
    query: exchange.query,
    tail: decodeSegment(match[2] ?? ''),
    office,
  }
  const own = { action: `lambda:${route.operation}`, resource: reference.arn, context: contextOf(input) }
  return {
    name: route.operation,
    access: [own, ...(route.access?.(call) ?? [])],
    parameters: {
      FunctionName: call.name,
      ...(call.tail === '' ? {} : { Id: call.tail }),
      body: input.plain(),
    },
    run: async (caller) => {
      settleAll(office.world)
      if (!reference.isOurs) throw notFound(`Function not found: ${reference.arn}`)
      return answerLambda(route.status, await route.run({ ...call, caller }))
    },
  }
}

/** Throws ValidationException for a segment whose percent-encoding is broken. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new AwsError('ValidationException', `The path segment '${segment}' is not properly encoded`)
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
