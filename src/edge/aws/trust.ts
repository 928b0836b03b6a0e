// Explains a refused role: what the token says, and the condition that the role's trust policy needs.
import type { Claims } from './token.ts'

/** The name form of `sub`, and the form with ids that repositories created or renamed after 15 July 2026 send. */
export function subjectForms(claims: Claims): readonly string[] {
  const [, owner, name, rest] = /^repo:([^/@:]+)(?:@\d+)?\/([^@:]+)(?:@\d+)?(:.*)$/.exec(claims.sub) ?? []
  if (owner === undefined || name === undefined || rest === undefined) return [claims.sub]
  const named = `repo:${owner}/${name}${rest}`
  if (claims.ownerId === undefined || claims.repositoryId === undefined)
    return [...new Set([claims.sub, named])]
  const withIds = `repo:${owner}@${claims.ownerId}/${name}@${claims.repositoryId}${rest}`
  return [claims.sub, ...[named, withIds].filter((form) => form !== claims.sub)]
}

/** The condition to write, as JSON on one line. */
export function trustCondition(claims: Claims): string {
  const issuer = claims.iss.replace(/^https?:\/\//, '')
  const forms = subjectForms(claims)
  return JSON.stringify({
    StringEquals: {
      [`${issuer}:aud`]: claims.aud[0] ?? '',
      [`${issuer}:sub`]: forms.length === 1 ? forms[0] : forms,
    },
  })
}

/** What the token says, for whoever compares it with the trust policy. Never the token. */
export function describeClaims(claims: Claims): string {
  return `The token says sub=\`${claims.sub}\` aud=\`${claims.aud.join(',')}\` iss=\`${claims.iss}\`.`
}
