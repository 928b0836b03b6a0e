// The input of AssumeRoleWithWebIdentity, checked against the constraints of STS's model.
import { AwsError } from '../awserror.ts'

export interface AssumeRoleInput {
  readonly roleArn: string
  readonly sessionName: string
  readonly token: string
  readonly durationSeconds: number
  /** Text of the inline session policy. */
  readonly policy?: string
}

/** Throws ValidationError naming every constraint that is not met. */
export function readAssumeRoleInput(form: URLSearchParams): AssumeRoleInput {
  const text = (name: string): string => form.get(name) ?? ''
  const policy = form.get('Policy')
  const duration = form.get('DurationSeconds') ?? '3600'
  const faults = [
    ...lengthFaults('roleArn', text('RoleArn'), [20, 2048]),
    ...sessionNameFaults(text('RoleSessionName')),
    ...lengthFaults('webIdentityToken', text('WebIdentityToken'), [4, 20_000]),
    ...durationFaults(duration),
    ...(policy === null ? [] : lengthFaults('policy', policy, [1, 2048])),
  ]
  if (faults.length > 0) {
    const noun = faults.length === 1 ? 'error' : 'errors'
    throw invalid(`${faults.length} validation ${noun} detected: ${faults.join('; ')}`)
  }
  if (!/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text('RoleArn')))
    throw invalid('Request ARN is invalid')
  return {
    roleArn: text('RoleArn'),
    sessionName: text('RoleSessionName'),
    token: text('WebIdentityToken'),
    durationSeconds: Number(duration),
    ...(policy === null ? {} : { policy }),
  }
}

function lengthFaults(
  member: string,
  value: string,
  [shortest, longest]: readonly [number, number],
): readonly string[] {
  const shown = member === 'webIdentityToken' || member === 'policy' ? 'Value' : `Value '${value}'`
  if (value.length < shortest)
    return [
      `${shown} at '${member}' failed to satisfy constraint: Member must have length greater than or equal to ${shortest}`,
    ]
  if (value.length > longest)
    return [
      `${shown} at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    ]
  return []
}

function sessionNameFaults(value: string): readonly string[] {
  const faults = lengthFaults('roleSessionName', value, [2, 64])
  if (/^[\w+=,.@-]*$/.test(value)) return faults
  return [
    ...faults,
    `Value '${value}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
  ]
}

function durationFaults(value: string): readonly string[] {
  const seconds = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (seconds >= 900 && seconds <= 43_200) return []
  const bound = seconds > 43_200 ? 'less than or equal to 43200' : 'greater than or equal to 900'
  return [
    `Value '${value}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  ]
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message)
}
