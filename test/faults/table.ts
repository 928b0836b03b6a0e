// The table: for every operation and every fault what the run must come to. `deployed`, `cancelled` and `removed` are
// ends that the fault could not change; everything else is the code of the failure.
import type { Expected } from './invariants.ts'
import type { FaultName } from './kinds.ts'
import type { OperationName } from './operations.ts'

export type Row = Readonly<Record<FaultName, Expected>>

function every(expected: Expected, but: Partial<Row> = {}): Row {
  return {
    'server error': expected,
    throttling: expected,
    'access denied': expected,
    'expired token': expected,
    'clock skew': expected,
    'not found, then found': expected,
    conflict: expected,
    'reset before the answer': expected,
    'reset inside the answer': expected,
    'answer lost after its effect': expected,
    silence: expected,
    'slow drip': expected,
    'cut JSON': expected,
    'HTML with 200': expected,
    'empty 200': expected,
    'wrong shape': expected,
    'refused connection': expected,
    ...but,
  }
}

export const table: Readonly<Record<OperationName, Row>> = {
  GetIdToken: every('deployed', {
    'access denied': 'DCF-TOKEN-REFUSED',
    'expired token': 'DCF-TOKEN-REFUSED',
    'clock skew': 'DCF-TOKEN-REFUSED',
    'not found, then found': 'DCF-TOKEN-REFUSED',
    conflict: 'DCF-TOKEN-REFUSED',
  }),
  AssumeRoleWithWebIdentity: every('deployed', {
    'access denied': 'DCF-ROLE-REFUSED',
    'not found, then found': 'DCF-AWS-FAILED',
    conflict: 'DCF-AWS-FAILED',
  }),
  GetFunction: every('deployed', { conflict: 'DCF-LOOK-FAILED' }),
  PutObject: every('deployed', {
    'access denied': 'DCF-BUCKET-OWNER',
    'not found, then found': 'DCF-UPLOAD-FAILED',
  }),
  StartBuild: every('deployed', {
    'access denied': 'DCF-BUILD-DENIED',
    'not found, then found': 'DCF-PROJECT-MISSING',
    conflict: 'DCF-BUILD-START-FAILED',
  }),
  BatchGetBuilds: every('deployed', { 'access denied': 'DCF-BUILD-DENIED' }),
  GetLogEvents: every('deployed'),
  GetFunctionUrlConfig: every('deployed', { conflict: 'DCF-RESULT-UNSEEN' }),
  HeadObject: every('cancelled'),
  StopBuild: every('cancelled'),
  DeleteFunctionUrlConfig: every('removed', { 'access denied': 'DCF-UNDEPLOY-DENIED' }),
  RemovePermission: every('removed', { 'access denied': 'DCF-UNDEPLOY-DENIED' }),
  DeleteFunction: every('removed', { 'access denied': 'DCF-UNDEPLOY-DENIED' }),
}

/** Faults that never pass, with what the run must come to after it has given up. */
export const hopeless: readonly (readonly [OperationName, FaultName, Expected])[] = [
  ['GetIdToken', 'server error', 'DCF-TOKEN-UNREACHABLE'],
  ['AssumeRoleWithWebIdentity', 'throttling', 'DCF-THROTTLED'],
  ['GetFunction', 'server error', 'DCF-LOOK-FAILED'],
  ['PutObject', 'reset before the answer', 'DCF-AWS-UNREACHABLE'],
  ['PutObject', 'silence', 'DCF-AWS-UNREACHABLE'],
  ['StartBuild', 'answer lost after its effect', 'DCF-AWS-UNREACHABLE'],
  ['StartBuild', 'HTML with 200', 'DCF-BUILD-START-FAILED'],
  ['StartBuild', 'silence', 'DCF-AWS-UNREACHABLE'],
  ['BatchGetBuilds', 'not found, then found', 'DCF-BUILD-LOST'],
  ['GetLogEvents', 'wrong shape', 'deployed'],
  ['GetLogEvents', 'silence', 'deployed'],
  ['GetFunctionUrlConfig', 'server error', 'DCF-RESULT-UNSEEN'],
  ['HeadObject', 'silence', 'cancelled'],
  ['HeadObject', 'server error', 'cancelled'],
  ['StopBuild', 'silence', 'cancelled'],
  ['StopBuild', 'access denied', 'cancelled'],
  ['DeleteFunction', 'conflict', 'DCF-UNDEPLOY-CONFLICT'],
]
