// Who pushes or pulls, by the password of GetAuthorizationToken, and whether the session behind it may.
import type { IncomingMessage } from 'node:http'
import { AwsError } from '../../awserror.ts'
import type { Caller } from '../../service.ts'
import type { EcrOffice } from '../ecr/office.ts'
import { accessToRepository } from '../ecr/service.ts'
import type { Repository } from '../repository.ts'
import { RegistryRefusal } from './refusal.ts'

/** Throws a 401 without valid credentials and a 403 with a token that has expired. */
export function identify(request: IncomingMessage, { world, tokens }: EcrOffice): Caller {
  const header = request.headers.authorization ?? ''
  const encoded = /^Basic\s+(\S+)$/i.exec(header)?.[1]
  if (encoded === undefined) throw new RegistryRefusal(401, 'UNAUTHORIZED', 'Not Authorized')
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const token = text.startsWith('AWS:') ? tokens.find(text.slice('AWS:'.length)) : undefined
  if (token === undefined) throw new RegistryRefusal(401, 'UNAUTHORIZED', 'Not Authorized')
  if (token.expires <= world.clock.now()) {
    throw new RegistryRefusal(
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    )
  }
  return token.caller
}

export interface Passage {
  readonly caller: Caller
  /** For example `ecr:PutImage`; every one is needed. */
  readonly actions: readonly string[]
  /** Repository name. */
  readonly name: string
}

/** Throws a 403 in IAM's words, then a 404 for a repository that is not there, in ECR's order. */
export function pass({ caller, actions, name }: Passage, { world, authorize }: EcrOffice): Repository {
  for (const action of actions) {
    try {
      authorize(caller, accessToRepository(action, name, world))
    } catch (error) {
      if (error instanceof AwsError) throw new RegistryRefusal(403, 'DENIED', error.message)
      throw error
    }
  }
  const repository = world.repositories.get(name)
  if (repository !== undefined) return repository
  const message = `The repository with name '${name}' does not exist in the registry with id '${world.account}'`
  throw new RegistryRefusal(404, 'NAME_UNKNOWN', message)
}
