// `undeploy`: the undeploy action from a terminal or another CI.
import { undeployOutputs } from '../core/outputs.ts'
import { undeploy as undeployFunction } from '../core/undeploy.ts'
import { parseUndeployInputs, undeployInputNames } from '../core/undeployinputs.ts'
import { isolateSdk } from '../edge/aws/clients.ts'
import type { Command } from './command.ts'
import { tokenFileOption } from './identity.ts'
import { inputOptions, readTexts } from './inputoptions.ts'
import { rejectAll, runLocally } from './localrun.ts'

export const undeploy: Command = {
  name: 'undeploy',
  summary: 'Remove the function, its Function URL and its public permissions, as the action does.',
  positionals: [],
  options: [...inputOptions('undeploy/action.yml', undeployInputNames), tokenFileOption],
  run: async (invocation) => {
    const inputs = parseUndeployInputs(readTexts(invocation, undeployInputNames), invocation.environment)
    if (!inputs.ok) return rejectAll(invocation, inputs.problems)
    isolateSdk(process.env)
    return runLocally(invocation, {
      endpoints: inputs.value.endpoints,
      story: (context, host) => undeployFunction({ inputs: inputs.value, context }, host),
      outputs: undeployOutputs,
    })
  },
}
