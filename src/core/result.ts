// Holds what the build says about its result against what Lambda shows, before anything is called a success.
import type { BuildSnapshot } from './build.ts'
import type { Cloud } from './cloud.ts'
import { isLoopbackUrl } from './endpoints.ts'
import type { PartialFacts } from './facts.ts'
import type { Host } from './host.ts'
import { Refusal } from './refusal.ts'

export interface ResultRequest {
  readonly functionName: string
  readonly region: string
  /** True if Lambda itself is an emulator on a loopback address. */
  readonly isLoopback: boolean
}

/** Returns what is certain about the function; throws Refusal if there is no URL that may be shown. */
export async function confirmResult(
  cloud: Cloud,
  build: BuildSnapshot,
  request: ResultRequest,
  host: Host,
): Promise<PartialFacts> {
  const exported = build.exported
  const live = await cloud.look(request.functionName)
  const found = live.kind === 'present' ? live.function : undefined
  const shown = found?.url.kind === 'url' ? found.url.address : undefined
  const claimed = exported['FUNCTION_URL']
  const functionUrl = shown ?? claimed
  if (
    live.kind === 'absent' ||
    found?.url.kind === 'none' ||
    functionUrl === undefined ||
    functionUrl === ''
  ) {
    throw new Refusal('DCF-URL-MISSING', {
      detail: `The build succeeded, but \`${request.functionName}\` has no Function URL.`,
    })
  }
  if (!isFunctionUrl(functionUrl, request)) {
    throw new Refusal('DCF-URL-INVALID', {
      detail: `The build reports \`${functionUrl.slice(0, 200)}\` as Function URL.`,
    })
  }
  if (shown !== undefined && claimed !== undefined && claimed !== '' && claimed !== shown) {
    throw new Refusal('DCF-URL-INVALID', {
      detail: `The build reports \`${claimed.slice(0, 200)}\`, Lambda shows \`${shown}\`.`,
    })
  }
  if (shown === undefined) {
    host.tell({
      kind: 'note',
      text: 'The URL is unverified: the role may not look at it (lambda:GetFunction and lambda:GetFunctionUrlConfig).',
    })
  }
  return {
    ...imageFacts(exported, found?.imageUri),
    functionUrl,
    urlVerified: shown !== undefined,
    ...arnFacts(found?.arn ?? exported['FUNCTION_ARN']),
  }
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
