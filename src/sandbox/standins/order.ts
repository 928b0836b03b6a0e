// What a test or a demonstration ordered a stand-in to print in place of doing its work.
import { readFileSync } from 'node:fs'
import { isObject, parseJson } from '../json.ts'

export interface Order {
  readonly prints: string
  readonly status: number
}

/** The first order of this build that fits the call; undefined outside a build. */
export function findOrder(
  tool: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Order | undefined {
  const file = env['DCF_STANDIN']
  const state = file === undefined ? undefined : parseJson(readFileSync(file, 'utf8'))
  const orders = isObject(state) && Array.isArray(state['orders']) ? state['orders'].filter(isObject) : []
  const call = argv.join(' ')
  const found = orders.find((one) => one['tool'] === tool && new RegExp(String(one['call'])).test(call))
  return found && { prints: String(found['prints']), status: Number(found['status']) }
}
