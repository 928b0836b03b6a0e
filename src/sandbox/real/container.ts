// How a function's container is started: as Lambda runs an image.
import type { LambdaFunction, Version } from '../services/function.ts'
import type { World } from '../world.ts'
import type { Docker } from './docker.ts'
import { describeEnvironment } from './environment.ts'
import type { FunctionLog } from './functionlog.ts'
import type { Gateway } from './gateway.ts'

export interface Plant {
  readonly world: World
  readonly docker: Docker
  readonly gateway: Gateway
  /** Value of the label that all containers of this sandbox carry. */
  readonly label: string
}

export interface Start {
  readonly fn: LambdaFunction
  readonly version: Version
  /** Image reference that the engine has. */
  readonly image: string
  /** File names in /opt/extensions. */
  readonly extensions: readonly string[]
  /** Milliseconds that the start may take. */
  readonly patience: number
}

/** What one container is told beyond its function. */
export interface Berth {
  readonly name: string
  /** `HOST:PORT` of its Runtime API. */
  readonly runtimeApi: string
  readonly log: FunctionLog
}

/** As Lambda runs an image: an unprivileged user, nothing writable but /tmp, and the function's memory. */
export function describeContainer(
  { fn, version, image }: Start,
  plant: Plant,
  berth: Berth,
): readonly string[] {
  const role = [...plant.world.roles.values()].find((one) => one.arn === version.role)
  const session =
    role && plant.world.sessions.create({ role, sessionName: fn.name.slice(0, 64), durationSeconds: 43_200 })
  const variables = describeEnvironment({
    fn,
    version,
    region: plant.world.region,
    credentials: session?.credentials,
    runtimeApi: berth.runtimeApi,
    logGroup: berth.log.group,
    logStream: berth.log.stream,
  })
  const memory = `${version.memorySize}m`
  return [
    ...['run', '--detach', '--pull', 'never', '--name', berth.name, '--label', `dcf-sandbox=${plant.label}`],
    ...['--user', '993:990', '--read-only', '--tmpfs', '/tmp:rw,exec,nosuid,nodev,size=512m,mode=1777'],
    ...[
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--pids-limit',
      '1024',
      '--ulimit',
      'nofile=1024',
    ],
    ...['--memory', memory, '--memory-swap', memory, '--network', 'bridge', ...plant.gateway.options],
    ...Object.entries(variables).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    image,
  ]
}

/** Asks for the address of a container on its network. */
export function askAddress(name: string): readonly string[] {
  return [
    'container',
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    name,
  ]
}
