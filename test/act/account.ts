// The sandbox that the workflows of the suite deploy to, and how a workflow is told about it.
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Workspace } from './workspace.ts'

const COMMAND_LINE = new URL('../../dist/cli/index.js', import.meta.url).pathname

export interface Account {
  readonly sandbox: Sandbox
  /** File for act's `--env-file`. */
  readonly envFile: string
  /** The repository's variables. */
  readonly vars: Readonly<Record<string, string>>
}

export async function openAccount(
  workspace: Workspace,
  options: Partial<SandboxOptions> = {},
): Promise<Account> {
  if (!existsSync(COMMAND_LINE)) throw new Error(`${COMMAND_LINE} is not built; run \`npm run build\``)
  const standinEntry = [process.execPath, join(dirname(COMMAND_LINE), 'stand-in.js')]
  const sandbox = await startSandbox({ standinEntry, ...options })
  const envFile = join(workspace.root, `sandbox-${new URL(sandbox.endpoint).port}.env`)
  const lines = Object.entries(sandbox.env).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(envFile, lines.join(''), { mode: 0o600 })
  const { names } = sandbox
  return {
    sandbox,
    envFile,
    vars: {
      DCF_ROLE_ARN: names.roleArn,
      DCF_REGION: names.region,
      DCF_BUCKET: names.bucket,
      DCF_CODEBUILD_PROJECT: names.project,
      DCF_ECR_REPOSITORY_URI: names.ecrRepositoryUri,
      DCF_EXECUTION_ROLE_ARN: names.executionRoleArn,
    },
  }
}

/** `service:Operation` of what was allowed and done, without what only looked. */
export function listChanges({ sandbox }: Account): string[] {
  const looks = /^(Get|Head|BatchGet|Describe|List|AssumeRole|registry|unknown)/
  return sandbox.journal.entries
    .filter(({ status, operation, service }) => status < 400 && isAws(service) && !looks.test(operation))
    .map(({ service, operation }) => `${service}:${operation}`)
}

function isAws(service: string): boolean {
  return ['s3', 'codebuild', 'lambda'].includes(service)
}
