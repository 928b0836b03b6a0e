// Runs the deploy action's bundle as a runner would, against a sandbox, and reads what it left behind.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runnerEnvironment } from '../../src/sandbox/runnerenv.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Project } from './project.ts'

export interface Run {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
  /** Standard output and error together. */
  readonly log: string
  readonly summary: string
}

export interface Running {
  readonly end: Promise<Run>
  /** As a runner cancels. */
  interrupt(): void
}

type Inputs = Readonly<Record<string, string>>

const root = join(import.meta.dirname, '..', '..')

export function deploy(sandbox: Sandbox, project: Project, inputs: Inputs = {}): Promise<Run> {
  return startDeploy(sandbox, project, inputs).end
}

export function startDeploy(sandbox: Sandbox, project: Project, inputs: Inputs = {}): Running {
  const { names } = sandbox
  return startBundle(sandbox, {
    bundle: 'deploy',
    workspace: project.folder,
    inputs: {
      'role-to-assume': names.roleArn,
      'aws-region': names.region,
      'bucket-name': names.bucket,
      'codebuild-project': names.project,
      'ecr-repository-uri': names.ecrRepositoryUri,
      'lambda-execution-role-arn': names.executionRoleArn,
      ...inputs,
    },
  })
}

export function undeploy(sandbox: Sandbox, project: Project, inputs: Inputs = {}): Promise<Run> {
  const { names } = sandbox
  return startBundle(sandbox, {
    bundle: 'undeploy',
    workspace: project.folder,
    inputs: { 'role-to-assume': names.roleArn, 'aws-region': names.region, ...inputs },
  }).end
}

interface Step {
  readonly bundle: 'deploy' | 'undeploy'
  readonly workspace: string
  readonly inputs: Inputs
}

function startBundle(sandbox: Sandbox, { bundle, workspace, inputs }: Step): Running {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-step-'))
  const files = {
    GITHUB_OUTPUT: 'output',
    GITHUB_STEP_SUMMARY: 'summary',
    GITHUB_STATE: 'state',
    GITHUB_ENV: 'env',
  }
  const paths = Object.entries(files).map(([name, file]) => [name, join(folder, file)] as const)
  for (const [, path] of paths) writeFileSync(path, '')
  const declared = readInputs(bundle)
  const env = {
    ...runnerEnvironment(sandbox, { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: folder }),
    PATH: process.env['PATH'] ?? '',
    ...Object.fromEntries(paths),
    ...Object.fromEntries(
      Object.entries({ ...declared, ...inputs }).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ]),
    ),
  }
  const child = spawn(process.execPath, [join(root, 'dist', bundle, 'index.js')], { env, cwd: workspace })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      log += text
    })
  }
  const end = new Promise<Run>((resolve) => {
    child.on('close', (code) => {
      const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
      resolve({ exitCode: code ?? -1, outputs: parseOutputs(read('output')), log, summary: read('summary') })
      rmSync(folder, { recursive: true, force: true })
    })
  })
  return { end, interrupt: () => child.kill('SIGINT') }
}

/** The defaults that a runner fills in from action.yml: one `name:` line, then indented members, for each input. */
function readInputs(bundle: 'deploy' | 'undeploy'): Inputs {
  const file = bundle === 'deploy' ? 'action.yml' : 'undeploy/action.yml'
  const text = readFileSync(join(root, file), 'utf8')
  const inputs = text.slice(text.indexOf('\ninputs:'), text.indexOf('\noutputs:'))
  const found = [...inputs.matchAll(/^ {2}([a-z-]+):\n((?: {4}.*\n)*)/gm)]
  return Object.fromEntries(
    found.map(([, name = '', members = '']) => [name, /^ {4}default: '?(.*?)'?$/m.exec(members)?.[1] ?? '']),
  )
}

/** Name, delimiter, value, delimiter. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^([a-z-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)]
  return Object.fromEntries(found.map(([, name, , value]) => [name, value]))
}

/** The run, if it deployed. @throws Error with the end of its log */
export function mustDeploy(run: Run): Run {
  if (run.exitCode === 0 && run.outputs['status'] === 'deployed') return run
  throw new Error(`the deployment ended with ${run.exitCode}:\n${run.log.slice(-6000)}`)
}
