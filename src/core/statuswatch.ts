// Looks at a build again and again, and decides how long CodeBuild may fail to answer before the build is lost.
import type { BuildSnapshot } from './build.ts'
import type { Cloud } from './cloud.ts'
import type { Watcher } from './logtail.ts'
import { Refusal } from './refusal.ts'

export interface StatusReading {
  readonly build: BuildSnapshot
  readonly isThrottled: boolean
}

/** Milliseconds without one good answer. A throttled look is an answer: it only says that others ask too. */
const patience = 5 * 60_000
/** Refusals in a row that no later try will mend, as a role that lost its permission. */
const refusalsBorne = 3

export class StatusWatch {
  private readonly cloud: Cloud
  private readonly host: Watcher
  private latest: BuildSnapshot
  private failingSince: number | undefined
  private refusals = 0
  private readonly told = new Set<string>()

  constructor(cloud: Cloud, host: Watcher, started: BuildSnapshot) {
    this.cloud = cloud
    this.host = host
    this.latest = started
  }

  /** One look, or the latest snapshot where CodeBuild failed to answer. Throws Refusal once patience is used up. */
  async read(): Promise<StatusReading> {
    try {
      this.latest = await this.cloud.readBuild(this.latest.id)
      this.failingSince = undefined
      this.refusals = 0
      return { build: this.latest, isThrottled: false }
    } catch (error) {
      if (this.host.signal.aborted || !(error instanceof Refusal)) throw error
      return { build: this.latest, isThrottled: this.bear(error) }
    }
  }

  private bear(refusal: Refusal): boolean {
    if (refusal.code === 'DCF-THROTTLED') {
      this.tellOnce('AWS throttles calls in this account; the build is looked at less often.', refusal)
      return true
    }
    this.failingSince ??= this.host.now()
    this.refusals = refusal.isTransient ? 0 : this.refusals + 1
    if (this.refusals >= refusalsBorne) throw refusal
    if (this.host.now() - this.failingSince >= patience)
      throw new Refusal('DCF-BUILD-LOST', {
        detail: `CodeBuild gave no good answer for five minutes. The last one: ${refusal.detail}`,
        ...(refusal.awsCode === undefined ? {} : { awsCode: refusal.awsCode }),
        ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
        cause: refusal,
      })
    this.tellOnce('The build cannot be looked at right now; trying again for up to five minutes.', refusal)
    return false
  }

  private tellOnce(text: string, refusal: Refusal): void {
    if (this.told.has(text)) return
    this.told.add(text)
    this.host.tell({ kind: 'note', text, detail: refusal.detail })
  }
}
