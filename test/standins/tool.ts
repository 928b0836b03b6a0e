// Runs a stand-in in this process and gathers what it printed.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAws } from '../../src/sandbox/standins/aws.ts'
import { runDocker } from '../../src/sandbox/standins/docker.ts'

export interface Ran {
  readonly status: number
  readonly out: string
  readonly err: string
}

type Tool = typeof runAws

async function run(tool: Tool, argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  let out = ''
  let err = ''
  const status = await tool(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    env,
  })
  return { status, out, err }
}

export function aws(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return run(runAws, argv, env)
}

export interface Engine {
  docker(...argv: string[]): Promise<Ran>
  /** A folder with these files. */
  folder(files: Readonly<Record<string, string>>): string
}

export function openEngine(state: { privileged?: boolean; environmentType?: string } = {}): Engine {
  const root = mkdtempSync(join(tmpdir(), 'dcf-engine-'))
  const file = join(root, 'standin.json')
  const settings = {
    privileged: true,
    environmentType: 'LINUX_CONTAINER',
    store: join(root, 'images'),
    ...state,
  }
  writeFileSync(file, JSON.stringify(settings))
  let folders = 0
  return {
    docker: (...argv) => run(runDocker, argv, { DCF_STANDIN: file }),
    folder: (files) => {
      folders += 1
      const folder = mkdtempSync(join(root, `context-${folders}-`))
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      return folder
    },
  }
}
