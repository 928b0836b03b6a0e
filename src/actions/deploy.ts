// The deploy action's door; with the argument `post` it is the action's post step.
import { accept } from '../core/checked.ts'
import { deploy } from '../core/deploy.ts'
import { examineChain } from '../core/doctor/examine.ts'
import { deployInputNames, parseDeployInputs } from '../core/inputs.ts'
import { deployOutputs, earlyOutputs } from '../core/outputs.ts'
import { runAction } from '../edge/github/action.ts'
import { runPost } from '../edge/github/post.ts'
import { readBuildspec, readDoctorBuildspec } from '../edge/kit.ts'
import { policySources } from '../edge/policies.ts'

if (process.argv.includes('post')) void runPost()
else
  void runAction({
    inputNames: deployInputNames,
    parse(texts, environment) {
      const inputs = parseDeployInputs(texts, environment)
      if (!inputs.ok) return inputs
      const { endpoints, workingDirectory } = inputs.value
      return accept({
        endpoints,
        workingDirectory,
        run: (context, host) =>
          inputs.value.doctor
            ? examineChain(
                { inputs: inputs.value, context, buildspec: readDoctorBuildspec(), sources: policySources },
                host,
              )
            : deploy({ inputs: inputs.value, context, buildspec: readBuildspec() }, host),
      })
    },
    early: earlyOutputs,
    final: deployOutputs,
  })
