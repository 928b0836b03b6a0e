// A refusal of the registry in the form that Docker reads and prints: `code: message`.
export class RegistryRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'RegistryRefusal'
    this.status = status
    this.code = code
  }
}

export function refusalBody(refusal: RegistryRefusal): string {
  return JSON.stringify({ errors: [{ code: refusal.code, message: refusal.message }] })
}
