// `doctor --deployed`: a function that was deployed, looked at with the caller's own credentials.
import { setTimeout as wait } from 'node:timers/promises'
import { examineDeployed } from '../core/doctor/deployed.ts'
import { describeChecks, outcomeOfChecks } from '../core/doctor/report.ts'
import { Fields } from '../core/fields.ts'
import { functionNameForm, healthPathForm, readEndpoints } from '../core/inputs.ts'
import { Refusal } from '../core/refusal.ts'
import { regionForm } from '../core/target.ts'
import { explainRefusal } from '../core/words.ts'
import { isolateSdk } from '../edge/aws/clients.ts'
import { connectAsOneself } from '../edge/aws/deployed.ts'
import { findOwnCredentials } from '../edge/aws/own.ts'
import { Concealer } from '../edge/conceal.ts'
import { probeUrl } from '../edge/probe.ts'
import type { ExitCode, Invocation } from './command.ts'
import { rejectAll } from './localrun.ts'
import { textsOf } from './texts.ts'

export async function runDeployed(invocation: Invocation): Promise<ExitCode> {
  const { environment, signal, terminal } = invocation
  const fields = new Fields({ 'aws-region': environment['AWS_REGION'], ...textsOf(invocation) })
  const functionName = fields.match('function-name', functionNameForm, true)
  const region = fields.match('aws-region', regionForm, true)
  const healthCheckPath = fields.match('health-check-path', healthPathForm, false) ?? '/'
  const endpoints = readEndpoints(fields, environment)
  if (functionName === undefined || region === undefined || fields.problems.length > 0) {
    rejectAll(invocation, fields.problems)
    return 2
  }
  terminal.print(["Identity: the SDK's default credentials (environment, ~/.aws, single sign-on)"])
  const own = findOwnCredentials(environment, region)
  isolateSdk(process.env)
  const concealer = new Concealer()
  try {
    const cloud = await connectAsOneself({
      place: { region, endpoints },
      own,
      signal,
      now: () => Date.now(),
      sleep: async (milliseconds, either = signal) => wait(milliseconds, undefined, { signal: either }),
      conceal: (secret) => concealer.add(secret),
    })
    try {
      const repositoryUri = fields.text('ecr-repository-uri') || undefined
      const checks = await examineDeployed({
        cloud,
        functionName,
        repositoryUri,
        healthCheckPath,
        probe: (url) => probeUrl(url, signal),
      })
      const isWell = outcomeOfChecks(checks).kind === 'planned'
      terminal.print(describeChecks(checks).map((line) => concealer.conceal(line)))
      terminal.document({ ok: isWell, checks })
      return isWell ? 0 : 1
    } finally {
      cloud.close()
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    terminal.complain(explainRefusal(error))
    terminal.document({ ok: false, error: { code: error.code, message: error.detail } })
    return 1
  }
}
