// What a sandbox can be told when it starts.
import type { GithubIdentity } from './identity/claims.ts'
import type { RunBuild } from './runner/job.ts'

/** The optional permissions of `policies/optional`, by file name without `.json`. */
export type OptionalPolicy =
  | 'deploy-role-read-build-log'
  | 'deploy-role-stop-build'
  | 'deploy-role-verify-public-access'
  | 'codebuild-service-role-layer-cache'

export const EVERY_OPTIONAL_POLICY: readonly OptionalPolicy[] = [
  'deploy-role-read-build-log',
  'deploy-role-stop-build',
  'deploy-role-verify-public-access',
  'codebuild-service-role-layer-cache',
]

export interface SandboxOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number
  /** Optional permissions that the seeded roles hold beyond the guide's. */
  readonly optionalPolicies: readonly OptionalPolicy[]
  /** Whom GitHub's tokens speak of; mutable, so that a test can change the event between two runs. */
  readonly github: GithubIdentity
  /** Command line that starts this program's stand-ins inside a build, for example `[node, 'dist/cli/stand-in.js']`. */
  readonly standinEntry: readonly string[]
  /** Run the host's own `aws` and `docker` and the function as a container. */
  readonly real: boolean
  /** Host headers that are taken besides the server's own, for a proxy in front of it: `127.0.0.1:PORT`. */
  readonly hosts: readonly string[]
  /** Runs builds in place of the buildspec's runner. */
  readonly runBuild?: RunBuild
}
