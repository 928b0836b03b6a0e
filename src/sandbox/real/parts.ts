// What `--real` needs of the machine: an engine that answers and an AWS CLI; whatever is missing is said all at once.
import { execFile } from 'node:child_process'

export interface RealParts {
  /** Value of DOCKER_HOST for every client. */
  readonly dockerHost: string
  /** For example `26.1.5`. */
  readonly engine: string
  /** For example `aws-cli/2.31.13`. */
  readonly awsCli: string
}

/** @throws Error that names every missing part and how to get it. */
export async function findRealParts(): Promise<RealParts> {
  const [dockerHost, awsCli] = await Promise.all([askDockerHost(), askAwsCli()])
  const engine = dockerHost.found ? await askEngine(dockerHost.value) : dockerHost
  const missing = [engine, awsCli].flatMap((part) => (part.found ? [] : [part.remedy]))
  if (!dockerHost.found || !engine.found || !awsCli.found) {
    throw new Error(`--real runs this machine's own Docker and AWS CLI. ${missing.join(' ')}`)
  }
  return { dockerHost: dockerHost.value, engine: engine.value, awsCli: awsCli.value }
}

type Part =
  | { readonly found: true; readonly value: string }
  | { readonly found: false; readonly remedy: string }

const GET_DOCKER =
  'Install Docker Engine or Docker Desktop (docs.docker.com/engine/install) and put `docker` on PATH.'

async function askDockerHost(): Promise<Part> {
  const own = process.env['DOCKER_HOST']
  if (own !== undefined && own !== '') return { found: true, value: own }
  const context = await ask('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])
  if (context.missing) return { found: false, remedy: `There is no \`docker\` on PATH. ${GET_DOCKER}` }
  return { found: true, value: context.text || 'unix:///var/run/docker.sock' }
}

async function askEngine(host: string): Promise<Part> {
  const format = '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'
  const answer = await ask('docker', ['--host', host, 'version', '--format', format])
  if (answer.missing) return { found: false, remedy: `There is no \`docker\` on PATH. ${GET_DOCKER}` }
  const [version = '', platform = ''] = answer.text.split(' ')
  if (answer.failed) {
    const why = answer.error.split('\n')[0] ?? ''
    return { found: false, remedy: `The Docker engine at \`${host}\` does not answer (${why}). Start it.` }
  }
  if (platform !== 'linux/amd64') {
    const remedy = `The Docker engine at \`${host}\` runs ${platform} containers, and the image is for linux/amd64. Use an engine on linux/amd64.`
    return { found: false, remedy }
  }
  return { found: true, value: version }
}

async function askAwsCli(): Promise<Part> {
  const answer = await ask('aws', ['--version'])
  const get =
    'Install the AWS CLI (docs.aws.amazon.com/cli), version 2.31.13 or 1.42.50 at least, and put `aws` on PATH.'
  if (answer.missing) return { found: false, remedy: `There is no \`aws\` on PATH. ${get}` }
  const version = /aws-cli\/(\d+)\.(\d+)\.(\d+)/.exec(answer.text)
  if (version === null) return { found: false, remedy: `\`aws --version\` tells no version. ${get}` }
  const [major = 0, minor = 0, patch = 0] = version.slice(1).map(Number)
  const isRecent =
    major > 2 ||
    (major === 2 && (minor > 31 || (minor === 31 && patch >= 13))) ||
    (major === 1 && (minor > 42 || (minor === 42 && patch >= 50)))
  if (!isRecent)
    return { found: false, remedy: `\`aws\` is ${version[0]}, too old to make a URL public. ${get}` }
  return { found: true, value: version[0] }
}

interface Said {
  readonly missing: boolean
  readonly failed: boolean
  readonly text: string
  readonly error: string
}

function ask(program: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({
        missing: error?.code === 'ENOENT',
        failed: error !== null,
        // Old versions of the AWS CLI write their version to standard error.
        text: (stdout.trim() || stderr.trim()).trim(),
        error: stderr.trim() || (error?.message ?? ''),
      })
    })
  })
}
