// Every file that `setup` writes for one request.

import { type SetupFile, writeCommands } from './commands.ts'
import type { Data } from './data.ts'
import { writeJson } from './data.ts'
import { writeNextSteps } from './nextsteps.ts'
import { type FilledPolicies, fillPolicies, literalFilling } from './policies.ts'
import type { PolicySources } from './policy.ts'
import type { SetupRequest } from './request.ts'
import { writeTemplate } from './template.ts'
import { writeWorkflows } from './workflows.ts'

/** The template, the plain policies, the AWS CLI commands, the workflows, and what to do with them. */
export function planSetup(request: SetupRequest, sources: PolicySources): readonly SetupFile[] {
  const policies = fillPolicies(sources, literalFilling(request), request.optional)
  return [
    { path: 'template.yaml', text: writeTemplate(request, sources) },
    ...listPolicies(policies).map(({ path, document }) => ({ path, text: writeJson(document) })),
    ...writeCommands(request, policies),
    ...writeWorkflows(request),
    { path: 'NEXT-STEPS.md', text: writeNextSteps(request) },
  ]
}

function listPolicies(
  policies: FilledPolicies,
): readonly { readonly path: string; readonly document: Data }[] {
  return [
    { path: 'policies/trust-policy.json', document: policies.trust },
    { path: 'policies/deploy-role-policy.json', document: policies.deployRole },
    { path: 'policies/codebuild-trust-policy.json', document: policies.serviceRoleTrust },
    { path: 'policies/codebuild-service-role-policy.json', document: policies.serviceRole },
    { path: 'policies/lambda-trust-policy.json', document: policies.executionRoleTrust },
    { path: 'policies/lambda-execution-role-policy.json', document: policies.executionRole },
    { path: 'policies/ecr-repository-policy.json', document: policies.repository },
    ...policies.optional.map(({ part, document }) => ({ path: `policies/optional/${part}.json`, document })),
  ]
}
