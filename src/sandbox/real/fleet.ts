// The instances of one function: a call gets a free one, a new one, or waits for its turn; what an update left behind ends.

import type { Version } from '../services/function.ts'
import type { InvokeOutcome } from '../services/functionurl/invoker.ts'
import { type Call, type Instance, StartFailure } from './instance.ts'

/** Instances of one function at a time; Lambda has a thousand, a laptop has not. */
const MOST_INSTANCES = 10
/** Milliseconds after which an unused instance ends. */
const IDLE = 5 * 60_000
/** Milliseconds that Lambda grants the first try of an initialisation (Lambda execution environment, init phase). */
const INIT_LIMIT = 10_000

/** Starts an instance that serves this version; `patience` in milliseconds. */
export type Launch = (version: Version, patience: number) => Promise<Instance>

export interface Fleet {
  run(version: Version, call: Call): Promise<InvokeOutcome>
  end(): Promise<void>
}

interface Member {
  readonly key: string
  /** Undefined while it starts. */
  instance?: Instance
  busy: boolean
  idle?: NodeJS.Timeout
}

export function createFleet(launch: Launch): Fleet {
  const members = new Set<Member>()
  const waiting: (() => void)[] = []

  async function dismiss(member: Member, reason: 'spindown' | 'failure'): Promise<void> {
    clearTimeout(member.idle)
    members.delete(member)
    waiting.shift()?.()
    await member.instance?.stop(reason)
  }

  /** A free member of this version, marked busy, or a new one without an instance. */
  async function claim(key: string): Promise<Member> {
    for (;;) {
      for (const member of [...members].filter((one) => !one.busy)) {
        if (member.instance?.isOver() === true) void dismiss(member, 'failure')
        else if (member.key !== key) void dismiss(member, 'spindown')
      }
      const free = [...members].find((one) => !one.busy && one.key === key)
      if (free !== undefined) {
        clearTimeout(free.idle)
        free.busy = true
        return free
      }
      if (members.size < MOST_INSTANCES) {
        const member: Member = { key, busy: true }
        members.add(member)
        return member
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function release(member: Member): void {
    member.busy = false
    member.idle = setTimeout(() => void dismiss(member, 'spindown'), IDLE)
    member.idle.unref()
    waiting.shift()?.()
  }

  return {
    run: async (version, call) => {
      const member = await claim(keyOf(version))
      try {
        member.instance ??= await start(launch, version, call.timeout)
        const outcome = await member.instance.invoke(call)
        if (member.instance.isOver()) await dismiss(member, 'failure')
        else release(member)
        return outcome
      } catch (error) {
        await dismiss(member, 'failure')
        if (error instanceof StartFailure) return { kind: 'error', type: error.type, message: error.message }
        throw error
      }
    },
    end: async () => {
      await Promise.all([...members].map((member) => dismiss(member, 'spindown')))
    },
  }
}

/** As Lambda does: ten seconds, and after that once more within the function's own timeout. */
async function start(launch: Launch, version: Version, timeout: number): Promise<Instance> {
  try {
    return await launch(version, INIT_LIMIT)
  } catch (error) {
    if (!(error instanceof StartFailure) || error.type !== 'Init.Timedout') throw error
    return await launch(version, timeout)
  }
}

/** Instances are shared by calls that ask for the same code and settings. */
function keyOf(version: Version): string {
  const { image, role, timeout, memorySize, environment } = version
  return JSON.stringify([image?.uri, role, timeout, memorySize, environment])
}
