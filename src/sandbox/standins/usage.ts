// A command line that the real tool would refuse, with its exit status.
export class UsageError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'UsageError'
    this.status = status
  }
}
