// Containers of a sandbox that was killed before it could end them: the next sandbox on this machine takes them away.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Docker } from './docker.ts'

/** Value of the label `dcf-sandbox`: this machine, this process, and which of its sandboxes. */
export function createLabel(): string {
  return `${hostname()}/${process.pid}/${randomBytes(6).toString('hex')}`
}

/** Another machine that shares the engine is left alone, since its processes cannot be seen from here. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  const format = '{{.ID}} {{.Label "dcf-sandbox"}}'
  const { stdout } = await docker.run(['ps', '--all', '--filter', 'label=dcf-sandbox', '--format', format])
  const left = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => {
      const [machine, process] = line.split(' ')[1]?.split('/') ?? []
      return machine === hostname() && process !== undefined && !isAlive(Number(process))
    })
    .map((line) => line.split(' ')[0] ?? '')
  if (left.length > 0) await docker.run(['rm', '--force', ...left])
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    // A process of another user may not be asked, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
