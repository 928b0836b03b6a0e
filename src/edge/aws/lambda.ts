// The live function in Lambda: what it is, what is public about it, and how its parts are removed.
import {
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  type LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda'
import type { PublicAccess, Removal } from '../../core/cloud.ts'
import type { Live, LiveFunction, LiveUrl } from '../../core/live.ts'
import { Refusal } from '../../core/refusal.ts'
import type { CallName } from './refuse.ts'
import type { Session } from './session.ts'

const look = (operation: string): CallName => ({
  operation,
  denied: 'DCF-AWS-DENIED',
  failed: 'DCF-LOOK-FAILED',
})
const remove = (operation: string): CallName => ({
  operation,
  denied: 'DCF-UNDEPLOY-DENIED',
  failed: 'DCF-AWS-FAILED',
  known: { ResourceConflictException: 'DCF-UNDEPLOY-CONFLICT' },
})

/** Throws Refusal for whatever is neither an answer, nor "not found", nor "you may not look". */
export async function lookAt(session: Session, functionName: string): Promise<Live> {
  try {
    const found = await session.call(look('GetFunction'), async ({ lambda }, abortSignal) =>
      toFunction(await lambda.send(new GetFunctionCommand({ FunctionName: functionName }), { abortSignal })),
    )
    return { kind: 'present', function: { ...found, url: await lookAtUrl(session, functionName) } }
  } catch (error) {
    if (isAbsent(error)) return { kind: 'absent' }
    if (isHidden(error)) return { kind: 'hidden', reason: error.detail }
    throw error
  }
}

async function lookAtUrl(session: Session, functionName: string): Promise<LiveUrl> {
  try {
    return await session.call(look('GetFunctionUrlConfig'), async ({ lambda }, abortSignal) => {
      const command = new GetFunctionUrlConfigCommand({ FunctionName: functionName })
      const { FunctionUrl, AuthType } = await lambda.send(command, { abortSignal })
      if (typeof FunctionUrl !== 'string')
        throw new Refusal('DCF-LOOK-FAILED', {
          detail: 'GetFunctionUrlConfig was answered without a URL.',
          isTransient: true,
        })
      return { kind: 'url', address: FunctionUrl, authType: AuthType ?? 'UNKNOWN' } as const
    })
  } catch (error) {
    if (isAbsent(error)) return { kind: 'none' }
    if (isHidden(error)) return { kind: 'hidden' }
    throw error
  }
}

function toFunction({ Configuration, Code }: GetFunctionCommandOutput): Omit<LiveFunction, 'url'> {
  // Lambda always shows both; an emulator that shows one is believed.
  if (
    !Configuration ||
    (typeof Configuration.FunctionArn !== 'string' && typeof Configuration.PackageType !== 'string')
  )
    throw new Refusal('DCF-LOOK-FAILED', {
      detail: 'GetFunction was answered without a configuration.',
      isTransient: true,
    })
  const resolved = Code?.ResolvedImageUri ?? Code?.ImageUri
  return {
    arn: Configuration.FunctionArn ?? '',
    packageType: Configuration.PackageType ?? 'Zip',
    description: Configuration.Description ?? '',
    imageDigest: /@(sha256:[0-9a-f]{64})$/.exec(resolved ?? '')?.[1],
    imageUri: resolved,
    timeoutSeconds: Configuration.Timeout ?? 0,
    memoryMb: Configuration.MemorySize ?? 0,
    roleArn: Configuration.Role ?? '',
    state: Configuration.State ?? 'Active',
    lastUpdateStatus: Configuration.LastUpdateStatus ?? 'Successful',
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Refusal && error.awsCode === 'ResourceNotFoundException'
}

/** Denied, or an emulator that does not know the operation. */
function isHidden(error: unknown): error is Refusal {
  return (
    error instanceof Refusal &&
    (error.code === 'DCF-AWS-DENIED' ||
      /^(?:UnknownOperation|NotImplemented|UnsupportedOperation|NotYetImplemented)/.test(error.awsCode ?? ''))
  )
}

/** Both public statements, judged by principal and action whoever added them. */
export async function readPublicAccess(session: Session, functionName: string): Promise<PublicAccess> {
  try {
    const answer = await session.call(look('GetPolicy'), ({ lambda }, abortSignal) =>
      lambda.send(new GetPolicyCommand({ FunctionName: functionName }), { abortSignal }),
    )
    const statements = readStatements(answer.Policy)
    // Something that is no policy shows nothing, neither that access is open nor that it is closed.
    if (statements === undefined) return { kind: 'hidden' }
    const allows = (action: string) =>
      statements.some(
        (text) => text.includes('"Allow"') && text.includes('"*"') && text.includes(`"${action}"`),
      )
    return { kind: 'shown', url: allows('lambda:InvokeFunctionUrl'), invoke: allows('lambda:InvokeFunction') }
  } catch (error) {
    if (isAbsent(error)) return { kind: 'shown', url: false, invoke: false }
    if (isHidden(error)) return { kind: 'hidden' }
    throw error
  }
}

function readStatements(policy: unknown): readonly string[] | undefined {
  try {
    const parsed: unknown = typeof policy === 'string' ? JSON.parse(policy) : undefined
    const statements: unknown = Reflect.get(Object(parsed), 'Statement')
    return Array.isArray(statements) ? statements.map((statement) => JSON.stringify(statement)) : undefined
  } catch {
    return undefined
  }
}

export function removeUrl(session: Session, functionName: string): Promise<Removal> {
  return removePart(session, 'DeleteFunctionUrlConfig', (lambda, abortSignal) =>
    lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: functionName }), { abortSignal }),
  )
}

export function removePermission(
  session: Session,
  functionName: string,
  statementId: string,
): Promise<Removal> {
  return removePart(session, 'RemovePermission', (lambda, abortSignal) =>
    lambda.send(new RemovePermissionCommand({ FunctionName: functionName, StatementId: statementId }), {
      abortSignal,
    }),
  )
}

export function removeFunction(session: Session, functionName: string): Promise<Removal> {
  return removePart(session, 'DeleteFunction', (lambda, abortSignal) =>
    lambda.send(new DeleteFunctionCommand({ FunctionName: functionName }), { abortSignal }),
  )
}

async function removePart(
  session: Session,
  operation: string,
  send: (lambda: LambdaClient, abortSignal: AbortSignal) => Promise<unknown>,
): Promise<Removal> {
  try {
    await session.call(remove(operation), ({ lambda }, abortSignal) => send(lambda, abortSignal))
    return 'removed'
  } catch (error) {
    if (isAbsent(error)) return 'absent'
    throw error
  }
}
