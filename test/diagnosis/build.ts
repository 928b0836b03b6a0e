// Runs the standard buildspec in an account that was spoilt on purpose, and tells how it ended.
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Entry } from '../../src/core/catalogue/entry.ts'
import { type Code, catalogue } from '../../src/core/catalogue.ts'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import type { ToolOrder } from '../../src/sandbox/runner/job.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Deployment, deploy, openAccount } from '../buildspec/account.ts'

export interface Mistake {
  readonly what: string
  readonly code: Code
  /** What is wrong with the account. */
  readonly spoil?: (sandbox: Sandbox) => void
  readonly deployment?: Deployment
  readonly optional?: readonly OptionalPolicy[]
  /** What the log has to say besides the code. */
  readonly says?: string
  /** A deployment goes well before anything is spoilt. */
  readonly redeploys?: true
}

export const LATER = { 'bin/server.dart': 'void main() { print("later"); }\n' }

/** The build ends with the exit status and the code of the catalogue, its log names the code, and it exports no URL. */
export async function expectMistake(mistake: Mistake): Promise<void> {
  const sandbox = await openAccount(mistake.optional)
  try {
    if (mistake.redeploys) expect((await deploy(sandbox)).status).toBe('SUCCEEDED')
    mistake.spoil?.(sandbox)
    const result = await deploy(sandbox, mistake.deployment)
    const log = result.lines.join('\n')
    const entry: Entry = catalogue[mistake.code]
    expect(`${result.exitStatus} ${result.exported['DCF_ERROR_CODE']}`, log).toBe(
      `${entry.exitStatus} ${mistake.code}`,
    )
    expect(result.status).toBe('FAILED')
    expect(result.exported['FUNCTION_URL']).toBe('')
    expect(log).toContain(`[dcf] error ${mistake.code}`)
    expect(log).toContain(mistake.says ?? '')
  } finally {
    await sandbox.close()
  }
}

/** The next builds find that a tool prints this in place of doing its work. */
export function order(tool: ToolOrder['tool'], call: string, prints: string, status = 1) {
  return ({ world }: Sandbox): void => {
    world.switches.codebuild.orders = [...world.switches.codebuild.orders, { tool, call, prints, status }]
  }
}

/** An explicit deny beside what the service role may. */
export function deny(action: string) {
  return ({ world, names }: Sandbox): void => {
    const statement = { Effect: 'Deny', Action: action, Resource: '*' }
    world.roles
      .get(names.serviceRole)
      ?.policies.set('deny', { Version: '2012-10-17', Statement: [statement] })
  }
}

/** Leaves an action out of every statement of a role. */
export function drop(action: string, role: 'role' | 'serviceRole' = 'serviceRole') {
  return ({ world, names }: Sandbox): void => {
    const policies = world.roles.get(names[role])?.policies
    for (const [name, policy] of policies ?? [])
      policies?.set(name, JSON.parse(JSON.stringify(policy).replaceAll(`"${action}"`, '"none:Nothing"')))
  }
}

/** An image index with nothing behind it, as an image store of its own mind may push one; gives its digest. */
export function pushIndex({ world, names }: Sandbox): string {
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }))
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
  world.repositories
    .get(names.repository)
    ?.manifests.set(digest, { digest, mediaType, body, pushed: world.clock.now() })
  return digest
}
