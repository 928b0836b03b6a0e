// Reserved concurrency of a function; 0 closes it, and its Function URL answers 429.
import { atLeast, createValidation } from '../constraint.ts'
import type { Route } from './call.ts'
import { findFunction } from './naming.ts'

export const concurrencyRoutes: readonly Route[] = [
  {
    operation: 'PutFunctionConcurrency',
    method: 'PUT',
    path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/,
    status: 200,
    run: ({ name, input, office }) => {
      const wanted = input.number('ReservedConcurrentExecutions')
      const validation = createValidation()
      validation.require('reservedConcurrentExecutions', wanted)
      validation.check('reservedConcurrentExecutions', wanted, atLeast(0))
      validation.settle('ValidationException')
      findFunction(name, office.world).reservedConcurrency = wanted ?? 0
      return { ReservedConcurrentExecutions: wanted }
    },
  },
  {
    operation: 'GetFunctionConcurrency',
    method: 'GET',
    path: /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/,
    status: 200,
    run: ({ name, office }) => {
      const { reservedConcurrency } = findFunction(name, office.world)
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency }
    },
  },
  {
    operation: 'DeleteFunctionConcurrency',
    method: 'DELETE',
    path: /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/,
    status: 204,
    run: ({ name, office }) => {
      delete findFunction(name, office.world).reservedConcurrency
    },
  },
]
