// Start-up of the bundles: process start to first request (deploy action), and to the end (`plan`), as ratios to an
// empty Node process in the same run. Rounds are interleaved, so that a busy machine slows both alike.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = Number(process.env['DCF_ROUNDS'] ?? '15')
const folder = mkdtempSync(join(tmpdir(), 'dcf-bench-'))

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function timeProcess(words: readonly string[], cwd: string): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, words, { cwd, stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } })
  await once(child, 'close')
  return performance.now() - startedAt
}

/** Milliseconds until the action asks the token endpoint, which is its first request. */
async function timeFirstRequest(): Promise<number> {
  let arrived = 0
  const server = createServer((_request, response) => {
    if (arrived === 0) arrived = performance.now()
    response.statusCode = 403
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const file = (name: string) => {
    writeFileSync(join(folder, name), '')
    return join(folder, name)
  }
  const environment = {
    PATH: '/usr/bin:/bin',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKSPACE: join(root, 'examples/hello-dart'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bench-token',
    'INPUT_ROLE-TO-ASSUME': 'arn:aws:iam::123456789012:role/dcf-gke-role',
    'INPUT_AWS-REGION': 'us-east-1',
    'INPUT_BUCKET-NAME': 'bucket',
    'INPUT_CODEBUILD-PROJECT': 'project',
    'INPUT_ECR-REPOSITORY-URI': '123456789012.dkr.ecr.us-east-1.amazonaws.com/name',
    'INPUT_LAMBDA-EXECUTION-ROLE-ARN': 'arn:aws:iam::123456789012:role/execution',
  }
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'dist/deploy/index.js')], {
    stdio: 'ignore',
    env: environment,
  })
  await once(child, 'close')
  server.close()
  return arrived - startedAt
}

function makeRepository(files: number): string {
  const directory = join(folder, 'repository')
  mkdirSync(join(directory, 'lib'), { recursive: true })
  writeFileSync(join(directory, 'pubspec.yaml'), "name: bench\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n")
  writeFileSync(
    join(directory, 'Dockerfile'),
    'FROM dart:3.11\nWORKDIR /app\nCOPY . .\nCMD ["dart", "run", "bin/server.dart"]\n',
  )
  for (let at = 0; at < files - 2; at += 1)
    writeFileSync(join(directory, 'lib', `file_${at}.dart`), `final value${at} = ${at};\n`.repeat(40))
  return directory
}

writeFileSync(join(folder, 'empty.js'), '')
const repository = makeRepository(100)
const empty: number[] = []
const first: number[] = []
const plan: number[] = []
for (let round = 0; round < rounds; round += 1) {
  empty.push(await timeProcess([join(folder, 'empty.js')], folder))
  first.push(await timeFirstRequest())
  plan.push(await timeProcess([join(root, 'dist/cli/index.js'), 'plan', '--json'], repository))
}
rmSync(folder, { recursive: true, force: true })
const base = median(empty)
const row = (what: string, values: readonly number[]) =>
  `${what.padEnd(44)} ${median(values).toFixed(0).padStart(5)} ms  ${(median(values) / base).toFixed(1).padStart(5)} x  +${(median(values) - base).toFixed(0)} ms`
console.log(`Node ${process.version}, ${rounds} interleaved rounds, medians`)
console.log(row('empty Node process', empty))
console.log(row('deploy action, start to first request', first))
console.log(row('plan --json of a repository of 100 files', plan))
