// Which OIDC issuer a GitHub server has, for the trust policy and for the look-up of a repository's ids.

/** A GitHub server as far as OIDC is concerned. */
export interface GitHubServer {
  /** For example `https://github.com`. */
  readonly url: string
  readonly api: string
  /** `iss` of its tokens; always https, without a final slash. */
  readonly issuer: string
  /** False on GitHub Enterprise Server, whose `sub` never carries ids. */
  readonly hasSubjectsWithIds: boolean
}

const hostPattern = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)\/?$/i

/**
 * The server behind an https address: github.com, a data residency address (`NAME.ghe.com`) or GitHub
 * Enterprise Server; undefined for anything else.
 *
 * Issuers by GitHub's OIDC reference: `token.actions.githubusercontent.com`, `token.actions.NAME.ghe.com`,
 * and `HOST/_services/token`.
 */
export function parseGitHubServer(text: string): GitHubServer | undefined {
  const host = hostPattern.exec(text)?.[1]?.toLowerCase()
  if (host === undefined) return undefined
  const url = `https://${host}`
  if (host === 'github.com')
    return {
      url,
      api: 'https://api.github.com',
      issuer: 'https://token.actions.githubusercontent.com',
      hasSubjectsWithIds: true,
    }
  if (host.endsWith('.ghe.com'))
    return {
      url,
      api: `https://api.${host}`,
      issuer: `https://token.actions.${host}`,
      hasSubjectsWithIds: true,
    }
  return { url, api: `${url}/api/v3`, issuer: `${url}/_services/token`, hasSubjectsWithIds: false }
}

/** True for an issuer that IAM takes: https, no port, no query, no final slash. */
export function isIssuer(text: string): boolean {
  return /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w.~-]+)*$/i.test(text)
}

/** The issuer as IAM names it in provider ARNs and condition keys. */
export function hostOfIssuer(issuer: string): string {
  return issuer.replace(/^https:\/\//, '')
}
