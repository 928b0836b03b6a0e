// Whether this run may touch a function, by the function's mark. Deploy and undeploy ask the same question.
import type { Mark } from './mark.ts'

export interface Claim {
  /** GitHub's repository id, or `-` outside GitHub. */
  readonly repositoryId: string
  /** Number of the pull request that the run belongs to, or `-`. */
  readonly pullRequest: string
  readonly force: boolean
}

export type Ownership = 'ours' | 'foreign' | 'of another pull request'

/**
 * Judges a function that exists. On a pull request only the function whose mark has that number is ours, and
 * `force` changes nothing about it: the workflow of a pull request is written by its author.
 */
export function judgeOwnership(mark: Mark | undefined, claim: Claim): Ownership {
  if (claim.pullRequest !== '-') {
    if (mark === undefined || mark.pr !== claim.pullRequest) return 'of another pull request'
    return mark.repo === claim.repositoryId ? 'ours' : 'foreign'
  }
  if (claim.force) return 'ours'
  return mark !== undefined && mark.repo === claim.repositoryId ? 'ours' : 'foreign'
}
