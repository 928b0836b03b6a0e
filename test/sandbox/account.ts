// A sandbox with clients for its services: the deploy role signs in as the action does, other roles get a session directly.
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { ECRClient } from '@aws-sdk/client-ecr'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

export interface Clients {
  readonly codebuild: CodeBuildClient
  readonly logs: CloudWatchLogsClient
  readonly lambda: LambdaClient
  readonly ecr: ECRClient
}

/** Clients that act as a seeded role, for example as the service role of the build. */
export function actAs(sandbox: Sandbox, roleName: string): Clients {
  const role = sandbox.world.roles.get(roleName)
  if (role === undefined) throw new Error(`no role ${roleName}`)
  const { credentials } = sandbox.world.sessions.create({ role, sessionName: 'test', durationSeconds: 900 })
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const settings = {
    endpoint: sandbox.endpoint,
    region: sandbox.names.region,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  }
  return {
    codebuild: new CodeBuildClient(settings),
    logs: new CloudWatchLogsClient(settings),
    lambda: new LambdaClient(settings),
    ecr: new ECRClient(settings),
  }
}

/** Adds a policy with one statement to a role of the account. */
export function allow(sandbox: Sandbox, roleName: string, action: string | readonly string[]): void {
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }
  sandbox.world.roles.get(roleName)?.policies.set(`allow-${String(action)}`, policy)
}

/** Repeats until the question has an answer; the test's own timeout ends it. */
export async function waitFor<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
