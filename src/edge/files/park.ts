// Takes finished entries away from the zip writer until the end, because it looks through all of them with every step
// and keeps 16 KiB of memory for each: on 66,000 files that is minutes, and a gigabyte.
import type { ZipFile } from 'yazl'

export interface Park {
  /** Takes the entries that are written away from the writer. */
  take(): void
  /** Gives them back, in their order, for the directory at the end of the archive. */
  giveBack(): void
}

/** The state of an entry whose bytes are all written. */
const doneState = 3

/**
 * The list of entries is no part of the writer's public face: its version is pinned, and where the list has another
 * shape nothing is taken, so that the archive is the same and only time and memory are lost.
 */
export function createPark(zip: ZipFile): Park {
  const parked: unknown[] = []
  const list = (): unknown[] => {
    const entries: unknown = Reflect.get(zip, 'entries')
    return Array.isArray(entries) ? entries : []
  }
  return {
    take: () => {
      const entries = list()
      const open = entries.findIndex((entry) => !isDone(entry))
      for (const entry of entries.splice(0, open === -1 ? entries.length : open)) parked.push(release(entry))
    },
    giveBack: () => {
      if (parked.length > 0) Reflect.set(zip, 'entries', [...parked, ...list()])
    },
  }
}

function isDone(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && Reflect.get(entry, 'state') === doneState
}

/** Lets go of the closure that holds the compressed content. */
function release(entry: unknown): unknown {
  if (typeof entry === 'object' && entry !== null) Reflect.set(entry, 'doFileDataPump', undefined)
  return entry
}
