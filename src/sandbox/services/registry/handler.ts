// The registry behind ECR: the OCI distribution interface as `docker push` and `docker pull` use it, under ECR's permissions.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseAddress } from './address.ts'
import { identify } from './gate.ts'
import { planVisit } from './plan.ts'
import { RegistryRefusal, refusalBody } from './refusal.ts'
import { JSON_TYPE, locate, type RegistryNote, type RegistryOffice } from './visit.ts'

/** Takes node's own request and response, because layers are streamed and never held in memory. */
export async function handleRegistry(
  office: RegistryOffice,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://registry')
  const method = request.method ?? 'GET'
  const note: Draft = {
    operation: 'unknown',
    method,
    path: url.pathname,
    principal: 'anonymous',
    actions: [],
    errorCode: '',
  }
  response.setHeader('docker-distribution-api-version', 'registry/2.0')
  try {
    const address = parseAddress(url.pathname)
    const caller = identify(request, office)
    note.principal = caller.arn
    const plan = address === undefined ? undefined : planVisit(address, method, office)
    if (plan === undefined) throw new RegistryRefusal(404, 'UNSUPPORTED', 'The operation is unsupported.')
    note.operation = plan.operation
    note.actions = plan.actions
    await plan.run({ request, response, caller, query: url.searchParams, office, method })
  } catch (error) {
    // A client that hangs up in the middle is no failure of the registry.
    if (!(error instanceof RegistryRefusal) && !response.destroyed) throw error
    if (!(error instanceof RegistryRefusal)) return
    note.errorCode = error.code
    refuse(request, response, error)
  } finally {
    const { errorCode, ...rest } = note
    office.record({ ...rest, status: response.statusCode, ...(errorCode === '' ? {} : { errorCode }) })
  }
}

/** The note while it is being written. */
type Draft = { -readonly [K in keyof Omit<RegistryNote, 'status' | 'errorCode'>]: RegistryNote[K] } & {
  errorCode: string
}

/** A body that was not read ends the connection with the answer, as the client may still be sending it. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: RegistryRefusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (refusal.status === 401) {
    response.setHeader(
      'www-authenticate',
      `Basic realm="${locate(request, '/')}",service="ecr.amazonaws.com"`,
    )
  }
  response.writeHead(refusal.status, JSON_TYPE)
  response.end(request.method === 'HEAD' ? undefined : refusalBody(refusal))
  request.resume()
}
