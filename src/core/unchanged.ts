// A deployment that has nothing to do: the live function is looked at and published instead.
import { isAnswer } from './health.ts'
import type { Host } from './host.ts'
import type { LiveFunction } from './live.ts'

/** True if the program behind a URL answers now by the rule of the health check. */
export async function answers(address: string, path: string, host: Host): Promise<boolean> {
  if (path === 'none') return true
  const answer = await host.probe(address.replace(/\/$/, '') + path)
  return answer !== undefined && isAnswer(answer)
}

export function publishUnchanged(found: LiveFunction, address: string, host: Host): void {
  host.publish({
    functionUrl: address,
    urlVerified: true,
    functionArn: found.arn,
    ...(found.imageUri === undefined ? {} : { imageUri: found.imageUri }),
    ...(found.imageDigest === undefined ? {} : { imageDigest: found.imageDigest }),
  })
}
