// The state of the stand-in's account: what exists, who may do what, and the time. Tests change it directly.
import type { Clock } from './clock.ts'
import type { Provider, Role } from './identity/role.ts'
import type { Sessions } from './identity/sessions.ts'
import type { LambdaFunction } from './services/function.ts'
import type { LogGroup } from './services/loggroup.ts'
import type { Build, Project } from './services/project.ts'
import type { Repository } from './services/repository.ts'
import type { Bucket } from './services/s3bucket.ts'
import type { Switches } from './services/switches.ts'

export interface World {
  readonly account: string
  readonly region: string
  readonly partition: string
  /** `http://127.0.0.1:PORT`, without a slash at the end; known once the server listens. */
  endpoint: string
  readonly clock: Clock
  /** Characters of a session policy, white space aside, above which STS answers PackedPolicyTooLarge. */
  packedPolicyLimit: number
  /** How the services behave on a less happy day. */
  readonly switches: Switches
  /** By role name. */
  readonly roles: Map<string, Role>
  /** IAM OIDC providers by issuer URL. */
  readonly providers: Map<string, Provider>
  /** Live sessions of roles; `sessions.create(...)` is how a service acts as its service role. */
  readonly sessions: Sessions
  /** By bucket name; buckets of other accounts and regions stand here too. */
  readonly buckets: Map<string, Bucket>
  /** By project name. */
  readonly projects: Map<string, Project>
  /** By build id, `PROJECT:UUID`. */
  readonly builds: Map<string, Build>
  /** By group name. */
  readonly logGroups: Map<string, LogGroup>
  /** By repository name. */
  readonly repositories: Map<string, Repository>
  /** By function name. */
  readonly functions: Map<string, LambdaFunction>
}
