// cfn-lint, MiniStack and the AWS CLI from PyPI, in a folder of the cache outside the repository.
import { execFile } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const packages = ['cfn-lint==1.58.0', 'ministack==1.5.33', 'awscli==1.46.3']

export interface Tools {
  readonly cfnLint: string
  readonly ministack: string
  /** Folder for PATH. */
  readonly bin: string
}

/** Installs once; undefined, with a line on stderr, where Python or PyPI is missing. With CI_STRICT=1 that throws. */
export async function findTools(): Promise<Tools | undefined> {
  try {
    const bin = join(await install(), 'bin')
    return { cfnLint: join(bin, 'cfn-lint'), ministack: join(bin, 'ministack'), bin }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (process.env['CI_STRICT'] === '1') throw new Error(`cfn-lint and MiniStack are missing: ${reason}`)
    console.error(`SKIPPED: cfn-lint and MiniStack (python3, venv and PyPI are needed): ${reason}`)
    return undefined
  }
}

async function install(): Promise<string> {
  const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache', 'dcf-aws-lambda-deploy')
  const folder = join(cache, `cloudformation-${packages.join('-').replace(/[^\w.-]+/g, '_')}`)
  const done = join(folder, 'complete')
  if (existsSync(done)) return folder
  rmSync(folder, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  await run('python3', ['-m', 'venv', folder], { timeout: 120_000 })
  const pip = ['install', '--quiet', '--disable-pip-version-check', ...packages]
  await run(join(folder, 'bin', 'pip'), pip, { timeout: 480_000 })
  writeFileSync(done, '')
  return folder
}
