// Tags of a function, addressed by its ARN.
import { createValidation, noLongerThan, noShorterThan } from '../constraint.ts'
import type { Route } from './call.ts'
import { findFunction, invalidParameter } from './naming.ts'

const PATH = /^\/2017-03-31\/tags\/([^/]+)$/
/** AWS's limit on tags of one resource. */
const LIMIT = 50

export const tagRoutes: readonly Route[] = [
  {
    operation: 'TagResource',
    method: 'POST',
    path: PATH,
    status: 204,
    run: ({ name, input, office }) => {
      const fn = findFunction(name, office.world)
      const tags = Object.entries(input.map('Tags') ?? {})
      const validation = createValidation()
      for (const [key, value] of tags) {
        validation.check('tags.key', key, noShorterThan(1), noLongerThan(128))
        validation.check('tags.value', value, noLongerThan(256))
      }
      validation.settle('InvalidParameterValueException')
      if (new Set([...fn.tags.keys(), ...tags.map(([key]) => key)]).size > LIMIT) {
        throw invalidParameter(`The number of tags exceeds the limit of ${LIMIT}`)
      }
      for (const [key, value] of tags) fn.tags.set(key, value)
    },
  },
  {
    operation: 'ListTags',
    method: 'GET',
    path: PATH,
    status: 200,
    run: ({ name, office }) => ({ Tags: Object.fromEntries(findFunction(name, office.world).tags) }),
  },
  {
    operation: 'UntagResource',
    method: 'DELETE',
    path: PATH,
    status: 204,
    run: ({ name, query, office }) => {
      const fn = findFunction(name, office.world)
      for (const key of query.getAll('tagKeys')) fn.tags.delete(key)
    },
  },
]
