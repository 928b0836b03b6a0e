// Leaves no build behind that could still change the function: after a cancel, a failure, or when patience ends.
import type { Cloud, Destination, Stored, Withdrawal } from './cloud.ts'
import type { Host } from './host.ts'

/** What a run has set going so far. */
export interface Undertaking {
  readonly cloud: Cloud
  readonly destination: Destination
  readonly stored: Stored
  /** Undefined if StartBuild was not answered: a build may or may not be there. */
  readonly build: StartedBuild | undefined
}

export interface StartedBuild {
  readonly id: string
  /** Its page in the console. */
  readonly url: string
}

export interface Abandoned {
  /** True if no build of this run can change the function any more, unless it already was at it. */
  readonly isCertain: boolean
  /** What is certain now, for whoever reads the log. */
  readonly text: string
}

/**
 * Stops the build where the role may, and withdraws the artifact in any case: the build looks at it before it
 * touches the function (contract of the fence).
 */
export async function abandon(undertaking: Undertaking, host: Host): Promise<Abandoned> {
  const [isStopped, withdrawal] = await Promise.all([
    tryStop(undertaking, host),
    tryWithdraw(undertaking, host),
  ])
  const { build } = undertaking
  const end = isStopped ? 'The build was stopped.' : describeFence(withdrawal, build !== undefined)
  const where = build === undefined ? '' : ` The build: ${build.id} ${build.url}`
  return { isCertain: isStopped || isFenced(withdrawal), text: `${end}${where}` }
}

async function tryStop({ cloud, build }: Undertaking, host: Host): Promise<boolean> {
  if (build === undefined) return false
  try {
    return await cloud.stopBuild(build.id)
  } catch (error) {
    tellFailure('The build could not be stopped.', error, host)
    return false
  }
}

async function tryWithdraw(
  { cloud, destination, stored }: Undertaking,
  host: Host,
): Promise<Withdrawal | undefined> {
  try {
    return await cloud.withdraw(destination, stored.etag)
  } catch (error) {
    tellFailure('The artifact could not be withdrawn.', error, host)
    return undefined
  }
}

function isFenced(withdrawal: Withdrawal | undefined): boolean {
  return withdrawal !== undefined && withdrawal !== 'foreign'
}

const onlyStop =
  'One that is already at the function can only be stopped by a role with `codebuild:StopBuild`.'

function describeFence(withdrawal: Withdrawal | undefined, isStarted: boolean): string {
  const which = isStarted ? 'The build' : 'No build is known to have started; one that did'
  switch (withdrawal) {
    case 'withdrawn':
      return `The artifact was withdrawn. ${which} stops before it touches the function. ${onlyStop}`
    case 'superseded':
      return `A newer run of this function has replaced the artifact. ${which} stops before it touches the function. ${onlyStop}`
    case 'gone':
      return `The artifact is gone. ${which} stops before it touches the function. ${onlyStop}`
    case 'foreign':
      return "Another function's artifact lies in the place of this run's, so it could not be withdrawn, and the build could not be stopped: it may still change the function. Give each function an `artifact-key` of its own, and the role `codebuild:StopBuild`."
    case undefined:
      return 'The build could neither be stopped nor its artifact be withdrawn: it may still change the function. Stop it in the console.'
  }
}

function tellFailure(text: string, error: unknown, host: Host): void {
  host.tell({ kind: 'note', text, detail: error instanceof Error ? error.message : String(error) })
}
