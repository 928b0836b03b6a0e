// Where the Lambda Runtime API listens, and under which name a container reaches it: on the container network's own gateway
// address where that is an address of this machine, else through Docker Desktop's way to the host's loopback.
import { createServer } from 'node:net'
import type { Docker } from './docker.ts'

export interface Gateway {
  /** Address that the server binds. */
  readonly bind: string
  /** Host that the container asks. */
  readonly host: string
  /** Further options of `docker run`. */
  readonly options: readonly string[]
}

export async function findGateway(docker: Docker): Promise<Gateway> {
  const format = '{{range .IPAM.Config}}{{.Gateway}} {{end}}'
  const answer = await docker.must(['network', 'inspect', 'bridge', '--format', format])
  for (const address of answer.split(/\s+/).filter(Boolean)) {
    if (await isOwn(address)) return { bind: address, host: address, options: [] }
  }
  const host = 'host.docker.internal'
  return { bind: '127.0.0.1', host, options: ['--add-host', `${host}:host-gateway`] }
}

/** A bridge without containers is down and no list of interfaces has it, but its address can be bound. */
function isOwn(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(0, address, () => server.close(() => resolve(true)))
  })
}
