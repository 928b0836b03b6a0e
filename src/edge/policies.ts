// The files of `policies/`, inside the bundle, for the commands that write a customer's copies of them.

import serviceRole from '../../policies/codebuild-service-role-policy.json' with { type: 'json' }
import serviceRoleTrust from '../../policies/codebuild-trust-policy.json' with { type: 'json' }
import deployRole from '../../policies/deploy-role-policy.json' with { type: 'json' }
import repository from '../../policies/ecr-repository-policy.json' with { type: 'json' }
import executionRole from '../../policies/lambda-execution-role-policy.json' with { type: 'json' }
import executionRoleTrust from '../../policies/lambda-trust-policy.json' with { type: 'json' }
import layerCache from '../../policies/optional/codebuild-service-role-layer-cache.json' with { type: 'json' }
import readBuildLog from '../../policies/optional/deploy-role-read-build-log.json' with { type: 'json' }
import stopBuild from '../../policies/optional/deploy-role-stop-build.json' with { type: 'json' }
import verifyPublicAccess from '../../policies/optional/deploy-role-verify-public-access.json' with {
  type: 'json',
}
import trust from '../../policies/trust-policy.json' with { type: 'json' }
import { readData } from '../core/setup/data.ts'
import type { PolicySources } from '../core/setup/policy.ts'

export const policySources: PolicySources = {
  trust: readData(trust),
  deployRole: readData(deployRole),
  serviceRole: readData(serviceRole),
  serviceRoleTrust: readData(serviceRoleTrust),
  executionRole: readData(executionRole),
  executionRoleTrust: readData(executionRoleTrust),
  repository: readData(repository),
  optional: {
    'read-build-log': readData(readBuildLog),
    'stop-build': readData(stopBuild),
    'verify-public-access': readData(verifyPublicAccess),
    'layer-cache': readData(layerCache),
  },
}
