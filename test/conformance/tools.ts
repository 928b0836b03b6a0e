// The AWS CLI and two independent emulators from PyPI, pinned, in folders of the cache outside the repository.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Tools {
  /** Python that has the AWS CLI. */
  readonly python: string
  readonly moto: string
  readonly ministack: string
}

const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache', 'dcf-aws-lambda-deploy')

/** Installs once; undefined, with a line on stderr, where Python or PyPI is missing. With CI_STRICT=1 that throws. */
export async function findTools(): Promise<Tools | undefined> {
  try {
    return await installTools()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const missing = `the conformance suite needs python3 with venv, and PyPI: ${reason}`
    if (process.env['CI_STRICT'] === '1') throw new Error(missing)
    console.error(`SKIPPED: ${missing}`)
    return undefined
  }
}

async function installTools(): Promise<Tools> {
  const cli = await install('conformance-cli', ['awscli==1.46.2'])
  const emulators = await install('conformance-emulators', ['moto[server]==5.2.5', 'ministack==1.5.33'])
  return {
    python: join(cli, 'bin', 'python'),
    moto: join(emulators, 'bin', 'moto_server'),
    ministack: join(emulators, 'bin', 'ministack'),
  }
}

/** A virtual environment of that name with these requirements. */
async function install(name: string, requirements: readonly string[]): Promise<string> {
  const folder = join(cache, `${name}-${requirements.join('-').replace(/[^\w.-]+/g, '_')}`)
  const done = join(folder, 'complete')
  if (existsSync(done)) return folder
  console.log(`conformance: installing ${requirements.join(' and ')} from PyPI`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  await run('python3', ['-m', 'venv', folder], { timeout: 120_000 })
  const pip = ['install', '--quiet', '--disable-pip-version-check', ...requirements]
  await run(join(folder, 'bin', 'pip'), pip, { timeout: 480_000 })
  writeFileSync(done, '')
  return folder
}
