// Function URL configurations: one a function, kept by updates of the function, another address after a new creation.
import type { AwsError } from '../../awserror.ts'
import { createValidation, oneOf } from '../constraint.ts'
import type { FunctionUrl } from '../function.ts'
import type { Members } from '../members.ts'
import { conflict, findFunction, notFound } from './naming.ts'
import type { LambdaOffice } from './office.ts'
import { showUrl } from './show.ts'

const AUTH_TYPES = ['NONE', 'AWS_IAM'] as const
const INVOKE_MODES = ['BUFFERED', 'RESPONSE_STREAM'] as const

export function getUrl(name: string, { world }: LambdaOffice): unknown {
  const fn = findFunction(name, world)
  if (fn.url === undefined) throw notFound('The resource you requested does not exist.')
  return showUrl(fn, fn.url)
}

export async function createUrl(name: string, input: Members, office: LambdaOffice): Promise<unknown> {
  const fn = findFunction(name, office.world)
  const validation = createValidation()
  validation.require('authType', input.text('AuthType'))
  checkUrl(input, validation)
  validation.settle('ValidationException')
  if (fn.url !== undefined) throw exists(fn.arn)
  const cors = input.structure('Cors')?.plain()
  const url = await office.openUrl({
    fn,
    authType: readAuthType(input) ?? 'NONE',
    invokeMode: readInvokeMode(input) ?? 'BUFFERED',
    ...(cors === undefined ? {} : { cors }),
  })
  if (fn.url !== undefined || office.world.functions.get(name) !== fn) {
    await url.close()
    throw exists(fn.arn)
  }
  fn.url = url
  return showUrl(fn, url)
}

function exists(arn: string): AwsError {
  return conflict(
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  )
}

export function updateUrl(name: string, input: Members, office: LambdaOffice): unknown {
  const fn = findFunction(name, office.world)
  const { url } = fn
  const validation = createValidation()
  checkUrl(input, validation)
  validation.settle('ValidationException')
  if (url === undefined) throw notFound('The resource you requested does not exist.')
  const cors = input.structure('Cors')?.plain() ?? url.cors
  const changed: FunctionUrl = {
    ...url,
    authType: readAuthType(input) ?? url.authType,
    invokeMode: readInvokeMode(input) ?? url.invokeMode,
    ...(cors === undefined ? {} : { cors }),
    modified: office.world.clock.now(),
  }
  fn.url = changed
  return showUrl(fn, changed)
}

/** The public policy statements stay. */
export async function deleteUrl(name: string, { world }: LambdaOffice): Promise<void> {
  const fn = findFunction(name, world)
  const { url } = fn
  if (url === undefined) throw notFound('The resource you requested does not exist.')
  delete fn.url
  await url.close()
}

function checkUrl(input: Members, validation: ReturnType<typeof createValidation>): void {
  validation.check('authType', input.text('AuthType'), oneOf(AUTH_TYPES))
  validation.check('invokeMode', input.text('InvokeMode'), oneOf(INVOKE_MODES))
}

function readAuthType(input: Members): FunctionUrl['authType'] | undefined {
  return AUTH_TYPES.find((type) => type === input.text('AuthType'))
}

function readInvokeMode(input: Members): FunctionUrl['invokeMode'] | undefined {
  return INVOKE_MODES.find((mode) => mode === input.text('InvokeMode'))
}
