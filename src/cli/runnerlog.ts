// Reads an action's stdout as the runner would, for the demo: commands are carried out or hidden, text stays text.

export interface RunnerLog {
  /** Takes one line of stdout; returns what a person would see of it, or undefined. */
  read(line: string): string | undefined
}

/** Knows the commands that our actions use: stop-commands with its token, and annotations. */
export function createRunnerLog(): RunnerLog {
  let stopped: string | undefined
  return {
    read(line) {
      if (stopped !== undefined) {
        if (line !== `::${stopped}::`) return line
        stopped = undefined
        return undefined
      }
      const token = /^::stop-commands::(.+)$/.exec(line)?.[1]
      if (token !== undefined) {
        stopped = token
        return undefined
      }
      const [, kind, text] = /^::(error|warning|notice)(?: [^:]*(?:%3A[^:]*)*)?::(.*)$/.exec(line) ?? []
      if (kind === undefined || text === undefined) return line
      return `${kind}: ${decode(text)}`
    },
  }
}

function decode(text: string): string {
  return text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%25/g, '%')
}
