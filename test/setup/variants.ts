// The setups that the tests go through: one for every decision that changes what is written.
import { readSetup } from '../../src/core/setup/options.ts'
import type { SetupRequest } from '../../src/core/setup/request.ts'

const basics = {
  repository: 'acme/hello-dart',
  'aws-account-id': '123456789012',
  'aws-region': 'us-east-1',
  'repository-id': '1296269',
  'owner-id': '583231',
}

/** The request of these options on top of the three decisions and the ids. */
export function requestOf(options: Readonly<Record<string, string>>): SetupRequest {
  const checked = readSetup({ ...basics, ...options })
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

export const variants: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['the defaults', {}],
  ['every optional part', { optional: 'all' }],
  ['an existing provider', { 'existing-provider': 'true' }],
  ['environments and pull requests', { environment: 'production\nQA: eu', 'pull-request': 'true' }],
  ['two branches', { branch: 'main\nrelease/1.x' }],
  ['several functions in one bucket', { 'function-name': 'hello\nbye', optional: 'layer-cache' }],
  ['keys of their own', { 'function-name': 'hello\nbye', 'artifact-key': 'a/app.zip\nb/app.zip' }],
  ['China', { 'aws-region': 'cn-north-1', 'function-name': 'hello' }],
  ['GovCloud', { 'aws-region': 'us-gov-west-1', optional: 'read-build-log\nstop-build' }],
  ['data residency', { 'github-url': 'https://acme.ghe.com' }],
  [
    'GitHub Enterprise Server',
    { 'github-url': 'https://git.acme.example', 'repository-id': '', 'owner-id': '' },
  ],
  ['an issuer of the enterprise', { issuer: 'https://token.actions.githubusercontent.com/acme' }],
  [
    'other names',
    {
      'bucket-name': 'acme.artifacts',
      'role-name': 'Deploy+er@acme',
      'codebuild-project': 'Acme_Build',
      'codebuild-role-name': 'acme-build',
      'ecr-repository-name': 'acme/functions',
      'lambda-execution-role-name': 'acme-run',
    },
  ],
]
