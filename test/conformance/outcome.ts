// Calls of the real AWS CLI, and what botocore read of the answers: HTTP status, error code and the parsed output.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Outcome {
  /** Status of the last HTTP answer; 0 if no request was sent. */
  readonly status: number
  /** AWS's error code as botocore read it. */
  readonly code?: string
  readonly message?: string
  /** Undefined where the CLI prints nothing. */
  readonly output?: unknown
}

export interface Cli {
  call(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome>
  close(): Promise<void>
}

/** `python` is the one of the virtual environment that holds the CLI. Calls are run one after another. */
export function openCli(python: string): Cli {
  const script = fileURLToPath(new URL('./cli.py', import.meta.url))
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    call: (words, env) => {
      const answer = turn.then(async () => {
        child.stdin.write(`${JSON.stringify({ words: [...words, '--output', 'json'], env })}\n`)
        const line = await lines.next()
        if (line.done === true) throw new Error('the AWS CLI has ended')
        return readOutcome(JSON.parse(line.value))
      })
      turn = answer.catch(() => undefined)
      return answer
    },
    close: () => end(child),
  }
}

function readOutcome(answer: unknown): Outcome {
  const { exit, out, err, last } = Object(answer)
  const { status = 0, code, message } = Object(last)
  if (exit === 0) return { status, ...(String(out).trim() === '' ? {} : { output: JSON.parse(out) }) }
  if (status === 0) return { status, code: 'NoRequest', message: String(err).trim() }
  // Exit status without an error code: botocore read an answer that the CLI then stumbled over.
  return { status, code: String(code ?? 'Unread'), message: String(message ?? err) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
