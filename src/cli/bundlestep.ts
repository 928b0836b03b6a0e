// Runs a built bundle as a runner would run a step: inputs and files by environment, outputs and summary back.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { kitPath } from '../edge/kit.ts'
import { createRunnerLog } from './runnerlog.ts'

export interface Step {
  readonly bundle: 'deploy' | 'undeploy'
  readonly inputs: Readonly<Record<string, string>>
  /** The runner's environment, complete: nothing of this process goes in. */
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: string
  readonly signal: AbortSignal
  show(line: string): void
}

export interface StepResult {
  readonly exitCode: number
  readonly outputs: ReadonlyMap<string, string>
  readonly summary: string
}

export async function runBundle(step: Step): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-step-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  }
  for (const file of Object.values(files)) writeFileSync(file, '')
  try {
    const inputs = Object.entries(step.inputs).map(
      ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
    )
    const environment = {
      ...step.environment,
      ...files,
      ...Object.fromEntries(inputs),
      GITHUB_WORKSPACE: step.workspace,
      RUNNER_TEMP: folder,
    }
    const exitCode = await runNode(kitPath(`dist/${step.bundle}/index.js`), environment, step)
    return {
      exitCode,
      outputs: readOutputs(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runNode(
  script: string,
  environment: Readonly<Record<string, string>>,
  step: Step,
): Promise<number> {
  const child = spawn(process.execPath, [script], {
    env: environment,
    cwd: step.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const interrupt = () => child.kill('SIGINT')
  step.signal.addEventListener('abort', interrupt, { once: true })
  const log = createRunnerLog()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const shown = log.read(line)
    if (shown !== undefined) step.show(shown)
  })
  createInterface({ input: child.stderr }).on('line', (line) => step.show(line))
  const [code]: unknown[] = await once(child, 'close')
  step.signal.removeEventListener('abort', interrupt)
  return typeof code === 'number' ? code : 1
}

/** The runner's file format: `NAME<<DELIMITER`, lines, `DELIMITER`. The last value of a name counts. */
export function readOutputs(text: string): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>()
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, end] = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || end === undefined) continue
    const close = lines.indexOf(end, at + 1)
    if (close < 0) break
    outputs.set(name, lines.slice(at + 1, close).join('\n'))
    at = close
  }
  return outputs
}
