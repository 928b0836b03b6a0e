// What ECR's interface and the registry behind it share.
import type { World } from '../../world.ts'
import type { Authorize } from '../permission.ts'
import type { Switches } from '../switches.ts'
import type { Tokens } from './token.ts'

export interface EcrOffice {
  readonly world: World
  readonly switches: Switches
  readonly authorize: Authorize
  readonly tokens: Tokens
}
