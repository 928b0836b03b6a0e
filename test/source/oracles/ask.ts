// Builds an oracle with Go once and puts questions to it, one JSON value a line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const built = new Map<string, string>()

/** True if Go is there to build the oracles with. */
export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0
}

/** The answers in the order of the questions. */
export function askOracle<Answer>(
  name: 'dockerignore' | 'dockerfile',
  questions: readonly unknown[],
): readonly Answer[] {
  const program = built.get(name) ?? build(name)
  built.set(name, program)
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('')
  const run = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 29 })
  if (run.status !== 0) throw new Error(`the oracle ${name} failed: ${run.stderr}`)
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function build(name: string): string {
  const program = join(mkdtempSync(join(tmpdir(), 'oracle-')), name)
  const run = spawnSync('go', ['build', '-o', program, '.'], { cwd: join(here, name), encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`the oracle ${name} does not build: ${run.stderr}`)
  return program
}
