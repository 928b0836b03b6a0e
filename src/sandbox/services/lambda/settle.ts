// The state machine of a function: a creation, update or deletion takes effect when its time has come, or fails then.
import { randomUUID } from 'node:crypto'
import type { World } from '../../world.ts'
import type { LambdaFunction, Transition, Version } from '../function.ts'
import { conflict } from './naming.ts'

/** Lets every change of the account's functions take effect whose time has come. Called before anything looks at one. */
export function settleAll(world: World): void {
  for (const fn of world.functions.values()) settle(fn, world)
}

function settle(fn: LambdaFunction, world: World): void {
  const { transition } = fn
  if (transition === undefined || world.clock.now() < transition.until) return
  delete fn.transition
  switch (transition.kind) {
    case 'creating':
      finishCreation(fn, transition)
      return
    case 'updating':
      finishUpdate(fn, transition)
      return
    case 'deleting':
      world.functions.delete(fn.name)
      return
  }
}

function finishCreation(fn: LambdaFunction, { next, failure }: Transition): void {
  fn.served = next
  delete fn.stateReason
  if (failure === undefined) {
    fn.state = 'Active'
    fn.lastUpdate = 'Successful'
    return
  }
  fn.state = 'Failed'
  fn.stateReason = failure
  fn.lastUpdate = 'Failed'
  fn.lastUpdateReason = failure
}

/** A failed update leaves what was served before in its place. */
function finishUpdate(fn: LambdaFunction, { next, failure }: Transition): void {
  delete fn.lastUpdateReason
  if (failure === undefined) {
    fn.served = next
    fn.lastUpdate = 'Successful'
    return
  }
  fn.lastUpdate = 'Failed'
  fn.lastUpdateReason = failure
}

/** What answers show: the next version while it is being put in place. */
export function shownVersion(fn: LambdaFunction): Version {
  return fn.transition?.next ?? fn.served
}

/** Throws ResourceConflictException while another change is under way. */
export function refuseDuringChange(fn: LambdaFunction): void {
  const busy = 'The operation cannot be performed at this time.'
  if (fn.state === 'Pending' || fn.state === 'Deleting') {
    throw conflict(`${busy} The function is currently in the following state: ${fn.state}`)
  }
  if (fn.lastUpdate === 'InProgress')
    throw conflict(`${busy} An update is in progress for resource: ${fn.arn}`)
}

/** Starts an update that takes effect by itself. `milliseconds` is how long it stays InProgress. */
export function startUpdate(
  fn: LambdaFunction,
  next: Version,
  world: World,
  update: Omit<Transition, 'kind' | 'next' | 'until'> & { readonly milliseconds: number },
): void {
  const { milliseconds, ...failure } = update
  fn.transition = { kind: 'updating', until: world.clock.now() + milliseconds, next, ...failure }
  fn.lastUpdate = 'InProgress'
  fn.lastUpdateReason = { code: 'Creating', reason: 'The function is being created.' }
  touch(fn, world)
}

export function touch(fn: LambdaFunction, world: World): void {
  fn.lastModified = world.clock.now()
  fn.revisionId = randomUUID()
}
