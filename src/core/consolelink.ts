// The page of a build in the AWS console, for whoever wants to look for themselves.
import type { Target } from './target.ts'

/** The build's page in the console, whose host depends on the partition. */
export function buildUrlOf(id: string, target: Target): string {
  const hosts: Readonly<Record<string, string>> = {
    'aws-cn': 'console.amazonaws.cn',
    'aws-us-gov': 'console.amazonaws-us-gov.com',
  }
  const host = hosts[target.role.partition] ?? `${target.region}.console.aws.amazon.com`
  const path = `${target.role.account}/projects/${target.project}/build/${encodeURIComponent(id)}`
  return `https://${host}/codesuite/codebuild/${path}/?region=${target.region}`
}
