// The CloudFormation template of a setup: everything of the guide's steps 3 to 11 in one stack.
import { stringify } from 'yaml'
import { type Data, isList } from './data.ts'
import { type FilledPolicies, fillPolicies, identityFilling, type OptionalPolicy } from './policies.ts'
import type { Filling, PolicySources } from './policy.ts'
import { repositoryLifecycle } from './project.ts'
import type { SetupRequest } from './request.ts'
import { describeBucket, describeLogGroups, describeProject, describeProvider } from './resources.ts'

/** The template as YAML. Its outputs are the guide's six values. */
export function writeTemplate(request: SetupRequest, sources: PolicySources): string {
  const comment = ` Deploy with: aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM (see NEXT-STEPS.md)\n`
  return `#${comment}${stringify(describeTemplate(request, sources), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`
}

/** The template as data. */
export function describeTemplate(request: SetupRequest, sources: PolicySources): Data {
  const policies = fillPolicies(sources, templateFilling(request), request.optional)
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Deployments of the Dart functions of ${request.owner}/${request.name} from GitHub Actions, without stored keys`,
    Resources: {
      ...(request.hasProvider ? {} : { GitHubOidcProvider: describeProvider(request) }),
      DeployRole: describeDeployRole(request, policies),
      ArtifactBucket: describeBucket(request),
      ImageRepository: describeRepository(request, policies),
      BuildProject: describeProject(request),
      BuildServiceRole: describeServiceRole(request, policies),
      ExecutionRole: describeRole(request.names.executionRole, policies.executionRoleTrust, [
        { PolicyName: 'WriteLambdaLogs', PolicyDocument: substitute(policies.executionRole) },
      ]),
      ...describeLogGroups(request),
    },
    Outputs: describeOutputs(),
  }
}

/** Names become references, so that CloudFormation orders the resources and account and region are its own. */
function templateFilling(request: SetupRequest): Filling {
  return {
    partition: '${AWS::Partition}',
    account: '${AWS::AccountId}',
    region: '${AWS::Region}',
    bucket: '${ArtifactBucket}',
    project: '${BuildProject}',
    // By name: the repository's policy refers to the service role, and a circle cannot be made.
    repository: request.names.repository,
    serviceRole: '${BuildServiceRole}',
    executionRole: '${ExecutionRole}',
    ...identityFilling(request),
  }
}

/** Marks every text with a reference in it for `Fn::Sub`. */
function substitute(data: Data): Data {
  if (typeof data === 'string') return data.includes('${') ? { 'Fn::Sub': data } : data
  if (typeof data !== 'object') return data
  if (isList(data)) return data.map(substitute)
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, substitute(value)]))
}

function describeDeployRole(request: SetupRequest, policies: FilledPolicies): Data {
  const role = describeRole(request.names.role, policies.trust, [
    { PolicyName: 'DcfRuntimeAccess', PolicyDocument: substitute(policies.deployRole) },
    ...describeOptional(policies.optional, 'deploy'),
  ])
  return request.hasProvider ? role : { ...role, DependsOn: 'GitHubOidcProvider' }
}

function describeServiceRole(request: SetupRequest, policies: FilledPolicies): Data {
  return describeRole(request.names.serviceRole, policies.serviceRoleTrust, [
    { PolicyName: 'DcfCodeBuildAccess', PolicyDocument: substitute(policies.serviceRole) },
    ...describeOptional(policies.optional, 'service'),
  ])
}

function describeRole(
  name: string,
  trust: Data,
  policies: readonly Data[],
): { readonly [key: string]: Data } {
  return {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: name, AssumeRolePolicyDocument: substitute(trust), Policies: policies },
  }
}

function describeOptional(
  optional: readonly OptionalPolicy[],
  role: OptionalPolicy['role'],
): readonly Data[] {
  return optional
    .filter((policy) => policy.role === role)
    .map((policy) => ({ PolicyName: policy.name, PolicyDocument: substitute(policy.document) }))
}

function describeRepository(request: SetupRequest, policies: FilledPolicies): Data {
  return {
    Type: 'AWS::ECR::Repository',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      RepositoryName: request.names.repository,
      LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(repositoryLifecycle) },
      RepositoryPolicyText: substitute(policies.repository),
    },
  }
}

function describeOutputs(): Data {
  return {
    roleArn: { Value: { 'Fn::GetAtt': ['DeployRole', 'Arn'] } },
    region: { Value: { Ref: 'AWS::Region' } },
    bucketName: { Value: { Ref: 'ArtifactBucket' } },
    codebuildProject: { Value: { Ref: 'BuildProject' } },
    ecrRepositoryUri: { Value: { 'Fn::GetAtt': ['ImageRepository', 'RepositoryUri'] } },
    lambdaExecutionRoleArn: { Value: { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] } },
  }
}
