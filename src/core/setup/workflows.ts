// The workflows that go with a setup, filled with its values: a pair for each function.
import { type WorkflowPlan, writeDeployWorkflow, writeUndeployWorkflow } from '../init/workflow.ts'
import type { SetupFile } from './commands.ts'
import { type FunctionPlace, type SetupRequest, valuesOf } from './request.ts'

/** `deploy.yml` and `undeploy.yml`, or `deploy-NAME.yml` and `undeploy-NAME.yml` for several functions. */
export function writeWorkflows(request: SetupRequest): readonly SetupFile[] {
  return request.functions.flatMap((place) => {
    const plan = planWorkflow(request, place)
    const ending =
      request.functions.length === 1 ? '' : `-${place.name ?? place.artifactKey.replace(/\W+/g, '-')}`
    return [
      { path: `workflows/deploy${ending}.yml`, text: writeDeployWorkflow(plan) },
      { path: `workflows/undeploy${ending}.yml`, text: writeUndeployWorkflow(plan) },
    ]
  })
}

/** The plan of one function's workflows. Where an environment is trusted the job runs in it. */
export function planWorkflow(request: SetupRequest, place: FunctionPlace): WorkflowPlan {
  const branches = request.contexts.flatMap((context) => (context.kind === 'branch' ? [context.name] : []))
  const environments = request.contexts.flatMap((context) =>
    context.kind === 'environment' ? [context.name] : [],
  )
  return {
    values: valuesOf(request),
    branches: branches.length === 0 ? ['main'] : branches,
    environment: environments[0],
    audience: request.audience,
    functionName: place.name,
    workingDirectory: '.',
    artifactKey: place.artifactKey,
  }
}
