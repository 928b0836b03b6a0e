// The options of `setup`, and those that `init` shares with it, in the words of their help.
import type { Option } from './command.ts'

const repository: Option = {
  name: 'repository',
  value: 'OWNER/NAME',
  help: 'repository on GitHub that may deploy',
}

const account: readonly Option[] = [
  { name: 'aws-account-id', value: 'N', help: 'the 12 digits of the AWS account' },
  { name: 'aws-region', value: 'REGION', help: 'region of bucket, build project, images and functions' },
]

const ids: readonly Option[] = [
  { name: 'repository-id', value: 'N', help: "number of the repository (default: asked of GitHub's API)" },
  { name: 'owner-id', value: 'N', help: "number of its owner (default: asked of GitHub's API)" },
]

/** Where deployments come from, and what they deploy. */
const places: readonly Option[] = [
  {
    name: 'branch',
    value: 'NAME',
    isRepeated: true,
    help: 'branch that deploys (default: main, or the default branch)',
  },
  {
    name: 'environment',
    value: 'NAME',
    isRepeated: true,
    help: "GitHub environment that deploys, instead of a branch's name",
  },
]

const functions: readonly Option[] = [
  {
    name: 'function-name',
    value: 'NAME',
    isRepeated: true,
    help: 'function that uses the bucket; its log group is made, too',
  },
  {
    name: 'artifact-key',
    value: 'KEY',
    isRepeated: true,
    help: 'key of its archive (default: builds/app.zip; builds/NAME.zip for several)',
  },
]

const names: readonly Option[] = [
  { name: 'bucket-name', value: 'NAME', help: 'default: dcf-customer-artifacts-ACCOUNT-REGION' },
  { name: 'role-name', value: 'NAME', help: 'role that the action assumes (default: dcf-gke-role)' },
  { name: 'codebuild-project', value: 'NAME', help: 'default: dcf-lambda-build' },
  { name: 'ecr-repository-name', value: 'NAME', help: 'default: dcf-lambda-repo' },
  {
    name: 'lambda-execution-role-name',
    value: 'NAME',
    help: 'role of the functions (default: lambda-execution-role)',
  },
]

const force: Option = { name: 'force', help: 'replace files that exist with other content' }

const audience: Option = {
  name: 'audience',
  value: 'TEXT',
  help: 'audience of the OIDC token (default: sts.amazonaws.com; in China sts.amazonaws.com.cn)',
}

export const setupOptions: readonly Option[] = [
  repository,
  ...account,
  ...ids,
  ...places,
  { name: 'pull-request', help: 'also trust pull requests of the repository, for previews' },
  ...functions,
  {
    name: 'optional',
    value: 'PART',
    isRepeated: true,
    help: 'all, or: read-build-log, stop-build, verify-public-access, layer-cache',
  },
  ...names,
  { name: 'codebuild-role-name', value: 'NAME', help: 'role of the build (default: dcf-codebuild-role)' },
  { name: 'existing-provider', help: "the account has GitHub's OIDC provider already" },
  audience,
  { name: 'github-url', value: 'URL', help: 'GitHub server (default: https://github.com)' },
  { name: 'issuer', value: 'URL', help: "issuer of an enterprise of its own (default: the server's)" },
  { name: 'out', value: 'DIR', help: 'folder to write to (default: dcf-aws-setup)' },
  force,
]

export const initOptions: readonly Option[] = [
  {
    name: 'working-directory',
    value: 'DIR',
    help: 'folder of the function (default: where pubspec.yaml and Dockerfile are)',
  },
  ...account,
  ...places.map((option) => ({ ...option, isRepeated: option.name === 'branch' })),
  ...functions.map((option) => ({ ...option, isRepeated: false })),
  ...names,
  audience,
  { name: 'write', help: 'apply the edits to pubspec.yaml and Dockerfile instead of showing them' },
  force,
]
