// Which identity a command uses outside an action, in this order, and said in one line: GitHub's token endpoint, a token
// file, the SDK's default credentials.
import type { RunContext } from '../core/context.ts'
import type { Endpoints } from '../core/endpoints.ts'
import { findOwnCredentials, type OwnCredentials } from '../edge/aws/own.ts'
import type { TokenSource } from '../edge/aws/token.ts'
import { fileTokens } from '../edge/aws/tokenfile.ts'
import type { Concealer } from '../edge/conceal.ts'
import { githubTokens } from '../edge/github/token.ts'
import { type Invocation, optionOf } from './command.ts'

export interface IdentityRequest {
  readonly invocation: Invocation
  readonly context: RunContext
  readonly audience: string
  readonly endpoints: Endpoints
  readonly concealer: Concealer
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  now(): number
}

export const tokenFileOption = {
  name: 'web-identity-token-file',
  value: 'FILE',
  help: 'File with a web identity token; AWS_WEB_IDENTITY_TOKEN_FILE is used where this is not given.',
}

export function chooseTokens(request: IdentityRequest): TokenSource {
  const { invocation, context, audience, concealer, sleep, now } = request
  const { environment, terminal } = invocation
  if (isOnGitHub(request)) {
    terminal.print(["Identity: GitHub's token endpoint"])
    return githubTokens({ environment, audience, fromFork: context.fromFork, concealer, sleep, now })
  }
  const path = tokenFileOf(invocation)
  terminal.print([`Identity: the web identity token in ${path}`])
  return fileTokens({ path, audience, isLoopback: request.endpoints.STS !== undefined, concealer, now })
}

/**
 * The SDK's default credentials, for a person at a terminal: only where there is neither GitHub nor a token file.
 * Undefined if there is one of those.
 */
export function chooseOwn(
  request: Pick<IdentityRequest, 'invocation' | 'context'>,
): OwnCredentials | undefined {
  const { invocation } = request
  if (isOnGitHub(request) || tokenFileOf(invocation) !== '') return undefined
  const { environment, terminal } = invocation
  terminal.print(["Identity: the SDK's default credentials (environment, ~/.aws, single sign-on)"])
  return findOwnCredentials(environment, optionOf(invocation, 'aws-region') ?? environment['AWS_REGION'])
}

function isOnGitHub({ invocation, context }: Pick<IdentityRequest, 'invocation' | 'context'>): boolean {
  return (invocation.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '' || context.inGitHub
}

function tokenFileOf(invocation: Invocation): string {
  const named = optionOf(invocation, tokenFileOption.name)
  return named ?? invocation.environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? ''
}
