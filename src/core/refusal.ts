// Somebody outside refused or failed: the one error class. Made at the edge from AWS's and GitHub's answers.

import type { Entry, Stage } from './catalogue/entry.ts'
import { type Code, catalogue, entryOf } from './catalogue.ts'

export interface RefusalFacts {
  /** What was refused and in whose words; never a secret. */
  readonly detail: string
  /** A remedy for exactly this case, in place of the catalogue's. */
  readonly help?: string
  /** AWS's error code, for example `AccessDeniedException`. */
  readonly awsCode?: string
  readonly requestId?: string
  /** True if the same call may succeed a little later. */
  readonly isTransient?: boolean
  /** Where it happened, for a code that can happen anywhere. */
  readonly stage?: Stage
  readonly cause?: unknown
}

export class Refusal extends Error {
  readonly code: Code
  readonly detail: string
  readonly help: string | undefined
  readonly awsCode: string | undefined
  readonly requestId: string | undefined
  readonly isTransient: boolean
  readonly stage: Stage

  constructor(code: Code, facts: RefusalFacts) {
    super(`${code}: ${facts.detail}`, { cause: facts.cause })
    this.name = 'Refusal'
    this.code = code
    this.detail = facts.detail
    this.help = facts.help
    this.awsCode = facts.awsCode
    this.requestId = facts.requestId
    this.isTransient = facts.isTransient ?? false
    this.stage = facts.stage ?? entryOf(code).stage
  }

  get entry(): Entry {
    return { ...entryOf(this.code), stage: this.stage }
  }
}

/** The code of that name if it is one of ours: names arrive in hostile places such as a build's variables. */
export function knownCode(text: string | undefined): Code | undefined {
  return codes().find((code) => code === text)
}

/** The code whose buildspec failure has this exit status. */
export function codeOfExit(status: number): Code | undefined {
  return codes().find((code) => entryOf(code).exitStatus === status)
}

function codes(): readonly Code[] {
  return Object.keys(catalogue).filter((key): key is Code => Object.hasOwn(catalogue, key))
}
