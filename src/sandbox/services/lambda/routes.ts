// Which path is which operation of Lambda, and which permissions it needs besides its own.
import type { Access } from '../../service.ts'
import type { Members } from '../members.ts'
import type { Call, Route } from './call.ts'
import { concurrencyRoutes } from './concurrency.ts'
import {
  createFunction,
  deleteFunction,
  getConfiguration,
  getFunction,
  updateCode,
  updateConfiguration,
} from './functions.ts'
import { functionArn } from './naming.ts'
import { addPermission, getPolicy, removePermission } from './resourcepolicy.ts'
import { tagRoutes } from './tags.ts'
import { createUrl, deleteUrl, getUrl, updateUrl } from './urlconfig.ts'

const ONE = '/2015-03-31/functions/([^/]+)'

export const ROUTES: readonly Route[] = [
  {
    operation: 'CreateFunction',
    method: 'POST',
    path: /^\/2015-03-31\/functions\/?$/,
    status: 201,
    access: accessOfCreate,
    run: createFunction,
  },
  {
    operation: 'GetFunction',
    method: 'GET',
    path: new RegExp(`^${ONE}$`),
    status: 200,
    run: ({ name, caller, office }) => getFunction(name, caller, office),
  },
  {
    operation: 'GetFunctionConfiguration',
    method: 'GET',
    path: new RegExp(`^${ONE}/configuration$`),
    status: 200,
    run: ({ name, office }) => getConfiguration(name, office),
  },
  {
    operation: 'UpdateFunctionCode',
    method: 'PUT',
    path: new RegExp(`^${ONE}/code$`),
    status: 200,
    run: updateCode,
  },
  {
    operation: 'UpdateFunctionConfiguration',
    method: 'PUT',
    path: new RegExp(`^${ONE}/configuration$`),
    status: 200,
    access: ({ input }) => accessOfRole(input),
    run: ({ name, input, office }) => updateConfiguration(name, input, office),
  },
  {
    operation: 'DeleteFunction',
    method: 'DELETE',
    path: new RegExp(`^${ONE}$`),
    status: 204,
    run: ({ name, office }) => deleteFunction(name, office),
  },
  {
    operation: 'GetPolicy',
    method: 'GET',
    path: new RegExp(`^${ONE}/policy/?$`),
    status: 200,
    run: ({ name, office }) => getPolicy(name, office),
  },
  {
    operation: 'AddPermission',
    method: 'POST',
    path: new RegExp(`^${ONE}/policy/?$`),
    status: 201,
    run: ({ name, input, office }) => addPermission(name, input, office),
  },
  {
    operation: 'RemovePermission',
    method: 'DELETE',
    path: new RegExp(`^${ONE}/policy/([^/]+)$`),
    status: 204,
    run: ({ name, tail, office }) => removePermission(name, tail, office),
  },
  {
    operation: 'GetFunctionUrlConfig',
    method: 'GET',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 200,
    run: ({ name, office }) => getUrl(name, office),
  },
  {
    operation: 'CreateFunctionUrlConfig',
    method: 'POST',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 201,
    run: ({ name, input, office }) => createUrl(name, input, office),
  },
  {
    operation: 'UpdateFunctionUrlConfig',
    method: 'PUT',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 200,
    run: ({ name, input, office }) => updateUrl(name, input, office),
  },
  {
    operation: 'DeleteFunctionUrlConfig',
    method: 'DELETE',
    path: /^\/2021-10-31\/functions\/([^/]+)\/url$/,
    status: 204,
    run: ({ name, office }) => deleteUrl(name, office),
  },
  ...concurrencyRoutes,
  ...tagRoutes,
]

/** Tags at creation need the right to tag, and every role that is named the right to pass it. */
function accessOfCreate({ input, office }: Omit<Call, 'caller'>): readonly Access[] {
  const resource = functionArn(input.text('FunctionName') ?? '', office.world)
  const hasTags = Object.keys(input.map('Tags') ?? {}).length > 0
  return [...accessOfRole(input), ...(hasTags ? [{ action: 'lambda:TagResource', resource }] : [])]
}

function accessOfRole(input: Members): readonly Access[] {
  const role = input.text('Role')
  if (role === undefined) return []
  return [
    { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': ['lambda.amazonaws.com'] } },
  ]
}
