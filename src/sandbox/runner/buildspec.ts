// Reads a buildspec of version 0.2 as CodeBuild documents it. What CodeBuild has and the sandbox does not is refused
// by name, so that no build passes here because a part of it was skipped silently.
import { LineCounter, parseDocument } from 'yaml'

export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const
export type PhaseName = (typeof PHASES)[number]

export type OnFailure = 'ABORT' | 'CONTINUE' | 'DEFAULT'

export interface PhaseSpec {
  readonly commands: readonly string[]
  readonly always: readonly string[]
  readonly onFailure: OnFailure
}

export interface Buildspec {
  readonly shell: 'bash' | 'sh'
  readonly variables: ReadonlyMap<string, string>
  readonly exported: readonly string[]
  readonly phases: ReadonlyMap<PhaseName, PhaseSpec>
  /** Sections that CodeBuild knows and that have no effect in the sandbox, for one line in the log. */
  readonly idle: readonly string[]
}

/** The message of CodeBuild's `YAML_FILE_ERROR`. */
export class BuildspecError extends Error {}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** @throws BuildspecError with the line where YAML itself is broken. */
export function parseBuildspec(text: string): Buildspec {
  const root = record(readYaml(text), 'the buildspec')
  refuseUnknown(root, [
    'version',
    'run-as',
    'env',
    'proxy',
    'batch',
    'phases',
    'reports',
    'artifacts',
    'cache',
  ])
  if (String(root['version']) !== '0.2') {
    throw new BuildspecError(`version \`${String(root['version'])}\` is not supported here, only 0.2`)
  }
  for (const key of ['batch', 'run-as', 'proxy']) {
    if (root[key] !== undefined) throw new BuildspecError(`\`${key}\` is not supported by the sandbox`)
  }
  const env = record(root['env'] ?? {}, 'env')
  const phases = record(root['phases'], 'phases')
  return {
    ...readEnv(env),
    phases: readPhases(phases),
    idle: findIdle(root, phases),
  }
}

function findIdle(root: Record<string, unknown>, phases: Record<string, unknown>): readonly string[] {
  const sections = ['artifacts', 'cache', 'reports'].filter((key) => root[key] !== undefined)
  const versioned = PHASES.filter((name) => isRecord(phases[name]) && 'runtime-versions' in phases[name])
  return [...sections, ...versioned.map((name) => `${name}.runtime-versions`)]
}

function readYaml(text: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [error] = document.errors
  if (error !== undefined) {
    throw new BuildspecError(`${error.code} at line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
  }
  return document.toJS({ maxAliasCount: 100 })
}

function readEnv(env: Record<string, unknown>): Pick<Buildspec, 'shell' | 'variables' | 'exported'> {
  refuseUnknown(env, [
    'shell',
    'variables',
    'parameter-store',
    'secrets-manager',
    'exported-variables',
    'git-credential-helper',
  ])
  for (const key of ['parameter-store', 'secrets-manager']) {
    if (env[key] !== undefined) throw new BuildspecError(`\`env.${key}\` is not supported by the sandbox`)
  }
  const shell = env['shell'] ?? 'sh'
  if (shell === '/bin/sh' || shell === 'sh') return { shell: 'sh', ...readVariables(env) }
  if (shell === 'bash') return { shell: 'bash', ...readVariables(env) }
  throw new BuildspecError(
    `shell \`${String(shell)}\` is not available on Linux; use \`bash\` or \`/bin/sh\``,
  )
}

function readVariables(env: Record<string, unknown>): Pick<Buildspec, 'variables' | 'exported'> {
  const variables = new Map<string, string>()
  for (const [name, value] of Object.entries(record(env['variables'] ?? {}, 'env.variables'))) {
    if (!NAME.test(name)) throw new BuildspecError(`\`${name}\` is not a name of a variable`)
    if (value !== null && typeof value === 'object') {
      throw new BuildspecError(`the variable \`${name}\` is not text`)
    }
    variables.set(name, value === null ? '' : String(value))
  }
  const exported = strings(env['exported-variables'] ?? [], 'exported-variables')
  const bad = exported.find((name) => !NAME.test(name))
  if (bad !== undefined) throw new BuildspecError(`\`${bad}\` is not a name of a variable`)
  return { variables, exported }
}

function readPhases(phases: Record<string, unknown>): ReadonlyMap<PhaseName, PhaseSpec> {
  refuseUnknown(phases, PHASES)
  const read = new Map<PhaseName, PhaseSpec>()
  for (const name of PHASES) {
    if (phases[name] !== undefined) read.set(name, readPhase(name, record(phases[name], name)))
  }
  if (read.size === 0) throw new BuildspecError('the buildspec has no phases')
  return read
}

function readPhase(name: PhaseName, phase: Record<string, unknown>): PhaseSpec {
  refuseUnknown(phase, ['run-as', 'on-failure', 'runtime-versions', 'commands', 'finally'])
  for (const key of ['run-as', 'steps', 'runtime-versions']) {
    if (phase[key] !== undefined)
      throw new BuildspecError(`\`${name}.${key}\` is not supported by the sandbox`)
  }
  const onFailure = phase['on-failure'] ?? 'DEFAULT'
  if (onFailure !== 'ABORT' && onFailure !== 'CONTINUE' && onFailure !== 'DEFAULT') {
    throw new BuildspecError(`\`${name}.on-failure\` is neither ABORT nor CONTINUE`)
  }
  return {
    commands: strings(phase['commands'] ?? [], `${name}.commands`),
    always: strings(phase['finally'] ?? [], `${name}.finally`),
    onFailure,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (!isRecord(value)) throw new BuildspecError(`expected ${where} to be a map`)
  return value
}

function strings(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value)) throw new BuildspecError(`expected ${where} to be a list`)
  return value.map((item: unknown, index) => {
    if (typeof item === 'string') return item
    if (item !== null && typeof item === 'object') {
      throw new BuildspecError(`Expected ${where}[${index}] to be of string type: found subkeys instead`)
    }
    return String(item)
  })
}

function refuseUnknown(map: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(map).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new BuildspecError(`unknown key \`${unknown}\``)
}
