// The sandbox's own counter: reading the journal and ordering faults from outside the process, with a secret.
import { timingSafeEqual } from 'node:crypto'
import { AwsError } from './awserror.ts'
import type { Answer, Exchange } from './exchange.ts'
import { type Faults, readFault } from './faults.ts'
import type { Journal } from './journal.ts'
import { parseJson } from './json.ts'
import type { Door } from './service.ts'

interface Administered {
  readonly journal: Journal
  readonly faults: Faults
  readonly secret: string
}

/** `GET` and `DELETE /_sandbox/journal`, `POST` and `DELETE /_sandbox/faults`; header `x-sandbox-secret`. */
export function createAdminDoor(administered: Administered): Door {
  return {
    name: 'sandbox',
    matches: ({ path }) => path.startsWith('/_sandbox/'),
    enter: (exchange) => ({
      operation: `${exchange.method} ${exchange.path}`,
      run: () => {
        if (!isSecret(exchange.headers['x-sandbox-secret'] ?? '', administered.secret)) {
          throw new AwsError('AccessDenied', 'The header x-sandbox-secret is missing or wrong.', 403)
        }
        return administer(exchange, administered)
      },
    }),
  }
}

function administer(exchange: Exchange, { journal, faults }: Administered): Answer {
  switch (`${exchange.method} ${exchange.path}`) {
    case 'GET /_sandbox/journal':
      return json(200, journal.entries)
    case 'DELETE /_sandbox/journal':
      journal.clear()
      return { status: 204 }
    case 'POST /_sandbox/faults':
      return orderFaults(exchange, faults)
    case 'DELETE /_sandbox/faults':
      faults.clear()
      return { status: 204 }
    default:
      throw new AwsError('NotFound', 'The sandbox has /_sandbox/journal and /_sandbox/faults.', 404)
  }
}

/** Takes one fault or a list of them, all or none. */
function orderFaults(exchange: Exchange, faults: Faults): Answer {
  const value = parseJson(exchange.body.toString('utf8'))
  const read = (Array.isArray(value) ? value : [value]).map(readFault)
  const wrong = read.find((one) => typeof one === 'string')
  if (wrong !== undefined) throw new AwsError('InvalidFault', String(wrong))
  for (const one of read) if (typeof one !== 'string') faults.add(one)
  return { status: 204 }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

/** Compares two secrets in a time that does not tell how much of them agrees. */
export function isSecret(given: string, expected: string): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
