// A policy that cannot be evaluated: never a permission, always an error that somebody sees.

export class PolicyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PolicyError'
  }
}
