// What the services ask of IAM while they work; the policy evaluator stands behind both questions.
import type { Access, Caller } from '../service.ts'

/** Whether a session may do something: its role's policies, cut down by its session policy. */
export type Permits = (caller: Caller, access: Access) => boolean

/** The same question; throws AwsError in IAM's words when the answer is no. */
export type Authorize = (caller: Caller, access: Access) => void

export interface ResourceQuestion {
  /** A resource-based or trust policy, as parsed JSON. */
  readonly policy: unknown
  /** A service principal (`lambda.amazonaws.com`), or `*` for an unsigned request. */
  readonly principal: string
  readonly access: Access
}

/** Whether a resource's own policy lets a service or the public do something. */
export type PermitsPrincipal = (question: ResourceQuestion) => boolean
