// Where `.ci/install-tools.sh` puts the tools, and what it means when one is missing.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const INSTALLER = new URL('../../.ci/install-tools.sh', import.meta.url)

export type ToolName = 'act' | 'actionlint' | 'node20' | 'zizmor'

const PLACES: Readonly<Record<ToolName, string>> = {
  act: 'act',
  actionlint: 'actionlint',
  node20: 'node',
  zizmor: 'bin/zizmor',
}

/** Absolute path of an installed tool, at the version that the installer names; null when it is not there. */
export function findTool(name: ToolName): string | null {
  const cache = process.env['DCF_CACHE'] ?? join(homedir(), '.cache/dcf-aws-lambda-deploy')
  const folder = join(cache, 'tools', `${name}-${readToolVersion(name)}`)
  const path = join(folder, PLACES[name])
  return existsSync(path) ? path : null
}

export function readToolVersion(name: ToolName): string {
  const match = new RegExp(`^${name.toUpperCase()}_VERSION=(\\S+)$`, 'm').exec(
    readFileSync(INSTALLER, 'utf8'),
  )
  if (match?.[1] === undefined) throw new Error(`.ci/install-tools.sh names no version of ${name}`)
  return match[1]
}

/** True when a check that cannot run counts as failed, as in CI. */
export function isStrict(): boolean {
  return process.env['CI_STRICT'] === '1'
}
