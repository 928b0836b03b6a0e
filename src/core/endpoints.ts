// Where the AWS services are: AWS itself, or an emulator on this machine and nowhere else.
import { accept, type Checked, reject } from './checked.ts'
import type { Problem } from './problem.ts'

export const serviceNames = ['STS', 'S3', 'CODEBUILD', 'CLOUDWATCH_LOGS', 'LAMBDA'] as const
export type ServiceName = (typeof serviceNames)[number]

/** Endpoint of each service that is not AWS's own. */
export type Endpoints = Readonly<Partial<Record<ServiceName, string>>>

/**
 * Reads `endpoint-url` and, where that is empty, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>.
 * Anything but a literal loopback address is a problem: an endpoint is sent the OIDC token.
 */
export function parseEndpoints(
  input: string,
  environment: Readonly<Record<string, string | undefined>>,
): Checked<Endpoints> {
  const problems: Problem[] = []
  const endpoints: Partial<Record<ServiceName, string>> = {}
  for (const service of serviceNames) {
    const sources: readonly (readonly [string, string | undefined])[] = [
      ['endpoint-url', input],
      [`AWS_ENDPOINT_URL_${service}`, environment[`AWS_ENDPOINT_URL_${service}`]],
      ['AWS_ENDPOINT_URL', environment['AWS_ENDPOINT_URL']],
    ]
    const [source, url] = sources.find(([, value]) => value !== undefined && value !== '') ?? []
    if (source === undefined || url === undefined) continue
    if (isLoopbackUrl(url)) endpoints[service] = url
    else if (!problems.some((problem) => problem.message.startsWith(`\`${source}\``)))
      problems.push(notLoopback(source))
  }
  return problems.length > 0 ? reject(problems) : accept(endpoints)
}

/** True for http or https on a literal loopback address: 127.0.0.0/8 or ::1. Names such as `localhost` are not literal. */
export function isLoopbackUrl(text: string): boolean {
  const literal = /^https?:\/\/(127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:\/[^\s@]*)?$/.test(text)
  if (!literal || !URL.canParse(text)) return false
  const { hostname, username, password } = new URL(text)
  return username === '' && password === '' && (hostname === '[::1]' || hostname.startsWith('127.'))
}

function notLoopback(source: string): Problem {
  return {
    code: 'DCF-ENDPOINT-NOT-LOOPBACK',
    severity: 'error',
    message: `\`${source}\` is set, but it is not a literal loopback address with http or https.`,
    help: 'An endpoint is sent the OIDC token: use `http://127.0.0.1:PORT` (or `http://[::1]:PORT`), or remove it to talk to AWS.',
  }
}
