// Which method at which address is which operation of ECR, and which permission it needs.

import type { Repository } from '../repository.ts'
import type { Address } from './address.ts'
import {
  acknowledge,
  appendUpload,
  beginUpload,
  cancelUpload,
  findUpload,
  finishUpload,
  sendBlob,
} from './blobs.ts'
import { pass } from './gate.ts'
import { listTags, sendManifest, storeManifest } from './manifests.ts'
import { JSON_TYPE, type RegistryOffice, type Visit } from './visit.ts'

export interface Plan {
  readonly operation: string
  readonly actions: readonly string[]
  run(visit: Visit): Promise<void>
}

/** Undefined for a method that the address does not know. */
export function planVisit(address: Address, method: string, office: RegistryOffice): Plan | undefined {
  switch (address.kind) {
    case 'base':
      return {
        operation: 'Ping',
        actions: [],
        run: async ({ response }) => void response.writeHead(200, JSON_TYPE).end('{}'),
      }
    case 'uploads':
      return method === 'POST' ? planned('InitiateLayerUpload', address.name, beginUpload) : undefined
    case 'upload':
      return planUpload(address, method)
    case 'blob':
      return planBlob(address, method)
    case 'manifest':
      return planManifest(address, method, office)
    case 'tags':
      return method === 'GET' ? planned('ListImages', address.name, listTags) : undefined
  }
}

/** A plan whose permission has the operation's own name. */
function planned(
  operation: string,
  name: string,
  run: (visit: Visit, repository: Repository) => Promise<void>,
  action = `ecr:${operation}`,
): Plan {
  const actions = [action]
  return {
    operation,
    actions,
    run: (visit) => run(visit, pass({ caller: visit.caller, actions, name }, visit.office)),
  }
}

function planUpload({ name, id }: Extract<Address, { kind: 'upload' }>, method: string): Plan | undefined {
  switch (method) {
    case 'PATCH':
      return planned('UploadLayerPart', name, (visit) => appendUpload(visit, findUpload(visit, id, name)))
    case 'PUT':
      return planned('CompleteLayerUpload', name, (visit, repository) =>
        finishUpload(visit, repository, findUpload(visit, id, name)),
      )
    case 'GET':
      return planned('UploadLayerPart', name, async (visit) =>
        acknowledge(visit, findUpload(visit, id, name), 204),
      )
    case 'DELETE':
      return planned('UploadLayerPart', name, (visit) => cancelUpload(visit, findUpload(visit, id, name)))
    default:
      return undefined
  }
}

function planBlob({ name, digest }: Extract<Address, { kind: 'blob' }>, method: string): Plan | undefined {
  if (method === 'HEAD')
    return planned('BatchCheckLayerAvailability', name, (visit, repository) =>
      sendBlob(visit, repository, digest),
    )
  if (method === 'GET')
    return planned('GetDownloadUrlForLayer', name, (visit, repository) => sendBlob(visit, repository, digest))
  return undefined
}

function planManifest(
  { name, reference }: Extract<Address, { kind: 'manifest' }>,
  method: string,
  office: RegistryOffice,
): Plan | undefined {
  if (method === 'PUT')
    return planned('PutImage', name, (visit, repository) => storeManifest(visit, repository, reference))
  const send = (visit: Visit, repository: Repository): Promise<void> =>
    sendManifest(visit, repository, reference)
  if (method === 'GET') return planned('BatchGetImage', name, send)
  const isLenient = !office.switches.registry.headNeedsPull
  if (method === 'HEAD')
    return planned(
      'BatchGetImage',
      name,
      send,
      isLenient ? 'ecr:BatchCheckLayerAvailability' : 'ecr:BatchGetImage',
    )
  return undefined
}
