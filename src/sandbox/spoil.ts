// Runs one operation under the faults that were ordered for it, and turns what it throws into an answer.
import { setTimeout } from 'node:timers/promises'
import { AwsError } from './awserror.ts'
import type { Answer } from './exchange.ts'
import { type Effect, throttlingOf } from './faults.ts'
import { PolicyError } from './identity/policyerror.ts'
import type { Service } from './service.ts'

/** What an operation came to, or what was made of it. */
export interface Outcome {
  readonly answer?: Answer
  readonly cut?: boolean
  readonly error?: AwsError
}

/** An operation that is about to run. */
export interface Attempt {
  run(): Promise<Answer>
  refuse(error: AwsError): Answer
  readonly protocol: Service['protocol']
}

/** Runs the operation under the effects that were ordered for it. */
export async function spoil(attempt: Attempt, effects: readonly Effect[]): Promise<Outcome> {
  let cut: 'answer' | 'inside' | undefined
  for (const effect of effects) {
    if (effect.kind === 'delay') await setTimeout(effect.milliseconds, undefined, { ref: false })
    else if (effect.kind === 'cut' && effect.at !== 'request') cut = effect.at
    else return prevent(attempt, effect)
  }
  const outcome = await perform(attempt)
  if (cut === undefined) return outcome
  return cut === 'answer' ? { cut: true } : { ...outcome, cut: true }
}

/** The outcome of a request whose operation does not run. */
function prevent({ refuse, protocol }: Attempt, effect: Exclude<Effect, { kind: 'delay' }>): Outcome {
  switch (effect.kind) {
    case 'error':
      return refuseWith(refuse, new AwsError(effect.code, effect.message, effect.status))
    case 'throttle':
      return refuseWith(refuse, throttlingOf(protocol))
    case 'body': {
      const { status, contentType, body } = effect
      return { answer: { status, headers: { 'content-type': contentType }, body } }
    }
    case 'cut':
      return { cut: true }
  }
}

function refuseWith(refuse: Attempt['refuse'], error: AwsError): Outcome {
  return { answer: refuse(error), error }
}

async function perform({ run, refuse }: Attempt): Promise<Outcome> {
  try {
    return { answer: await run() }
  } catch (error) {
    return refuseWith(refuse, tell(error))
  }
}

/** A policy that cannot be judged is told to the caller, under a status that no client tries again. */
function tell(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof PolicyError) return new AwsError('SandboxPolicyError', error.message, 501)
  throw error
}
