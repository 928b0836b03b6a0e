// The life of a function: create, read, change code or configuration, delete.
import { randomUUID } from 'node:crypto'
import { AwsError } from '../../awserror.ts'
import type { Caller } from '../../service.ts'
import type { LambdaFunction, Version } from '../function.ts'
import type { Members } from '../members.ts'
import type { Call } from './call.ts'
import { resolveImage } from './image.ts'
import { conflict, findFunction, functionArn, invalidParameter } from './naming.ts'
import type { LambdaOffice } from './office.ts'
import { checkSettings, DEFAULTS, mergeVersion, requireRole } from './settings.ts'
import { refuseDuringChange, startUpdate } from './settle.ts'
import { showCode, showConfiguration } from './show.ts'

/** Only functions from images can be made here; a Zip function is put into the account by a test. */
export function createFunction({ name, input, caller, office }: Call): unknown {
  const { world, switches } = office
  const role = input.text('Role')
  if (role === undefined) {
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null",
    )
  }
  checkSettings(input, office)
  refusePublish(input)
  const uri = imageOf(input)
  if (world.functions.has(name)) throw conflict(`Function already exist: ${name}`)
  requireRole(role, office)
  const image = resolveImage({ uri, functionName: name, caller }, office)
  const architectures = input.texts('Architectures') ?? DEFAULTS.architectures
  const next = mergeVersion(
    { ...DEFAULTS, imageUri: uri, image, codeSha256: hexOf(image.digest), architectures },
    input,
  )
  const fn = startCreation(name, next, office)
  for (const [key, value] of Object.entries(input.map('Tags') ?? {})) fn.tags.set(key, value)
  world.functions.set(name, fn)
  return showConfiguration(fn, switches.lambda.hideEnvironment)
}

function startCreation(name: string, next: Version, { world, switches }: LambdaOffice): LambdaFunction {
  const now = world.clock.now()
  const failure = switches.lambda.failCreate
  return {
    name,
    arn: functionArn(name, world),
    packageType: 'Image',
    served: next,
    state: 'Pending',
    stateReason: { code: 'Creating', reason: 'The function is being created.' },
    lastUpdate: 'InProgress',
    transition: {
      kind: 'creating',
      until: now + switches.lambda.pending,
      next,
      ...(failure === undefined ? {} : { failure }),
    },
    lastModified: now,
    revisionId: randomUUID(),
    tags: new Map(),
    policy: [],
  }
}

function imageOf(input: Members): string {
  const uri = input.structure('Code')?.text('ImageUri')
  if (input.text('PackageType') !== 'Image') {
    throw invalidParameter(
      'The sandbox creates functions from container images only: PackageType has to be Image.',
    )
  }
  for (const member of ['Runtime', 'Handler', 'Layers']) {
    if (input.has(member))
      throw invalidParameter(`Please don't provide ${member} when the packageType is Image.`)
  }
  if (uri === undefined)
    throw invalidParameter('Please provide ImageUri when creating a function with packageType Image.')
  return uri
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length)
}

/** Tags are shown only to a caller who may list them. */
export function getFunction(name: string, caller: Caller, office: LambdaOffice): unknown {
  const fn = findFunction(name, office.world)
  const mayList = office.permits(caller, { action: 'lambda:ListTags', resource: fn.arn })
  return {
    Configuration: showConfiguration(fn, office.switches.lambda.hideEnvironment),
    Code: showCode(fn),
    ...(mayList && fn.tags.size > 0 ? { Tags: Object.fromEntries(fn.tags) } : {}),
    ...(fn.reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
  }
}

export function getConfiguration(name: string, office: LambdaOffice): unknown {
  return showConfiguration(findFunction(name, office.world), office.switches.lambda.hideEnvironment)
}

export function updateCode({ name, input, caller, office }: Call): unknown {
  const fn = findFunction(name, office.world)
  const uri = input.text('ImageUri')
  if (fn.packageType === 'Zip') {
    throw invalidParameter(
      uri === undefined
        ? 'The sandbox changes the code of functions from container images only.'
        : "Please don't provide ImageUri when updating a function with packageType Zip.",
    )
  }
  if (uri === undefined)
    throw invalidParameter('Please provide ImageUri when updating a function with packageType Image.')
  refusePublish(input)
  refuseOtherRevision(fn, input)
  refuseDuringChange(fn)
  const image = resolveImage({ uri, functionName: name, caller }, office)
  const architectures = input.texts('Architectures') ?? fn.served.architectures
  return update(
    fn,
    { ...fn.served, imageUri: uri, image, codeSha256: hexOf(image.digest), architectures },
    office,
  )
}

export function updateConfiguration(name: string, input: Members, office: LambdaOffice): unknown {
  const fn = findFunction(name, office.world)
  checkSettings(input, office)
  refuseOtherRevision(fn, input)
  refuseDuringChange(fn)
  const role = input.text('Role')
  if (role !== undefined) requireRole(role, office)
  return update(fn, mergeVersion(fn.served, input), office)
}

function update(fn: LambdaFunction, next: Version, office: LambdaOffice): unknown {
  const { world, switches } = office
  const failure = switches.lambda.failUpdate
  delete switches.lambda.failUpdate
  startUpdate(fn, next, world, {
    milliseconds: switches.lambda.updating,
    ...(failure === undefined ? {} : { failure }),
  })
  return showConfiguration(fn, switches.lambda.hideEnvironment)
}

/** The sandbox knows no published versions, and says so rather than to answer with one that is not there. */
function refusePublish(input: Members): void {
  if (input.flag('Publish') === true)
    throw invalidParameter('The sandbox does not publish versions of functions.')
}

function refuseOtherRevision(fn: LambdaFunction, input: Members): void {
  const wanted = input.text('RevisionId')
  if (wanted === undefined || wanted === fn.revisionId) return
  const message =
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id'
  throw new AwsError('PreconditionFailedException', message, 412)
}

/** Takes Function URL and policy along; by a switch the function stays for a while in State Deleting. */
export async function deleteFunction(name: string, office: LambdaOffice): Promise<void> {
  const { world, switches } = office
  const fn = findFunction(name, world)
  if (fn.state === 'Deleting')
    throw conflict(
      `The operation cannot be performed at this time. The function is currently in the following state: Deleting`,
    )
  const { url } = fn
  delete fn.url
  fn.policy.length = 0
  if (switches.lambda.deleting > 0) {
    fn.state = 'Deleting'
    fn.transition = { kind: 'deleting', until: world.clock.now() + switches.lambda.deleting, next: fn.served }
  } else {
    world.functions.delete(name)
  }
  await url?.close()
}
