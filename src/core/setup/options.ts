// Turns the options of `setup` into one request, or into every problem at once.
import { regionPattern } from '../arn.ts'
import { accept, type Checked, reject } from '../checked.ts'
import { Fields } from '../fields.ts'
import { readContexts } from './contexts.ts'
import { readFunctions } from './functions.ts'
import { type GitHubServer, isIssuer, parseGitHubServer } from './issuer.ts'
import { type OptionalPart, optionalParts } from './policy.ts'
import { audienceOf, defaultNames, type ResourceNames, type SetupRequest } from './request.ts'
import type { RepositoryIds } from './subject.ts'

/** The options of `setup` that decide what it writes; those of {@link listOptions} have a value a line. */
export const setupOptionNames = [
  'repository',
  'aws-account-id',
  'aws-region',
  'repository-id',
  'owner-id',
  'branch',
  'environment',
  'pull-request',
  'function-name',
  'artifact-key',
  'optional',
  'bucket-name',
  'role-name',
  'codebuild-project',
  'codebuild-role-name',
  'ecr-repository-name',
  'lambda-execution-role-name',
  'existing-provider',
  'audience',
  'github-url',
  'issuer',
] as const

/** Options that can be given several times. */
export const listOptions: readonly string[] = [
  'branch',
  'environment',
  'function-name',
  'artifact-key',
  'optional',
]

/** Options without a value. */
export const flagOptions: readonly string[] = ['pull-request', 'existing-provider']

const repositoryForm = {
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
  expected: 'the owner and name of a repository on GitHub, for example `acme/hello-dart`',
}
export const accountForm = { pattern: /^\d{12}$/, expected: 'the 12 digits of an AWS account id' }
export const regionForm = { pattern: regionPattern, expected: 'an AWS region such as `us-east-1`' }
const idForm = { pattern: /^[1-9]\d{0,18}$/, expected: "a number from GitHub's API" }
const roleForm = { pattern: /^[\w+=,.@-]{1,64}$/, expected: 'the name of an IAM role, without path' }
const bucketForm = {
  pattern: /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  expected: 'the name of a bucket: 3 to 63 small letters, digits, `.` and `-`',
}
const projectForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/,
  expected: 'the name of a CodeBuild project: 2 to 150 letters, digits, `-` and `_`',
}
const repositoryNameForm = {
  pattern: /^(?=.{2,256}$)[a-z0-9]+(?:[._/-][a-z0-9]+)*$/,
  expected:
    'the name of an ECR repository: 2 to 256 small letters and digits, joined by `.`, `_`, `-` or `/`',
}
export const audienceForm = { pattern: /^[\w.:/-]{1,255}$/, expected: 'the audience of the OIDC token' }

/** Reads every option; ids stay absent where they were not given. */
export function readSetup(texts: Readonly<Record<string, string | undefined>>): Checked<SetupRequest> {
  const fields = new Fields(texts)
  const repository = fields.match('repository', repositoryForm, true)
  const account = fields.match('aws-account-id', accountForm, true)
  const region = fields.match('aws-region', regionForm, true)
  const names = readNames(fields, defaultNames(account ?? '', region ?? ''))
  const server = readServer(fields)
  const issuer = readIssuer(fields, server)
  const rest = {
    ids: readIds(fields, server),
    contexts: readContexts(fields),
    functions: readFunctions(fields),
    optional: readOptional(fields),
    hasProvider: fields.flag('existing-provider'),
    audience: fields.match('audience', audienceForm, false) ?? audienceOf(region ?? ''),
  }
  if (repository === undefined || account === undefined || region === undefined)
    return reject(fields.problems)
  if (fields.problems.length > 0) return reject(fields.problems)
  const [owner = '', name = ''] = repository.split('/')
  return accept({ owner, name, account, region, names, server, issuer, ...rest })
}

/** The names of the resources, with defaults. */
export function readNames(fields: Fields, defaults: ResourceNames): ResourceNames {
  return {
    role: fields.match('role-name', roleForm, false) ?? defaults.role,
    bucket: fields.match('bucket-name', bucketForm, false) ?? defaults.bucket,
    project: fields.match('codebuild-project', projectForm, false) ?? defaults.project,
    repository: fields.match('ecr-repository-name', repositoryNameForm, false) ?? defaults.repository,
    serviceRole: fields.match('codebuild-role-name', roleForm, false) ?? defaults.serviceRole,
    executionRole: fields.match('lambda-execution-role-name', roleForm, false) ?? defaults.executionRole,
  }
}

function readServer(fields: Fields): GitHubServer {
  const url = fields.text('github-url', 'https://github.com')
  const server = parseGitHubServer(url)
  if (server !== undefined) return server
  fields.invalid('github-url', url, 'the https address of a GitHub server, for example `https://github.com`')
  return { url, api: url, issuer: url, hasSubjectsWithIds: false }
}

function readIssuer(fields: Fields, server: GitHubServer): string {
  const issuer = fields.text('issuer', server.issuer)
  if (isIssuer(issuer)) return issuer
  fields.invalid('issuer', issuer, "the `iss` of this server's tokens: https, without a port or a final `/`")
  return server.issuer
}

function readIds(fields: Fields, server: GitHubServer): RepositoryIds | undefined {
  const given = ['repository-id', 'owner-id'].filter((name) => fields.text(name) !== '')
  if (!server.hasSubjectsWithIds) {
    for (const name of given)
      fields.invalid(name, fields.text(name), 'left out: tokens of GitHub Enterprise Server carry no ids')
    return undefined
  }
  const repository = fields.match('repository-id', idForm, given.length > 0)
  const owner = fields.match('owner-id', idForm, given.length > 0)
  return repository === undefined || owner === undefined ? undefined : { owner, repository }
}

function readOptional(fields: Fields): readonly OptionalPart[] {
  const wanted = fields.lines('optional')
  if (wanted.length === 1 && wanted[0] === 'all') return optionalParts
  const known: readonly string[] = optionalParts
  for (const name of wanted.filter((name) => !known.includes(name)))
    fields.invalid(
      'optional',
      name,
      `\`all\` or one of ${optionalParts.map((part) => `\`${part}\``).join(', ')}`,
    )
  return optionalParts.filter((part) => wanted.includes(part))
}
