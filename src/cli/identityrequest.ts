// What the choice of an identity depends on, and what a light command borrows for it from the full ones.
import type { Endpoints } from '../core/endpoints.ts'
import type { OwnCredentials } from '../edge/aws/own.ts'
import type { TokenSource } from '../edge/aws/token.ts'
import type { Concealer } from '../edge/conceal.ts'
import type { Network } from '../edge/network.ts'

/** The facts by which the identity is chosen. */
export interface Circumstances {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly inGitHub: boolean
  /** Path of the token file as an option names it. */
  readonly tokenFile: string | undefined
  readonly region: string | undefined
  print(lines: readonly string[]): void
}

export interface TokenRequest extends Circumstances {
  readonly fromFork: boolean
  readonly audience: string
  readonly endpoints: Endpoints
  readonly concealer: Concealer
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
}

/** Loaded by the commands that need it, and by nobody else: it brings the AWS SDK along. */
export interface Borrowed {
  readonly network: Network
  chooseTokens(request: TokenRequest): TokenSource
  /** Undefined if there is a token to use instead. */
  chooseOwn(circumstances: Circumstances): OwnCredentials | undefined
}
