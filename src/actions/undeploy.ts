// The undeploy action's door.
import { accept } from '../core/checked.ts'
import { undeployOutputs } from '../core/outputs.ts'
import { undeploy } from '../core/undeploy.ts'
import { parseUndeployInputs, undeployInputNames } from '../core/undeployinputs.ts'
import { runAction } from '../edge/github/action.ts'

void runAction({
  inputNames: undeployInputNames,
  parse(texts, environment) {
    const inputs = parseUndeployInputs(texts, environment)
    if (!inputs.ok) return inputs
    const { endpoints, workingDirectory } = inputs.value
    return accept({
      endpoints,
      workingDirectory,
      run: (context, host) => undeploy({ inputs: inputs.value, context }, host),
    })
  },
  early: () => ({}),
  final: undeployOutputs,
})
