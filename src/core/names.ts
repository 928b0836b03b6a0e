// The names that a run makes up itself: function, image tag, session.

/** A name that Lambda takes for a function: no ARN, no qualifier, no wildcard. */
export const functionNamePattern = /^[A-Za-z0-9-_]{1,64}$/

/** A tag that ECR takes. */
export const imageTagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** The pubspec's name as a function name: other characters become `-`, cut to 64. */
export function sanitizeFunctionName(name: string): string {
  return name.replace(/[^A-Za-z0-9-_]/g, '-').slice(0, 64)
}

export interface TagParts {
  readonly commit?: string | undefined
  readonly sourceDigest: string
  readonly runId: string
  readonly attempt: string
}

/** A tag that no other run uses: commit (12), source digest (12), run id, attempt. */
export function makeImageTag(parts: TagParts): string {
  const pieces = [parts.commit?.slice(0, 12), parts.sourceDigest.slice(0, 12), parts.runId, parts.attempt]
  return pieces.filter((piece) => piece !== undefined && piece !== '').join('-')
}

export interface SessionParts {
  readonly repository?: string | undefined
  readonly runId: string
  readonly attempt: string
}

/** A role session name (2 to 64 of `[\w+=,.@-]`) that leads from CloudTrail to the run. */
export function makeSessionName(parts: SessionParts): string {
  const tail = `-${parts.runId}-${parts.attempt}`
  const head = `dcf-${parts.repository ?? 'local'}`.replace(/[^\w+=,.@-]/g, '-')
  return `${head.slice(0, 64 - tail.length)}${tail}`.slice(0, 64)
}
