// The SDK clients of one session: explicit endpoints, credentials and limits, and nothing from shared AWS files.
import { devNull } from 'node:os'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Endpoints, ServiceName } from '../../core/endpoints.ts'
import { agentsFor } from '../proxy.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
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

/** Milliseconds. Without limits of our own the SDK waits for a silent server for ever. */
const limits = { connection: 5000, silence: 15_000, answer: 25_000 }

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

export function makeClients(place: Place, credentials: Credentials): Clients {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const settings = (service: ServiceName, answer: number) => ({
    ...commonSettings(place, service, answer),
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 4,
  })
  return {
    // An upload has no fixed time for its answer; only silence ends it.
    s3: new S3Client({
      ...settings('S3', 0),
      followRegionRedirects: false,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    codebuild: new CodeBuildClient(settings('CODEBUILD', limits.answer)),
    logs: new CloudWatchLogsClient(settings('CLOUDWATCH_LOGS', limits.answer)),
    lambda: new LambdaClient(settings('LAMBDA', limits.answer)),
  }
}

/** One attempt only: every attempt needs a token of its own. */
export function makeSts(place: Place): STSClient {
  return new STSClient({ ...commonSettings(place, 'STS', 10_000), maxAttempts: 1 })
}

function commonSettings({ region, endpoints }: Place, service: ServiceName, answer: number) {
  const endpoint = endpoints[service]
  const host = endpoint ?? `https://${service.toLowerCase()}.${region}.amazonaws.com`
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: new NodeHttpHandler({
      ...agentsFor(host),
      connectionTimeout: limits.connection,
      socketTimeout: limits.silence,
      ...(answer > 0 ? { requestTimeout: answer, throwOnRequestTimeout: true } : {}),
    }),
  }
}
