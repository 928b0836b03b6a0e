// Which AWS service a request is for: by credential scope, else by X-Amz-Target, path and Action.
import type { Exchange } from './exchange.ts'

const TARGETS: Readonly<Record<string, string>> = {
  CodeBuild_20161006: 'codebuild',
  Logs_20140328: 'logs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
}

/** Name of the service, as in a credential scope. A request that nothing else claims is S3's, as it has no marks of its own. */
export function routeService(exchange: Exchange): string {
  const scope = /Credential=[^/,]+\/\d+\/[^/,]+\/([^/,]+)\/aws4_request/.exec(
    exchange.headers['authorization'] ?? '',
  )
  if (scope?.[1] !== undefined) return scope[1]
  const target = exchange.headers['x-amz-target']?.split('.')[0]
  if (target !== undefined) return TARGETS[target] ?? 'unknown'
  if (/^\/\d{4}-\d{2}-\d{2}\//.test(exchange.path)) return 'lambda'
  const isForm = exchange.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  if (exchange.path === '/' && exchange.method === 'POST' && isForm) return 'sts'
  return 's3'
}

/** True for the hosts that this server answers to; anything else could be a rebound DNS name. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false
  const match = /^(.+):(\d+)$/.exec(host)
  if (match === null || Number(match[2]) !== port) return false
  const name = match[1] ?? ''
  return name === '127.0.0.1' || name === 'localhost' || name.endsWith('.localhost')
}
