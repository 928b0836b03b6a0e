// Functions and Function URLs as Lambda's answers show them.
import type { FunctionUrl, LambdaFunction } from '../function.ts'
import { shownVersion } from './settle.ts'

export function showConfiguration(fn: LambdaFunction, hideEnvironment: boolean): unknown {
  const version = shownVersion(fn)
  const { extras } = version
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    ...(fn.runtime === undefined ? {} : { Runtime: fn.runtime }),
    ...(fn.handler === undefined ? {} : { Handler: fn.handler }),
    Role: version.role,
    CodeSize: 0,
    Description: version.description,
    Timeout: version.timeout,
    MemorySize: version.memorySize,
    LastModified: formatTime(fn.lastModified),
    CodeSha256: version.codeSha256,
    Version: '$LATEST',
    ...showEnvironment(version.environment, hideEnvironment),
    TracingConfig: { Mode: 'PassThrough' },
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${fn.name}` },
    ...withoutImageConfig(extras),
    ...(extras['ImageConfig'] === undefined
      ? {}
      : { ImageConfigResponse: { ImageConfig: extras['ImageConfig'] } }),
    RevisionId: fn.revisionId,
    PackageType: fn.packageType,
    Architectures: version.architectures,
    ...showState(fn),
  }
}

function withoutImageConfig(extras: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => name !== 'ImageConfig'))
}

function showState(fn: LambdaFunction): object {
  return {
    State: fn.state,
    ...(fn.stateReason === undefined
      ? {}
      : { StateReason: fn.stateReason.reason, StateReasonCode: fn.stateReason.code }),
    ...(fn.state === 'Pending' ? {} : { LastUpdateStatus: fn.lastUpdate }),
    ...(fn.lastUpdateReason === undefined
      ? {}
      : {
          LastUpdateStatusReason: fn.lastUpdateReason.reason,
          LastUpdateStatusReasonCode: fn.lastUpdateReason.code,
        }),
  }
}

/** A function without variables has no Environment; one whose key refuses shows an Error in place of the variables. */
function showEnvironment(variables: Readonly<Record<string, string>>, hidden: boolean): object {
  if (Object.keys(variables).length === 0) return {}
  if (!hidden) return { Environment: { Variables: variables } }
  const Message =
    "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings."
  return { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message } } }
}

export function showCode(fn: LambdaFunction): unknown {
  const { imageUri, image } = shownVersion(fn)
  if (imageUri === undefined || image === undefined) {
    return { RepositoryType: 'S3', Location: 'https://awslambda-tasks.s3.amazonaws.com/snapshots' }
  }
  return { RepositoryType: 'ECR', ImageUri: imageUri, ResolvedImageUri: image.uri }
}

export function showUrl(fn: LambdaFunction, url: FunctionUrl): unknown {
  return {
    FunctionUrl: url.url,
    FunctionArn: fn.arn,
    AuthType: url.authType,
    ...(url.cors === undefined ? {} : { Cors: url.cors }),
    CreationTime: new Date(url.created).toISOString(),
    LastModifiedTime: new Date(url.modified).toISOString(),
    InvokeMode: url.invokeMode,
  }
}

/** `2026-11-28T11:00:00.000+0000`, Lambda's own form. */
function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000')
}
