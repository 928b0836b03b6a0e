// Runs the container suite: sets up the real parts, runs every suite against them, and counts what ran. Where the machine
// cannot have the parts it says so and skips; with CI_STRICT=1 that is a failure.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname
const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache', 'dcf-aws-lambda-deploy')
const chosen = process.argv.slice(2)

process.exitCode = await main()

async function main(): Promise<number> {
  if ((await run('bash', [join(here, 'setup.sh')])) !== 0) {
    console.error('SKIPPED: the container suite; the reason stands above.')
    return process.env['CI_STRICT'] === '1' ? 1 : 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'dcf-containers-'))
  const report = join(folder, 'report.json')
  try {
    const words = ['--config', join(here, 'vitest.config.ts'), '--reporter', 'default', '--reporter', 'json']
    const command = `. "${cache}/run/env.sh" && exec "${process.execPath}" node_modules/vitest/vitest.mjs run "$@"`
    const status = await run('bash', [
      '-c',
      command,
      'suite',
      ...words,
      '--outputFile.json',
      report,
      ...chosen,
    ])
    return Math.max(status, chosen.length > 0 ? 0 : countSuites(report))
  } finally {
    rmSync(folder, { recursive: true, force: true })
    if (process.env['CI'] !== undefined) await run('bash', [join(here, 'teardown.sh')])
  }
}

/** Every file of suites/ must have run to its end. */
function countSuites(report: string): number {
  const expected = readdirSync(join(here, 'suites')).filter((name) => name.endsWith('.containers.ts')).length
  const { testResults = [], numPassedTests = 0 } = Object(JSON.parse(readFileSync(report, 'utf8')))
  console.log(`containers: ${testResults.length} of ${expected} suites ran, ${numPassedTests} tests passed`)
  return testResults.length === expected ? 0 : 1
}

function run(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}
