// A limit in time for any piece of work, even for one that does not notice that it should end.

/** Runs the work under a signal that aborts with the caller's and after so many milliseconds; rejects as soon as it does. */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const forward = () => controller.abort(signal.reason)
  signal.addEventListener('abort', forward, { once: true })
  const timer = setTimeout(() => controller.abort(lateness(milliseconds)), Math.max(milliseconds, 1))
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  try {
    return await Promise.race([work(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', forward)
  }
}

function lateness(milliseconds: number): Error {
  const error = new Error(`no whole answer within ${milliseconds / 1000} s`)
  error.name = 'TimeoutError'
  return error
}
