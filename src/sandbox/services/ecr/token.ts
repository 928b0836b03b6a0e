// ECR's authorization tokens: a password for the registry that stands for the session that asked for it.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Caller } from '../../service.ts'

export interface Token {
  readonly password: string
  readonly caller: Caller
  /** Milliseconds since the epoch. */
  readonly expires: number
}

export interface Tokens {
  /** `lifetime` in seconds; AWS gives twelve hours. */
  issue(caller: Caller, lifetime: number): Token
  find(password: string): Token | undefined
}

export function createTokens(clock: Clock): Tokens {
  const byPassword = new Map<string, Token>()
  return {
    issue: (caller, lifetime) => {
      const token = {
        password: randomBytes(192).toString('base64'),
        caller,
        expires: clock.now() + lifetime * 1000,
      }
      byPassword.set(token.password, token)
      return token
    },
    find: (password) => byPassword.get(password),
  }
}
