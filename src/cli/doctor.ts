// `doctor`: looks at the whole chain from the token to Lambda without deploying anything.

import { diagnose } from '../core/doctor/diagnose.ts'
import { describeChecks, outcomeOfChecks } from '../core/doctor/report.ts'
import { deployInputNames, parseDeployInputs } from '../core/inputs.ts'
import type { Problem } from '../core/problem.ts'
import { isolateSdk } from '../edge/aws/clients.ts'
import { readDoctorBuildspec } from '../edge/kit.ts'
import { policySources } from '../edge/policies.ts'
import { type Command, type ExitCode, type Invocation, isSet } from './command.ts'
import { runDeployed } from './deployed.ts'
import { tokenFileOption } from './identity.ts'
import { inputOptions, readTexts } from './inputoptions.ts'
import { contextOf, localHost, rejectAll } from './localrun.ts'

/** The inputs that a deployment needs to reach AWS. */
const names = deployInputNames.filter((name) =>
  [
    'role-to-assume',
    'aws-region',
    'bucket-name',
    'codebuild-project',
    'ecr-repository-uri',
    'lambda-execution-role-arn',
    'artifact-key',
    'audience',
    'build-timeout-minutes',
    'endpoint-url',
  ].includes(name),
)

export const doctor: Command = {
  name: 'doctor',
  summary: 'Verify token, role, bucket, build and Lambda permissions without deploying anything.',
  positionals: [],
  options: [
    ...inputOptions('action.yml', names),
    tokenFileOption,
    {
      name: 'deployed',
      help: 'look at a deployed function with your own credentials, by the verification list of the guide',
    },
    { name: 'function-name', value: 'NAME', help: 'with --deployed: the function' },
    { name: 'health-check-path', value: 'PATH', help: 'with --deployed: what is called (default: /)' },
  ],
  run: (invocation) => (isSet(invocation, 'deployed') ? runDeployed(invocation) : runDoctor(invocation)),
}

/** Options that mean something for a deployed function only. */
const deployedOnly = ['function-name', 'health-check-path']

async function runDoctor(invocation: Invocation): Promise<ExitCode> {
  const misplaced = deployedOnly.filter((name) => invocation.options.has(name)).map(misplace)
  const inputs = parseDeployInputs(readTexts(invocation, names), invocation.environment)
  const context = contextOf(invocation)
  if (!inputs.ok || !context.ok || inputs.value.target === undefined || misplaced.length > 0) {
    rejectAll(invocation, [...misplaced, ...inputs.problems, ...context.problems])
    return 2
  }
  isolateSdk(process.env)
  const { target, endpoints } = inputs.value
  const host = localHost(invocation, context.value, endpoints, () => undefined)
  const request = {
    inputs: inputs.value,
    target,
    context: context.value,
    buildspec: readDoctorBuildspec(),
    sources: policySources,
  }
  try {
    const checks = await diagnose(request, host)
    const isWell = outcomeOfChecks(checks).kind === 'planned'
    invocation.terminal.print(describeChecks(checks))
    invocation.terminal.document({ ok: isWell, checks })
    return isWell ? 0 : 1
  } finally {
    await host.dispose()
  }
}

function misplace(name: string): Problem {
  return {
    code: 'DCF-INPUT-INVALID',
    severity: 'error',
    message: `\`--${name}\` has no meaning without --deployed.`,
    help: 'Leave it out, or add --deployed.',
  }
}
