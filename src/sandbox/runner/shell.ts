// The one shell in which all commands of a build run, as CodeBuild's version 0.2 has it: `cd`, `export`, functions and
// options last from command to command. A shell that a command ended is replaced, with its last environment and folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

export interface ShellStart {
  readonly program: 'bash' | 'sh'
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  /** Folder for the shell's own files. */
  readonly scratch: string
  readonly line: (text: string) => void
}

export interface Shell {
  /** Exit status of one command, which may have many lines. */
  run(command: string): Promise<number>
  /** The exported variables as they stood after the last command. */
  environment(): ReadonlyMap<string, string>
  /** Kills the shell and everything that it started. */
  end(): void
}

interface Running {
  readonly child: ChildProcess
  readonly commands: Writable
  readonly ended: Promise<number>
}

export function openShell(start: ShellStart): Shell {
  mkdirSync(start.scratch, { recursive: true })
  const mark = `dcf-${randomBytes(16).toString('hex')}`
  const output = createLines(start.line, mark)
  let running: Running | undefined
  let count = 0
  const groups: number[] = []

  function launch(): Running {
    const child = spawn(start.program, ['-c', driver(mark)], {
      cwd: readSaved(start.scratch, 'directory') ?? start.directory,
      env: { ...Object.fromEntries(savedEnvironment(start)), DCF_SCRATCH: start.scratch },
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      detached: true,
    })
    if (child.pid !== undefined) groups.push(child.pid)
    output.listenTo(child.stdout)
    const commands = child.stdio[3]
    if (commands === null || commands === undefined || !('write' in commands))
      throw new Error('the shell has no commands')
    commands.on('error', () => undefined)
    return { child, commands, ended: whenEnded(child) }
  }

  return {
    run: async (command) => {
      running ??= launch()
      const { commands, ended } = running
      const file = join(start.scratch, `command-${count++}`)
      writeFileSync(file, command)
      const status = output.nextStatus()
      commands.write(`${file}\n`)
      const died = ended.then((code) => ({ code }))
      const first = await Promise.race([status, died])
      if (typeof first === 'number') return first
      running = undefined
      output.flush()
      return first.code
    },
    environment: () => savedEnvironment(start),
    end: () => {
      for (const group of groups) killGroup(group)
    },
  }
}

/** Reads file names from descriptor 3 and evaluates each file; the mark on its output carries the status. */
function driver(mark: string): string {
  return `exec 2>&1
__dcf=$DCF_SCRATCH; unset DCF_SCRATCH
__dcf_save() { /usr/bin/env -0 >"$__dcf/environment"; pwd >"$__dcf/directory"; }
trap __dcf_save EXIT
while IFS= read -r __dcf_file <&3; do
  eval "$(cat "$__dcf_file")" 3<&-
  __dcf_status=$?
  __dcf_save
  printf '%s %s;\\n' ${mark} "$__dcf_status"
done`
}

interface Lines {
  listenTo(stream: Readable | null): void
  nextStatus(): Promise<number>
  flush(): void
}

/** Splits output into lines and takes the marks out of it; a mark stands behind output that had no final line end. */
function createLines(line: (text: string) => void, mark: string): Lines {
  let rest = ''
  let settle: ((status: number) => void) | undefined
  function take(text: string): void {
    const at = text.indexOf(mark)
    if (at !== 0) line(at < 0 ? text : text.slice(0, at))
    if (at < 0) return
    settle?.(Number.parseInt(text.slice(at + mark.length + 1), 10))
  }
  return {
    listenTo: (stream) => {
      stream?.setEncoding('utf8')
      stream?.on('data', (data: string) => {
        const parts = (rest + data).split(/\r\n|\n/)
        rest = parts.pop() ?? ''
        for (const part of parts) take(part)
      })
    },
    nextStatus: () =>
      new Promise((resolve) => {
        settle = resolve
      }),
    flush: () => {
      if (rest !== '') line(rest)
      rest = ''
    },
  }
}

/** Status of the shell once its output is read, or a moment later if a background process holds it open. */
function whenEnded(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => {
      const status = code ?? (signal === 'SIGKILL' ? 137 : 143)
      const timer = setTimeout(resolve, 200, status)
      child.on('close', () => {
        clearTimeout(timer)
        resolve(status)
      })
    })
  })
}

function savedEnvironment(start: ShellStart): ReadonlyMap<string, string> {
  const saved = readSaved(start.scratch, 'environment')
  if (saved === undefined) return new Map(Object.entries(start.env))
  const pairs = saved.split('\0').filter((pair) => pair.includes('='))
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

function readSaved(scratch: string, name: 'environment' | 'directory'): string | undefined {
  try {
    const text = readFileSync(join(scratch, name), 'utf8')
    return name === 'directory' ? text.replace(/\n$/, '') : text
  } catch {
    return undefined
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}
