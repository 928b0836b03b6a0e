// Holds what the build says about its result against what Lambda shows, before anything is called a success.
import type { BuildSnapshot } from './build.ts'
import type { Cloud } from './cloud.ts'
import { isLoopbackUrl } from './endpoints.ts'
import type { PartialFacts } from './facts.ts'
import type { Host } from './host.ts'
import type { Live } from './live.ts'
import { Refusal } from './refusal.ts'

export interface ResultRequest {
  readonly functionName: string
  readonly region: string
  /** True if Lambda itself is an emulator on a loopback address. */
  readonly isLoopback: boolean
}

/** Lambda may show a new function or URL a moment late: looks, and milliseconds between them. */
const looks = 6
const pause = 2000

/** Returns what is certain about the function; throws Refusal if there is no URL that may be shown. */
export async function confirmResult(
  cloud: Cloud,
  build: BuildSnapshot,
  request: ResultRequest,
  host: Host,
): Promise<PartialFacts> {
  const { exported } = build
  const live = await lookPatiently(cloud, request, host)
  const found = live.kind === 'present' ? live.function : undefined
  const shown = found?.url.kind === 'url' ? found.url : undefined
  const functionUrl = confirmUrl({ live, shown: shown?.address, claimed: exported['FUNCTION_URL'] }, request)
  if (shown === undefined)
    host.tell({
      kind: 'note',
      text: 'The URL is unverified: the role may not look at it (lambda:GetFunction and lambda:GetFunctionUrlConfig).',
    })
  else if (shown.authType !== 'NONE')
    throw new Refusal('DCF-URL-NOT-PUBLIC', {
      detail: `The Function URL has auth type \`${shown.authType}\` now.`,
    })
  await confirmPublic(cloud, request, host)
  return {
    ...imageFacts(exported, found?.imageUri),
    functionUrl,
    urlVerified: shown !== undefined,
    ...arnFacts(found?.arn ?? exported['FUNCTION_ARN']),
  }
}

async function lookPatiently(cloud: Cloud, { functionName }: ResultRequest, host: Host): Promise<Live> {
  for (let look = 1; ; look += 1) {
    const live = await lookOnce(cloud, functionName)
    const isThere = live.kind === 'hidden' || (live.kind === 'present' && live.function.url.kind !== 'none')
    if (isThere || look === looks) return live
    await host.sleep(pause)
  }
}

async function lookOnce(cloud: Cloud, functionName: string): Promise<Live> {
  try {
    return await cloud.look(functionName)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal('DCF-RESULT-UNSEEN', {
      detail: error.detail,
      ...(error.awsCode === undefined ? {} : { awsCode: error.awsCode }),
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
      cause: error,
    })
  }
}

interface Sightings {
  readonly live: Live
  /** By GetFunctionUrlConfig. */
  readonly shown: string | undefined
  /** By the build. */
  readonly claimed: string | undefined
}

function confirmUrl({ live, shown, claimed }: Sightings, request: ResultRequest): string {
  const isMissing = live.kind === 'absent' || (live.kind === 'present' && live.function.url.kind === 'none')
  const functionUrl = shown ?? claimed ?? ''
  if (isMissing || functionUrl === '')
    throw new Refusal('DCF-URL-MISSING', {
      detail: `The build succeeded, but \`${request.functionName}\` has no Function URL.`,
    })
  if (!isFunctionUrl(functionUrl, request))
    throw new Refusal('DCF-URL-INVALID', {
      detail: `The build reports \`${functionUrl.slice(0, 200)}\` as Function URL.`,
    })
  if (claimed !== undefined && claimed !== '' && claimed !== functionUrl)
    throw new Refusal('DCF-URL-INVALID', {
      detail: `The build reports \`${claimed.slice(0, 200)}\`, Lambda shows \`${functionUrl}\`.`,
    })
  return functionUrl
}

/** Both statements of a public URL, where the role may see them; else that they are not verified. */
async function confirmPublic(cloud: Cloud, { functionName }: ResultRequest, host: Host): Promise<void> {
  const access = await cloud.readPublicAccess(functionName).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'hidden', reason: error.detail } as const
  })
  if (access.kind === 'hidden') {
    host.tell({
      kind: 'note',
      text: 'Whether both public statements are in the policy of the function is not verified: that needs `lambda:GetPolicy`.',
    })
    return
  }
  const missing = [
    ...(access.url ? [] : ['lambda:InvokeFunctionUrl']),
    ...(access.invoke ? [] : ['lambda:InvokeFunction']),
  ]
  if (missing.length > 0)
    throw new Refusal('DCF-URL-NOT-PUBLIC', {
      detail: `The policy of \`${functionName}\` does not allow everybody ${missing.join(' and ')}.`,
    })
}

/** True for https on a Lambda URL host of the region; plain http on loopback only where Lambda itself is there. */
export function isFunctionUrl(text: string, request: ResultRequest): boolean {
  if (request.isLoopback && isLoopbackUrl(text)) return true
  const [, region] =
    /^https:\/\/[a-z0-9]{1,64}\.lambda-url\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)\/$/.exec(
      text,
    ) ?? []
  return region === request.region
}

/** Only digests and URIs of the right form: exported variables are the build's words. */
function imageFacts(exported: Readonly<Record<string, string>>, liveUri: string | undefined): PartialFacts {
  const digest = exported['IMAGE_DIGEST']
  const uri = exported['IMAGE_URI'] || liveUri
  return {
    ...(digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? { imageDigest: digest } : {}),
    ...(uri !== undefined && /^[\w.:/-]{1,500}(?:@sha256:[0-9a-f]{64})?$/.test(uri) ? { imageUri: uri } : {}),
  }
}

function arnFacts(arn: string | undefined): PartialFacts {
  return arn !== undefined &&
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]{1,64}$/.test(arn)
    ? { functionArn: arn }
    : {}
}
