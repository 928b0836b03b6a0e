// Which identity a command uses outside an action: GitHub's token endpoint, or a token file. Said in one line.
import type { RunContext } from '../core/context.ts'
import type { Endpoints } from '../core/endpoints.ts'
import { Refusal } from '../core/refusal.ts'
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
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '' || context.inGitHub) {
    terminal.print(["Identity: GitHub's token endpoint"])
    return githubTokens({ environment, audience, fromFork: context.fromFork, concealer, sleep, now })
  }
  const path = optionOf(invocation, tokenFileOption.name) ?? environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? ''
  if (path === '') {
    return async () => {
      throw new Refusal('DCF-IDENTITY-MISSING', {
        detail: 'Neither ACTIONS_ID_TOKEN_REQUEST_URL nor a token file is there.',
      })
    }
  }
  terminal.print([`Identity: the web identity token in ${path}`])
  return fileTokens({ path, audience, isLoopback: request.endpoints.STS !== undefined, concealer, now })
}
