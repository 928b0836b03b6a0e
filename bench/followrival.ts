// The rival: how aws-actions/aws-codebuild-run-build 1.0.18 follows with its defaults. Every 30 seconds one status and
// one page of the log; 15 seconds more for good after each throttled call; over once the build has ended and two pages
// were empty.
import type { Host } from '../src/core/host.ts'
import { Refusal } from '../src/core/refusal.ts'
import type { FakeAccount } from '../test/follow/fakeaccount.ts'

export async function followAsRival({ cloud, started }: FakeAccount, host: Host): Promise<void> {
  let interval = 30_000
  let empty = 0
  let token: string | undefined
  for (;;) {
    try {
      const build = await cloud.readBuild(started.id)
      const page =
        build.log.kind === 'stream'
          ? await cloud.readLog(build.log, token === undefined ? {} : { token })
          : undefined
      const events = page?.kind === 'page' ? page.events : []
      if (page?.kind === 'page') token = page.next
      if (events.length > 0) host.tell({ kind: 'log', lines: events.map((event) => event.text.trimEnd()) })
      else empty += 1
      if (build.isOver && empty >= 2) return
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'DCF-THROTTLED') throw error
      interval += 15_000
    }
    await host.sleep(interval)
  }
}
