// The SDK clients of one session: explicit endpoints, credentials and limits, and nothing from shared AWS files.
import { devNull } from 'node:os'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Endpoints, ServiceName } from '../../core/endpoints.ts'
import { type Agents, agentsFor } from '../proxy.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent for the long-lived keys of a person. */
  readonly sessionToken?: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface Place {
  readonly region: string
  readonly endpoints: Endpoints
}

export interface Clients {
  readonly s3: S3Client
  readonly codebuild: CodeBuildClient
  readonly logs: CloudWatchLogsClient
  readonly lambda: LambdaClient
}

/**
 * Milliseconds to connect, and of silence on a connection. Without limits of our own the SDK waits for a silent server
 * for ever; what drips instead is ended by whoever makes the call.
 */
const limits = { connection: 5000, silence: 10_000 }

/**
 * Keeps the SDK away from `~/.aws` and from endpoint variables that were not checked, and its warning about
 * Node 20 out of the log. To be called once, before the first client is made.
 */
export function isolateSdk(environment: NodeJS.ProcessEnv): void {
  environment['AWS_CONFIG_FILE'] = devNull
  environment['AWS_SHARED_CREDENTIALS_FILE'] = devNull
  environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] = 'true'
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  for (const name of [
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_RETRY_MODE',
    'AWS_MAX_ATTEMPTS',
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_USE_DUALSTACK_ENDPOINT',
  ]) {
    delete environment[name]
  }
}

/** One attempt each: whoever makes a call decides about the next one, and counts it. */
export function makeClients(place: Place, credentials: Credentials): Clients {
  const settings = (service: ServiceName) => ({
    ...commonSettings(place, service),
    credentials: keysOf(credentials),
  })
  return {
    s3: new S3Client({
      ...settings('S3'),
      followRegionRedirects: false,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    codebuild: new CodeBuildClient(settings('CODEBUILD')),
    logs: new CloudWatchLogsClient(settings('CLOUDWATCH_LOGS')),
    lambda: new LambdaClient(settings('LAMBDA')),
  }
}

export function closeClients(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy()
}

/** Every attempt needs a token of its own. Credentials are for the calls that take a signature; a web identity needs none. */
export function makeSts(place: Place, credentials?: Credentials): STSClient {
  return new STSClient({
    ...commonSettings(place, 'STS'),
    ...(credentials === undefined ? {} : { credentials: keysOf(credentials) }),
  })
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}

/** First label of each service's host, by which NO_PROXY may name it. */
const hosts = {
  STS: 'sts',
  S3: 's3',
  CODEBUILD: 'codebuild',
  CLOUDWATCH_LOGS: 'logs',
  LAMBDA: 'lambda',
} as const satisfies Record<ServiceName, string>

function commonSettings({ region, endpoints }: Place, service: ServiceName) {
  const endpoint = endpoints[service]
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const host = endpoint ?? `https://${hosts[service]}.${region}.${suffix}`
  return {
    region,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: new OwnedHandler({
      ...agentsFor(host),
      connectionTimeout: limits.connection,
      socketTimeout: limits.silence,
    }),
  }
}

/** The SDK leaves agents alone that it has not made; these belong to one client, and end with it. */
class OwnedHandler extends NodeHttpHandler {
  private readonly agents: Agents

  constructor(options: Agents & { readonly connectionTimeout: number; readonly socketTimeout: number }) {
    super(options)
    this.agents = { httpAgent: options.httpAgent, httpsAgent: options.httpsAgent }
  }

  override destroy(): void {
    super.destroy()
    this.agents.httpAgent.destroy()
    this.agents.httpsAgent.destroy()
  }
}
