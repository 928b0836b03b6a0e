// The two workflows of a repository that deploys: on every push, and a removal by hand.
import { stringify } from 'yaml'
import type { CustomerValues } from '../setup/request.ts'

/** What the workflows of one function say. Values are literal, or expressions such as `${{ vars.NAME }}`. */
export interface WorkflowPlan {
  readonly values: CustomerValues
  readonly branches: readonly string[]
  readonly environment?: string | undefined
  readonly audience: string
  readonly functionName?: string | undefined
  readonly workingDirectory: string
  readonly artifactKey: string
}

// A commit and not a tag, because tags of other people's actions can be moved.
const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1'

/** `deploy.yml`. */
export function writeDeployWorkflow(plan: WorkflowPlan): string {
  const { values } = plan
  return `# Deploys ${titleOf(plan)} to AWS Lambda. No secrets: GitHub's OIDC token is exchanged for a short AWS session.
name: ${quote(`Deploy ${titleOf(plan)}`)}

on:
  push:
    branches:
${plan.branches.map((branch) => `      - ${quote(branch)}`).join('\n')}
  workflow_dispatch:

permissions: {}

${writeConcurrency(plan)}

jobs:
  deploy:
    name: Deploy
    runs-on: ubuntu-latest
    # Half an hour in the queue, half an hour of building, and 15 minutes more.
    timeout-minutes: 75
${writeEnvironment(plan, '${{ steps.deploy.outputs.function-url }}')}    permissions:
      contents: read # check out the source
      id-token: write # ask GitHub for the OIDC token that AWS trusts
    steps:
      - name: Check out
        uses: ${checkout}
        with:
          persist-credentials: false
      - name: Deploy
        id: deploy
        uses: dcf/aws-lambda-deploy@v1
        with:
${writeInputs({
  'role-to-assume': values.roleArn,
  'aws-region': values.region,
  'bucket-name': values.bucketName,
  'codebuild-project': values.codebuildProject,
  'ecr-repository-uri': values.ecrRepositoryUri,
  'lambda-execution-role-arn': values.lambdaExecutionRoleArn,
  ...writeOwnInputs(plan),
})}
`
}

/** `undeploy.yml`: by hand only, since it takes the public address away for good. */
export function writeUndeployWorkflow(plan: WorkflowPlan): string {
  const { values, functionName } = plan
  const readsPubspec = functionName === undefined
  return `# Removes ${titleOf(plan)} from AWS Lambda. A function that is deployed again has another address.
name: ${quote(`Undeploy ${titleOf(plan)}`)}

on:
  workflow_dispatch:

permissions: {}

${writeConcurrency(plan)}

jobs:
  undeploy:
    name: Undeploy
    runs-on: ubuntu-latest
    timeout-minutes: 15
${writeEnvironment(plan)}    permissions:
${readsPubspec ? '      contents: read # read the name in pubspec.yaml\n' : ''}      id-token: write # ask GitHub for the OIDC token that AWS trusts
    steps:
${readsPubspec ? `      - name: Check out\n        uses: ${checkout}\n        with:\n          persist-credentials: false\n` : ''}      - name: Undeploy
        uses: dcf/aws-lambda-deploy/undeploy@v1
        with:
${writeInputs({
  'role-to-assume': values.roleArn,
  'aws-region': values.region,
  ...writeOwnInputs(plan),
  // With the bucket a build that is under way is told to stop before it makes the function again.
  'bucket-name': values.bucketName,
  'artifact-key': plan.artifactKey,
})}
`
}

function titleOf(plan: WorkflowPlan): string {
  if (plan.functionName !== undefined) return plan.functionName
  return plan.workingDirectory === '.' ? 'the function' : `the function in ${plan.workingDirectory}`
}

function writeConcurrency(plan: WorkflowPlan): string {
  return `# One deployment or removal of the function at a time; a run that has begun is never cancelled by the next.
concurrency:
  group: ${quote(`dcf-lambda/${plan.functionName ?? plan.workingDirectory}`)}
  cancel-in-progress: false`
}

function writeEnvironment(plan: WorkflowPlan, url?: string): string {
  if (plan.environment === undefined) return ''
  const name = `    environment:\n      name: ${quote(plan.environment)}\n`
  return url === undefined ? name : `${name}      url: ${url}\n`
}

/** Inputs that are left out where they would only repeat the default. */
function writeOwnInputs(plan: WorkflowPlan): Readonly<Record<string, string | undefined>> {
  return {
    'function-name': plan.functionName,
    'working-directory': plan.workingDirectory === '.' ? undefined : plan.workingDirectory,
    'artifact-key': plan.artifactKey === 'builds/app.zip' ? undefined : plan.artifactKey,
    audience: plan.audience === 'sts.amazonaws.com' ? undefined : plan.audience,
  }
}

function writeInputs(inputs: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(inputs)
    .flatMap(([name, value]) => (value === undefined ? [] : [`          ${name}: ${quote(value)}`]))
    .join('\n')
}

/** A YAML scalar on one line, in quotes where it needs them. */
function quote(text: string): string {
  return stringify(text, { lineWidth: 0, version: '1.1' }).trimEnd()
}
