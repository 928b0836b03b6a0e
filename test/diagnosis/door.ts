// The deploy action's door as the runner opens it, from its source, in an account of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import { openAccount } from '../buildspec/account.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface DoorRun {
  readonly exitCode: number | null
  readonly stdout: string
}

/** One deployment of the example, with an environment that differs from the runner's. */
export async function runDoor(environment: Readonly<Record<string, string>>): Promise<DoorRun> {
  const sandbox = await openAccount()
  const folder = mkdtempSync(join(tmpdir(), 'dcf-door-'))
  try {
    const { names } = sandbox
    const inputs = {
      'role-to-assume': names.roleArn,
      'aws-region': names.region,
      'bucket-name': names.bucket,
      'codebuild-project': names.project,
      'ecr-repository-uri': names.ecrRepositoryUri,
      'lambda-execution-role-arn': names.executionRoleArn,
    }
    const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => [
      name,
      join(folder, name),
    ])
    for (const [, file = ''] of files) writeFileSync(file, '')
    const env = {
      ...runnerEnvironment(sandbox),
      PATH: '/usr/bin:/bin',
      GITHUB_WORKSPACE: join(root, 'examples/hello-dart'),
      RUNNER_TEMP: folder,
      ...Object.fromEntries(files),
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      ...environment,
    }
    const child = spawn(process.execPath, [join(root, 'src/actions/deploy.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    await once(child, 'close')
    return { exitCode: child.exitCode, stdout }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await sandbox.close()
  }
}
