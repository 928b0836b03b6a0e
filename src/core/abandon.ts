// Leaves no build behind that could still change the function: after a cancel, a failure, or when patience ends.
import type { Cloud, Destination, Stored } from './cloud.ts'
import type { Host } from './host.ts'

/** What a run has set going so far. */
export interface Undertaking {
  readonly cloud: Cloud
  readonly destination: Destination
  readonly stored: Stored
  /** Undefined if StartBuild was not answered: a build may or may not be there. */
  readonly buildId: string | undefined
}

/**
 * Stops the build where the role may, and withdraws the artifact in any case: the build looks at it before it
 * touches the function (contract of the fence). Returns one sentence about what is certain now.
 */
export async function abandon(undertaking: Undertaking, host: Host): Promise<string> {
  const [stopped, withdrawn] = await Promise.all([tryStop(undertaking, host), tryWithdraw(undertaking, host)])
  if (stopped) return 'The build was stopped.'
  if (withdrawn) {
    return 'The artifact was withdrawn: a build that has not reached the function stops before it. One that has can only be stopped by a role with `codebuild:StopBuild`.'
  }
  return "The build could not be stopped and the artifact is no longer this run's; look at the build in the console."
}

async function tryStop({ cloud, buildId }: Undertaking, host: Host): Promise<boolean> {
  if (buildId === undefined) return false
  try {
    return await cloud.stopBuild(buildId)
  } catch (error) {
    tellFailure('The build could not be stopped.', error, host)
    return false
  }
}

async function tryWithdraw({ cloud, destination, stored }: Undertaking, host: Host): Promise<boolean> {
  try {
    return await cloud.withdraw(destination, stored.etag)
  } catch (error) {
    tellFailure('The artifact could not be withdrawn.', error, host)
    return false
  }
}

function tellFailure(text: string, error: unknown, host: Host): void {
  host.tell({ kind: 'note', text, detail: error instanceof Error ? error.message : String(error) })
}
