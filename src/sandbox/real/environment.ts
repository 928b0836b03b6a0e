// The environment of a function's container: the function's own variables under those that Lambda reserves for itself.
import type { Credentials } from '../identity/sessions.ts'
import type { LambdaFunction, Version } from '../services/function.ts'

export interface Surroundings {
  readonly fn: LambdaFunction
  readonly version: Version
  readonly region: string
  readonly credentials: Credentials | undefined
  /** `HOST:PORT` of the Runtime API. */
  readonly runtimeApi: string
  readonly logGroup: string
  readonly logStream: string
}

/** AWS_EXECUTION_ENV is not set for images (Lambda developer guide, "Defined runtime environment variables"). */
export function describeEnvironment(of: Surroundings): Readonly<Record<string, string>> {
  const { credentials } = of
  return {
    ...of.version.environment,
    AWS_LAMBDA_FUNCTION_NAME: of.fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.version.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: of.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: of.logStream,
    AWS_LAMBDA_RUNTIME_API: of.runtimeApi,
    AWS_REGION: of.region,
    AWS_DEFAULT_REGION: of.region,
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    TZ: ':UTC',
    ...(credentials === undefined
      ? {}
      : {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken,
        }),
  }
}
