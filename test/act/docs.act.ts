// A new user on Linux: every command of docs/act.md, in order, as it stands there. The clone from
// github.com comes from a repository on this machine that the release script made.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findMachine, mustSkip } from './machine.ts'
import { publishWorkingCopy } from './publication.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const found = findMachine()
const machine = found.kind === 'found' ? found.value : null
const noAct = mustSkip('docs/act.md', found.kind === 'missing' ? found.why : null)
const noDocker =
  noAct || mustSkip("docs/act.md's docker mode", machine?.docker ? null : 'no Docker Engine answers')

const PAGE = readFileSync('docs/act.md', 'utf8')

/** The commands of one section of the page. */
function readCommands(heading: string): string {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1])
  if (blocks.length === 0) throw new Error(`docs/act.md has no commands under "${heading}"`)
  return blocks.join('')
}

describe.skipIf(noAct)('docs/act.md', () => {
  let workspace: Workspace
  let home = ''

  beforeAll(() => {
    workspace = createWorkspace()
    home = join(workspace.root, 'home')
    rmSync(join(workspace.consumer, '.github/workflows/no-function-name.yml'))
    const remote = publishWorkingCopy(workspace)
    writeFileSync(
      join(home, '.gitconfig'),
      `[url "file://${remote}"]\n  insteadOf = https://github.com/dcf/aws-lambda-deploy\n`,
    )
    mkdirSync(join(home, 'bin'))
    symlinkSync(machine?.node24 ?? '', join(home, 'bin/node'))
  })

  afterAll(() => workspace?.remove())

  async function paste(heading: string, environment: Record<string, string> = {}) {
    const commands = readCommands(heading)
    const child = spawn('bash', ['-euc', commands], {
      cwd: workspace.consumer,
      env: { ...describeMachine(home), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { status, log, succeeded: log.match(/Job succeeded/g)?.length ?? 0 }
  }

  test('Once', async () => {
    const { status, log } = await paste('Once')
    expect(status, log).toBe(0)
    expect(existsSync(join(home, 'go/bin/act'))).toBe(true)
  })

  test('A push to main', async () => {
    const { status, log, succeeded } = await paste('A push to main')
    expect({ status, succeeded }, log).toEqual({ status: 0, succeeded: 1 })
  })

  test('A pull request, from opening to closing', async () => {
    const { status, log, succeeded } = await paste('A pull request, from opening to closing')
    expect({ status, succeeded }, log).toEqual({ status: 0, succeeded: 3 })
  })

  test("A person's own AWS settings reach no step", async () => {
    const seen = join(workspace.root, 'seen')
    const run = `env | grep -E '^AWS_' | cut -d= -f1 | sort >${seen}`
    const workflow = `on: push\njobs:\n  look:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`
    writeFileSync(join(workspace.consumer, '.github/workflows/look.yml'), workflow)
    const own = {
      AWS_PROFILE: 'private',
      AWS_ACCESS_KEY_ID: 'AKIAPRIVATE',
      AWS_ENDPOINT_URL_S3: 'https://example.invalid',
    }
    const { status, log } = await paste('A push to main', own)
    rmSync(join(workspace.consumer, '.github/workflows/look.yml'))
    expect(status, log).toBe(0)
    expect(readFileSync(seen, 'utf8')).toBe('AWS_ENDPOINT_URL\n')
  })

  test.skipIf(noDocker)('In a container', async () => {
    const { status, log, succeeded } = await paste('In a container', { DOCKER_HOST: machine?.docker ?? '' })
    expect({ status, succeeded }, log).toEqual({ status: 0, succeeded: 1 })
  })
})

/** A person's environment: a home, Node.js, and Go with the caches that it has on this machine. */
function describeMachine(home: string): Record<string, string> {
  const go = execFileSync('go', ['env', 'GOROOT', 'GOMODCACHE', 'GOCACHE', 'GOPROXY'], {
    encoding: 'utf8',
  }).trim()
  const [root = '', modules = '', cache = '', proxy = ''] = go.split('\n')
  return {
    HOME: home,
    PATH: `${home}/bin:${root}/bin:/usr/local/bin:/usr/bin:/bin`,
    GOMODCACHE: modules,
    GOCACHE: cache,
    GOPROXY: proxy,
    GOFLAGS: '-buildvcs=false',
    DCF_CACHE: process.env['DCF_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache/dcf-aws-lambda-deploy'),
    ACT_DISABLE_VERSION_CHECK: '1',
  }
}
