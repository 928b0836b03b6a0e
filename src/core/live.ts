// Decides from the live function, before anything is uploaded: go on, wait, nothing to do, or refuse.
import type { Code } from './catalogue.ts'
import { readMark } from './mark.ts'
import { type Claim, judgeOwnership } from './ownership.ts'

export type LiveUrl =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly address: string; readonly authType: string }
  | { readonly kind: 'hidden' }

export interface LiveFunction {
  readonly arn: string
  /** `Image` or `Zip`. */
  readonly packageType: string
  readonly description: string
  /** Digest (`sha256:...`) of the image that the function runs. */
  readonly imageDigest: string | undefined
  readonly imageUri: string | undefined
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly roleArn: string
  /** `Pending`, `Active`, `Inactive`, `Failed`, `Deleting`, ... */
  readonly state: string
  /** `Successful`, `InProgress`, `Failed`. */
  readonly lastUpdateStatus: string
  readonly url: LiveUrl
}

export type Live =
  | { readonly kind: 'absent' }
  /** The role may not look, or the endpoint does not know how. */
  | { readonly kind: 'hidden'; readonly reason: string }
  | { readonly kind: 'present'; readonly function: LiveFunction }

/** What the deployment wants the function to be. */
export interface Wanted {
  readonly functionName: string
  readonly claim: Claim
  readonly sourceDigest: string
  readonly configDigest: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly executionRoleArn: string
  readonly skipUnchanged: boolean
}

export type Decision =
  | { readonly kind: 'go'; readonly creates: boolean | undefined }
  | { readonly kind: 'wait' }
  /** Unchanged, if the URL answers. */
  | { readonly kind: 'unchanged'; readonly function: LiveFunction; readonly address: string }
  | { readonly kind: 'refuse'; readonly code: Code; readonly detail: string }

/** The decision is pure: it sees only what GetFunction and GetFunctionUrlConfig showed. */
export function decide(live: Live, wanted: Wanted): Decision {
  if (live.kind === 'absent') return { kind: 'go', creates: true }
  if (live.kind === 'hidden') return { kind: 'go', creates: undefined }
  const found = live.function
  const refusal = refuseLive(found, wanted)
  if (refusal) return refusal
  if (isBusy(found)) return { kind: 'wait' }
  if (wanted.skipUnchanged && found.url.kind === 'url' && isSame(found, wanted)) {
    return { kind: 'unchanged', function: found, address: found.url.address }
  }
  return { kind: 'go', creates: false }
}

/** True while Lambda answers ResourceConflictException to an update. */
export function isBusy(found: LiveFunction): boolean {
  return found.state === 'Pending' || found.state === 'Deleting' || found.lastUpdateStatus === 'InProgress'
}

function refuseLive(found: LiveFunction, wanted: Wanted): Decision | undefined {
  const name = wanted.functionName
  if (found.packageType !== 'Image') {
    const detail = `The function \`${name}\` exists with package type ${found.packageType}; Lambda cannot change it to Image.`
    return { kind: 'refuse', code: 'DCF-FUNCTION-ZIP', detail }
  }
  const ownership = judgeOwnership(readMark(found.description), wanted.claim)
  if (ownership === 'of another pull request') {
    const detail = `The function \`${name}\` does not carry the mark of pull request ${wanted.claim.pullRequest}.`
    return { kind: 'refuse', code: 'DCF-FUNCTION-PULL-REQUEST', detail }
  }
  if (ownership === 'foreign') {
    const detail = `The function \`${name}\` does not carry the mark of repository ${wanted.claim.repositoryId}.`
    return { kind: 'refuse', code: 'DCF-FUNCTION-FOREIGN', detail }
  }
  if (found.url.kind === 'url' && found.url.authType !== 'NONE') {
    const detail = `The Function URL of \`${name}\` has auth type ${found.url.authType}; a deployment would not make it public.`
    return { kind: 'refuse', code: 'DCF-FUNCTION-URL-IAM', detail }
  }
  return undefined
}

function isSame(found: LiveFunction, wanted: Wanted): boolean {
  const mark = readMark(found.description)
  const image = found.imageDigest?.replace('sha256:', '').slice(0, 16)
  return (
    mark !== undefined &&
    mark.repo === wanted.claim.repositoryId &&
    mark.pr === wanted.claim.pullRequest &&
    mark.src === wanted.sourceDigest.slice(0, 16) &&
    mark.cfg === wanted.configDigest &&
    mark.img === image &&
    found.timeoutSeconds === wanted.timeoutSeconds &&
    found.memoryMb === wanted.memoryMb &&
    found.roleArn === wanted.executionRoleArn &&
    found.state === 'Active' &&
    found.lastUpdateStatus === 'Successful'
  )
}
