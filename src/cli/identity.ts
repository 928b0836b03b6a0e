// Which identity a command uses outside an action, in this order, and said in one line: GitHub's token endpoint, a token
// file, the SDK's default credentials.
import { findOwnCredentials, type OwnCredentials } from '../edge/aws/own.ts'
import type { TokenSource } from '../edge/aws/token.ts'
import { fileTokens } from '../edge/aws/tokenfile.ts'
import { githubTokens } from '../edge/github/token.ts'
import type { Circumstances, TokenRequest } from './identityrequest.ts'

export const tokenFileOption = {
  name: 'web-identity-token-file',
  value: 'FILE',
  help: 'File with a web identity token; AWS_WEB_IDENTITY_TOKEN_FILE is used where this is not given.',
}

export function chooseTokens(request: TokenRequest): TokenSource {
  const { environment, audience, fromFork, concealer, sleep, now } = request
  if (isOnGitHub(request)) {
    request.print(["Identity: GitHub's token endpoint"])
    return githubTokens({ environment, audience, fromFork, concealer, sleep, now })
  }
  const path = tokenFileOf(request)
  request.print([`Identity: the web identity token in ${path}`])
  return fileTokens({ path, audience, isLoopback: request.endpoints.STS !== undefined, concealer, now })
}

/**
 * The SDK's default credentials, for a person at a terminal: only where there is neither GitHub nor a token file.
 * Undefined if there is one of those.
 */
export function chooseOwn(circumstances: Circumstances): OwnCredentials | undefined {
  if (isOnGitHub(circumstances) || tokenFileOf(circumstances) !== '') return undefined
  const { environment, region } = circumstances
  circumstances.print(["Identity: the SDK's default credentials (environment, ~/.aws, single sign-on)"])
  return findOwnCredentials(environment, region)
}

function isOnGitHub({ environment, inGitHub }: Circumstances): boolean {
  return (environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '' || inGitHub
}

function tokenFileOf({ tokenFile, environment }: Circumstances): string {
  return tokenFile ?? environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? ''
}
