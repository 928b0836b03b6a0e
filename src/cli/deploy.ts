// `deploy`: the deploy action from a terminal or another CI.
import { deploy as deployFunction } from '../core/deploy.ts'
import { deployInputNames, parseDeployInputs } from '../core/inputs.ts'
import { deployOutputs } from '../core/outputs.ts'
import { isolateSdk } from '../edge/aws/clients.ts'
import { readBuildspec } from '../edge/kit.ts'
import type { Command } from './command.ts'
import { tokenFileOption } from './identity.ts'
import { inputOptions, readTexts } from './inputoptions.ts'
import { rejectAll, runLocally } from './localrun.ts'

// The doctor has a command of its own.
const names = deployInputNames.filter((name) => name !== 'doctor')

export const deploy: Command = {
  name: 'deploy',
  summary: 'Deploy the function, as the action does.',
  positionals: [],
  options: [...inputOptions('action.yml', names), tokenFileOption],
  run: async (invocation) => {
    const inputs = parseDeployInputs(readTexts(invocation, names), invocation.environment)
    if (!inputs.ok) return rejectAll(invocation, inputs.problems)
    isolateSdk(process.env)
    return runLocally(invocation, {
      endpoints: inputs.value.endpoints,
      story: (context, host) =>
        deployFunction({ inputs: inputs.value, context, buildspec: readBuildspec() }, host),
      outputs: deployOutputs,
    })
  },
}
