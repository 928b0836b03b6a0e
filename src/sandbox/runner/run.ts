// Runs one build: from DOWNLOAD_SOURCE, where the buildspec is read, to FINALIZING, in a folder of its own.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Buildspec, BuildspecError, parseBuildspec } from './buildspec.ts'
import { composeEnvironment } from './environment.ts'
import type { BuildEnd, BuildJob, BuildListener, RunBuild } from './job.ts'
import { runPhases } from './phases.ts'
import { openShell, type Shell } from './shell.ts'
import { prepareTools } from './tools.ts'

/** `standinEntry` is the command line that starts this program's stand-ins; the name of the tool follows it. */
export function createRunBuild(standinEntry: readonly string[]): RunBuild {
  return async (job, listener, signal) => {
    const root = mkdtempSync(join(tmpdir(), 'dcf-build-'))
    try {
      return await runIn(root, { job, listener, signal, standinEntry })
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}

interface Run {
  readonly job: BuildJob
  readonly listener: BuildListener
  readonly signal: AbortSignal
  readonly standinEntry: readonly string[]
}

async function runIn(root: string, run: Run): Promise<BuildEnd> {
  const { listener, job } = run
  listener.phaseStarted('DOWNLOAD_SOURCE')
  const prepared = prepare(root, run)
  if (typeof prepared === 'string') {
    const code = prepared.startsWith('YAML') ? 'YAML_FILE_ERROR' : 'CLIENT_ERROR'
    listener.line(`Phase context status code: ${code} Message: ${prepared}`)
    listener.phaseEnded('DOWNLOAD_SOURCE', 'FAILED', [{ statusCode: code, message: prepared }])
    return finish(run, { status: 'FAILED', exported: [] })
  }
  listener.line(
    job.real
      ? 'The sandbox runs this build on this machine with its own aws and docker.'
      : 'The sandbox runs this build on this machine; aws and docker are stand-ins, no image is pulled.',
  )
  for (const section of prepared.spec.idle) listener.line(`\`${section}\` has no effect in the sandbox.`)
  listener.phaseEnded('DOWNLOAD_SOURCE', 'SUCCEEDED', [])
  const shell = openShell({ ...prepared.start, line: listener.line })
  const { status, aborted } = await underWatch(prepared.spec, shell, run)
  const exported = readExported(prepared.spec, shell)
  if (!aborted) {
    listener.phaseStarted('UPLOAD_ARTIFACTS')
    listener.phaseEnded('UPLOAD_ARTIFACTS', 'SUCCEEDED', [])
  }
  return finish(run, { status, exported })
}

/** Runs the phases; a stop or the end of the build's time kills the shell with all that it started. */
async function underWatch(spec: Buildspec, shell: Shell, run: Run): ReturnType<typeof runPhases> {
  const late = AbortSignal.timeout(run.job.timeout)
  const either = AbortSignal.any([run.signal, late])
  const kill = (): void => shell.end()
  either.addEventListener('abort', kill, { once: true })
  const ending = (): 'STOPPED' | 'TIMED_OUT' | undefined =>
    run.signal.aborted ? 'STOPPED' : late.aborted ? 'TIMED_OUT' : undefined
  try {
    return await runPhases({ spec, shell, listener: run.listener, ending })
  } finally {
    either.removeEventListener('abort', kill)
    shell.end()
  }
}

function finish({ listener }: Run, end: BuildEnd): BuildEnd {
  listener.phaseStarted('FINALIZING')
  listener.phaseEnded('FINALIZING', 'SUCCEEDED', [])
  return end
}

/** Everything before the first command, or the message of a build that cannot begin. */
function prepare(root: string, { job, standinEntry }: Run) {
  const hidden = job.variables.find((variable) => variable.type !== 'PLAINTEXT')
  if (hidden !== undefined)
    return `The sandbox has no ${hidden.type} to read the variable ${hidden.name} from`
  try {
    const spec = parseBuildspec(job.buildspec)
    const tools = prepareTools(root, job, standinEntry)
    const folders = {
      home: join(root, 'home'),
      temporary: join(root, 'tmp'),
      source: join(root, 'output', 'src', 'src'),
      bin: tools.path,
    }
    for (const folder of [folders.home, folders.temporary, folders.source])
      mkdirSync(folder, { recursive: true })
    const env = { ...tools.env, ...composeEnvironment(job, spec, folders) }
    const start = { program: spec.shell, env, directory: folders.source, scratch: join(root, 'shell') }
    return { spec, start }
  } catch (error) {
    if (error instanceof BuildspecError) return `YAML_FILE_ERROR: ${error.message}`
    return error instanceof Error ? error.message : String(error)
  }
}

function readExported(spec: Buildspec, shell: Shell): BuildEnd['exported'] {
  const environment = shell.environment()
  return spec.exported.flatMap((name) => {
    const value = environment.get(name)
    return value === undefined ? [] : [{ name, value }]
  })
}
