// What the parts of Lambda share: the account, its switches, IAM's answers, and how a Function URL is opened.

import type { World } from '../../world.ts'
import type { FunctionUrl, LambdaFunction } from '../function.ts'
import type { Permits, PermitsPrincipal } from '../permission.ts'
import type { Switches } from '../switches.ts'

export interface UrlRequest {
  readonly fn: LambdaFunction
  readonly authType: FunctionUrl['authType']
  readonly invokeMode: FunctionUrl['invokeMode']
  readonly cors?: unknown
}

export interface LambdaOffice {
  readonly world: World
  readonly switches: Switches
  readonly permits: Permits
  readonly permitsPrincipal: PermitsPrincipal
  /** Opens a server of its own for a function. */
  openUrl(request: UrlRequest): Promise<FunctionUrl>
}
