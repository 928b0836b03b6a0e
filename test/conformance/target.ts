// The three that are asked the same: our sandbox, moto and MiniStack, each with an account that holds the same things.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { pushImage } from '../sandbox/image.ts'
import { type Emulator, startEmulator } from './emulator.ts'
import { type Cli, type Outcome, openCli } from './outcome.ts'
import type { Tools } from './tools.ts'

export type TargetName = 'sandbox' | 'moto' | 'ministack'

export interface Target {
  readonly name: TargetName
  readonly account: string
  readonly roleArn: string
  readonly executionRoleArn: string
  readonly bucket: string
  readonly project: string
  readonly imageUri: string
  /** As a caller with every permission. */
  call(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>
  /** Credentials of the deploy role with the permissions of policies/, in variables of the CLI. */
  readonly deployRole: Readonly<Record<string, string>>
}

export interface Stage {
  readonly targets: readonly Target[]
  readonly sandbox: Sandbox
  /** A file of this content, for options that take one. */
  file(name: string, content: string): string
  close(): Promise<void>
}

const REGION = 'us-east-1'
const ACCOUNTS = { moto: '123456789012', ministack: '000000000000' } as const

export async function openStage(tools: Tools): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-conformance-'))
  // The CLI must let through what only a server is to refuse.
  writeFileSync(join(folder, 'config'), '[default]\nparameter_validation = false\n')
  const sandbox = await startSandbox({
    optionalPolicies: ['deploy-role-read-build-log', 'deploy-role-stop-build'],
  })
  const [moto, ministack] = await Promise.all([startMoto(tools), startMinistack(tools)])
  const clis = [openCli(tools.python), openCli(tools.python), openCli(tools.python)] as const
  const targets = await Promise.all([
    sandboxTarget({ cli: clis[0], folder, sandbox }),
    emulatorTarget({ cli: clis[1], folder, sandbox }, 'moto', moto),
    emulatorTarget({ cli: clis[2], folder, sandbox }, 'ministack', ministack),
  ])
  return {
    targets,
    sandbox,
    file: (name, content) => {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    close: async () => {
      await Promise.all([sandbox, moto, ministack, ...clis].map((one) => one.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Base {
  readonly cli: Cli
  readonly folder: string
  readonly sandbox: Sandbox
}

function startMoto(tools: Tools): Promise<Emulator> {
  return startEmulator({
    program: tools.moto,
    words: (port) => ['-H', '127.0.0.1', '-p', String(port)],
    env: () => ({}),
  })
}

function startMinistack(tools: Tools): Promise<Emulator> {
  return startEmulator({
    program: tools.ministack,
    words: () => [],
    env: (port) => ({
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      DOCKER_HOST: 'unix:///nonexistent',
      AUTH: 'true',
    }),
  })
}

function cliEnvironment({ folder }: Base, endpoint: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  }
}

async function sandboxTarget(base: Base): Promise<Target> {
  const { sandbox, cli } = base
  const { names, world } = sandbox
  const role = world.roles.get(names.role)
  if (role === undefined) throw new Error('the deploy role is not seeded')
  const anything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  const admin = { ...role, name: 'admin', policies: new Map<string, unknown>([['admin', anything]]) }
  const session = (of: typeof role) =>
    world.sessions.create({ role: of, sessionName: 'conformance', durationSeconds: 3600 }).credentials
  const digest = await pushImage(sandbox)
  const env = { ...cliEnvironment(base, sandbox.endpoint), ...variablesOf(session(admin)) }
  return {
    name: 'sandbox',
    account: names.account,
    roleArn: names.roleArn,
    executionRoleArn: names.executionRoleArn,
    bucket: names.bucket,
    project: names.project,
    imageUri: `${names.ecrRepositoryUri}@${digest}`,
    call: (words, more = {}) => cli.call(words, { ...env, ...more }),
    deployRole: variablesOf(session(role)),
  }
}

function variablesOf(credentials: {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  }
}

/** Gives an emulator, through its own API, what the sandbox is seeded with. */
async function emulatorTarget(base: Base, name: 'moto' | 'ministack', emulator: Emulator): Promise<Target> {
  const { sandbox, cli } = base
  const { names } = sandbox
  const account = ACCOUNTS[name]
  const root = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
  const env = { ...cliEnvironment(base, emulator.endpoint), ...root }
  const call: Target['call'] = (words, more = {}) => cli.call(words, { ...env, ...more })
  const must = async (...words: readonly string[]): Promise<unknown> => {
    const outcome = await call(words)
    if (outcome.code !== undefined)
      throw new Error(`${name}: ${words.join(' ')}: ${outcome.code} ${outcome.message}`)
    return outcome.output
  }
  const filled = (file: string): string => fillPolicy(file, { sandbox, account })
  const issuer = `${sandbox.endpoint}/_oidc`
  await must(
    'iam',
    'create-open-id-connect-provider',
    '--url',
    issuer,
    '--client-id-list',
    'sts.amazonaws.com',
  )
  for (const [role, trust, policy] of [
    [names.role, 'trust-policy', 'deploy-role-policy'],
    [names.serviceRole, 'codebuild-trust-policy', 'codebuild-service-role-policy'],
    [names.executionRole, 'lambda-trust-policy', 'lambda-execution-role-policy'],
  ] as const) {
    await must('iam', 'create-role', '--role-name', role, '--assume-role-policy-document', filled(trust))
    const words = ['--role-name', role, '--policy-name', 'p', '--policy-document', filled(policy)]
    await must('iam', 'put-role-policy', ...words)
  }
  await must('s3api', 'create-bucket', '--bucket', names.bucket)
  const arn = (role: string): string => `arn:aws:iam::${account}:role/${role}`
  await must('codebuild', 'create-project', ...projectWords(names.project, arn(names.serviceRole)))
  await must('ecr', 'create-repository', '--repository-name', names.repository)
  return {
    name,
    account,
    roleArn: arn(names.role),
    executionRoleArn: arn(names.executionRole),
    bucket: names.bucket,
    project: names.project,
    imageUri: `${account}.dkr.ecr.${REGION}.amazonaws.com/${names.repository}@sha256:${'a'.repeat(64)}`,
    call,
    deployRole: await signIn(call, arn(names.role), sandbox),
  }
}

function projectWords(name: string, serviceRole: string): readonly string[] {
  return [
    ...['--name', name, '--service-role', serviceRole],
    ...[
      '--source',
      '{"type":"S3","location":"dcf-customer-artifacts/builds/app.zip"}',
      '--artifacts',
      '{"type":"NO_ARTIFACTS"}',
    ],
    '--environment',
    '{"type":"LINUX_CONTAINER","image":"aws/codebuild/standard:7.0","computeType":"BUILD_GENERAL1_SMALL","privilegedMode":true}',
  ]
}

function fillPolicy(
  file: string,
  { sandbox, account }: { readonly sandbox: Sandbox; readonly account: string },
): string {
  const { names } = sandbox
  const values: Readonly<Record<string, string>> = {
    ACCOUNT_ID: account,
    AWS_REGION: REGION,
    DCF_ARTIFACT_BUCKET: names.bucket,
    CODEBUILD_PROJECT_NAME: names.project,
    ECR_REPOSITORY_NAME: names.repository,
    CODEBUILD_SERVICE_ROLE: names.serviceRole,
    LAMBDA_EXECUTION_ROLE: names.executionRole,
    ISSUER_HOST: `${new URL(sandbox.endpoint).host}/_oidc`,
    DCF_SUBJECT: 'repo:acme/hello-dart:ref:refs/heads/main',
  }
  const text = readFileSync(new URL(`../../policies/${file}.json`, import.meta.url), 'utf8')
  return text.replace(/<([A-Z_]+)>/g, (_, name: string) => values[name] ?? `<${name}>`)
}

async function signIn(
  call: Target['call'],
  roleArn: string,
  sandbox: Sandbox,
): Promise<Record<string, string>> {
  const token = await fetchToken(sandbox)
  const words = ['--role-arn', roleArn, '--role-session-name', 'conformance', '--web-identity-token', token]
  const { output, message } = await call(['sts', 'assume-role-with-web-identity', ...words])
  const credentials: unknown = Object(output)['Credentials']
  if (credentials === undefined) throw new Error(`no session: ${message}`)
  return {
    AWS_ACCESS_KEY_ID: String(Object(credentials)['AccessKeyId']),
    AWS_SECRET_ACCESS_KEY: String(Object(credentials)['SecretAccessKey']),
    AWS_SESSION_TOKEN: String(Object(credentials)['SessionToken']),
  }
}

/** A token of the sandbox's issuer, whose claims can be replaced. */
export async function fetchToken(
  sandbox: Sandbox,
  claims: Readonly<Record<string, unknown>> = {},
  audience = 'sts.amazonaws.com',
): Promise<string> {
  Object.assign(sandbox.github.overrides, claims)
  try {
    const url = `${sandbox.env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${audience}`
    const response = await fetch(url, { headers: { authorization: `Bearer ${sandbox.requestToken}` } })
    return String(Object(await response.json())['value'])
  } finally {
    for (const claim of Object.keys(claims)) delete sandbox.github.overrides[claim]
  }
}
