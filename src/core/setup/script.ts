// The same setup as commands of the AWS CLI, for those who may not use CloudFormation. The script makes what
// is missing and changes nothing that exists: a role or a bucket of that name may serve somebody else.
import { partitionOf } from '../arn.ts'
import { hostOfIssuer } from './issuer.ts'
import type { FilledPolicies } from './policies.ts'
import { keptDays, listLogGroups } from './project.ts'
import { type SetupRequest, valuesOf } from './request.ts'

/** `setup.sh`. It runs from any folder and finds `policies/` beside its own. */
export function writeScript(request: SetupRequest, policies: FilledPolicies): string {
  return `${[
    writeHead(request),
    writeProvider(request),
    writeRoles(request, policies),
    writeBucket(request),
    writeLogGroups(request),
    writeRepository(request),
    writeProject(request),
    writeValues(request),
  ].join('\n\n')}\n`
}

function writeHead(request: SetupRequest): string {
  return `#!/usr/bin/env bash
# Sets up the deployments of ${request.owner}/${request.name}: steps 3 to 11 of the customer guide.
# It makes what is missing and changes nothing that exists; it can be run again.
set -euo pipefail
cd -- "$(dirname -- "\${BASH_SOURCE[0]}")/.."
export AWS_REGION=${request.region} AWS_DEFAULT_REGION=${request.region} AWS_PAGER=''

# A role that was just made is not known everywhere at once: tries for up to two minutes.
patiently() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11; do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 10
  done
  "$@" >/dev/null
}

kept() { printf 'kept: %s exists. To replace it: %s\\n' "$1" "$2"; }

role() {
  if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
    kept "role $1" "aws iam update-assume-role-policy --role-name $1 --policy-document file://$2"
  else
    aws iam create-role --role-name "$1" --assume-role-policy-document "file://$2" >/dev/null
    printf 'made: role %s\\n' "$1"
  fi
}

role_policy() {
  if aws iam get-role-policy --role-name "$1" --policy-name "$2" >/dev/null 2>&1; then
    kept "policy $2 of role $1" "aws iam put-role-policy --role-name $1 --policy-name $2 --policy-document file://$3"
  else
    aws iam put-role-policy --role-name "$1" --policy-name "$2" --policy-document "file://$3"
    printf 'made: policy %s of role %s\\n' "$2" "$1"
  fi
}

# 1. The account
account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != ${request.account} ]; then
  printf 'These credentials are of account %s; the setup is for ${request.account}.\\n' "$account" >&2
  exit 1
fi`
}

function writeProvider(request: SetupRequest): string {
  const arn = `arn:${partitionOf(request.region)}:iam::${request.account}:oidc-provider/${hostOfIssuer(request.issuer)}`
  return `# 3. The OIDC provider; one that exists gets our audience. AWS ignores thumbprints of public issuers.
provider=${arn}
if clients=$(aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" \\
  --query ClientIDList --output text 2>/dev/null); then
  if ! tr '[:space:]' '\\n' <<<"$clients" | grep -qxF ${request.audience}; then
    aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn "$provider" \\
      --client-id ${request.audience}
    printf 'made: client id ${request.audience} of %s\\n' "$provider"
  fi
else
  aws iam create-open-id-connect-provider --url ${request.issuer} --client-id-list ${request.audience} >/dev/null
  printf 'made: %s\\n' "$provider"
fi`
}

function writeRoles(request: SetupRequest, policies: FilledPolicies): string {
  const { role, serviceRole, executionRole } = request.names
  const optional = policies.optional.map(
    ({ name, part, role: owner }) =>
      `role_policy ${owner === 'deploy' ? role : serviceRole} ${name} policies/optional/${part}.json`,
  )
  return [
    '# 4 to 6, 9 and 11. The roles',
    `role ${role} policies/trust-policy.json`,
    `role_policy ${role} DcfRuntimeAccess policies/deploy-role-policy.json`,
    `role ${executionRole} policies/lambda-trust-policy.json`,
    `role_policy ${executionRole} WriteLambdaLogs policies/lambda-execution-role-policy.json`,
    `role ${serviceRole} policies/codebuild-trust-policy.json`,
    `role_policy ${serviceRole} DcfCodeBuildAccess policies/codebuild-service-role-policy.json`,
    ...optional,
  ].join('\n')
}

function writeBucket(request: SetupRequest): string {
  const { bucket } = request.names
  const place =
    request.region === 'us-east-1'
      ? ''
      : ` --create-bucket-configuration LocationConstraint=${request.region}`
  return `# 7. The bucket
bucket=${bucket}
if ! aws s3api head-bucket --bucket "$bucket" >/dev/null 2>&1; then
  aws s3api create-bucket --bucket "$bucket"${place} >/dev/null
  printf 'made: bucket %s\\n' "$bucket"
fi
if ! aws s3api get-public-access-block --bucket "$bucket" >/dev/null 2>&1; then
  aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \\
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
fi
if [ "$(aws s3api get-bucket-versioning --bucket "$bucket" --query Status --output text)" != Enabled ]; then
  aws s3api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Enabled
fi
if ! aws s3api get-bucket-lifecycle-configuration --bucket "$bucket" >/dev/null 2>&1; then
  aws s3api put-bucket-lifecycle-configuration --bucket "$bucket" \\
    --lifecycle-configuration file://commands/bucket-lifecycle.json >/dev/null
fi`
}

function writeLogGroups(request: SetupRequest): string {
  const groups = listLogGroups(request).map((name) => `log_group ${name}`)
  return `# The log groups, kept ${keptDays} days
log_group() {
  found=$(aws logs describe-log-groups --log-group-name-prefix "$1" \\
    --query "length(logGroups[?logGroupName=='$1'])" --output text)
  if [ "$found" = 0 ]; then
    aws logs create-log-group --log-group-name "$1"
    aws logs put-retention-policy --log-group-name "$1" --retention-in-days ${keptDays}
    printf 'made: log group %s\\n' "$1"
  else
    kept "log group $1" "aws logs put-retention-policy --log-group-name $1 --retention-in-days ${keptDays}"
  fi
}
${groups.join('\n')}`
}

function writeRepository(request: SetupRequest): string {
  return `# 10. The ECR repository; without AllowLambdaPull no function can be made from its images
repository=${request.names.repository}
if ! aws ecr describe-repositories --repository-names "$repository" >/dev/null 2>&1; then
  aws ecr create-repository --repository-name "$repository" >/dev/null
  printf 'made: ECR repository %s\\n' "$repository"
fi
if ! aws ecr get-lifecycle-policy --repository-name "$repository" >/dev/null 2>&1; then
  aws ecr put-lifecycle-policy --repository-name "$repository" \\
    --lifecycle-policy-text file://commands/repository-lifecycle.json >/dev/null
fi
if aws ecr get-repository-policy --repository-name "$repository" >/dev/null 2>&1; then
  kept "policy of repository $repository" "aws ecr set-repository-policy --repository-name $repository \\
--policy-text file://policies/ecr-repository-policy.json"
else
  patiently aws ecr set-repository-policy --repository-name "$repository" \\
    --policy-text file://policies/ecr-repository-policy.json
fi`
}

function writeProject(request: SetupRequest): string {
  return `# 8. The CodeBuild project: privileged, because it builds images
project=${request.names.project}
if [ "$(aws codebuild batch-get-projects --names "$project" --query 'length(projects)' --output text)" = 0 ]; then
  patiently aws codebuild create-project --cli-input-json file://commands/codebuild-project.json
  printf 'made: CodeBuild project %s\\n' "$project"
else
  kept "CodeBuild project $project" "aws codebuild update-project --cli-input-json file://commands/codebuild-project.json"
fi`
}

function writeValues(request: SetupRequest): string {
  const lines = Object.entries(valuesOf(request)).map(([name, value]) => `${name}=${value}`)
  return `cat <<'VALUES'\n\n${lines.join('\n')}\nVALUES`
}
