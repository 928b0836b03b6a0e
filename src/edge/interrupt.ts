// Turns SIGINT and SIGTERM into an abort signal, so that a run can clean up before it ends.

export interface Interrupt {
  readonly signal: AbortSignal
  /** Restores the default behaviour of the signals. */
  release(): void
}

/** The runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later it kills: later signals change nothing. */
export function catchInterrupts(): Interrupt {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => controller.abort(new Error(`Interrupted by ${name}`))
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
