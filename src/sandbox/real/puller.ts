// Fetches the images of functions from the sandbox's registry, as Lambda's own service does, and takes them away at the end.
import { randomBytes } from 'node:crypto'
import type { Role } from '../identity/role.ts'
import type { Tokens } from '../services/ecr/token.ts'
import type { ServedImage } from '../services/function.ts'
import type { World } from '../world.ts'
import type { Docker } from './docker.ts'
import { listExtensions } from './extensions.ts'

export interface PulledImage {
  /** Reference by digest that the engine has. */
  readonly reference: string
  readonly extensions: readonly string[]
}

export interface Puller {
  pull(image: ServedImage): Promise<PulledImage>
  /** Removes from the engine every tag and digest of the sandbox's registry, and every image that a build named. */
  removeAll(): Promise<void>
}

/** Seconds that a password for one pull lives. */
const PASSWORD_LIFE = 900

export function createPuller(world: World, tokens: Tokens, docker: Docker): Puller {
  const known = new Map<string, Promise<PulledImage>>()
  const { caller } = world.sessions.create({
    role: lambdaService(world),
    sessionName: 'lambda',
    durationSeconds: 43_200,
  })

  async function fetch({ repository, digest }: ServedImage): Promise<PulledImage> {
    const { host } = new URL(world.endpoint)
    const { password } = tokens.issue(caller, PASSWORD_LIFE)
    await docker.must(['login', '--username', 'AWS', '--password-stdin', host], password)
    const reference = `${host}/${repository}@${digest}`
    await docker.must(['pull', '--quiet', reference])
    return { reference, extensions: await listExtensions(docker, reference) }
  }

  return {
    pull: (image) => {
      const found = known.get(image.digest) ?? fetch(image)
      known.set(image.digest, found)
      found.catch(() => known.delete(image.digest))
      return found
    },
    removeAll: async () => {
      const { host } = new URL(world.endpoint)
      const format = '{{.Repository}} {{.Tag}} {{.Digest}}'
      const { stdout } = await docker.run(['image', 'ls', '--digests', '--format', format])
      const references = stdout
        .toString('utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${host}/`))
        .flatMap((line) => {
          const [repository, tag, digest] = line.split(' ')
          const tagged = tag === '<none>' ? [] : [`${repository}:${tag}`]
          return [...tagged, ...(digest === '<none>' ? [] : [`${repository}@${digest}`])]
        })
      for (const reference of new Set([...references, ...namedByBuilds(world)]))
        await docker.run(['image', 'rm', reference])
    },
  }
}

/** The names that `docker build` gave, by the logs of this sandbox's builds. */
function namedByBuilds(world: World): readonly string[] {
  return [...world.builds.values()].flatMap(({ log }) => {
    const stream = world.logGroups.get(log?.groupName ?? '')?.streams.get(log?.streamName ?? '')
    return (stream?.events ?? []).flatMap(({ message }) => {
      const name = /(?:naming to|Successfully tagged) ([\w./:-]+)/.exec(message)?.[1]
      return name === undefined ? [] : [name]
    })
  })
}

/** Lambda pulls as a service of AWS; the repository's policy was asked when the function was made or changed. */
function lambdaService(world: World): Role {
  const statement = {
    Effect: 'Allow',
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    Resource: '*',
  }
  return {
    name: 'AWSServiceRoleForLambda',
    arn: `arn:${world.partition}:iam::${world.account}:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda`,
    id: `AROA${randomBytes(8).toString('hex').toUpperCase()}`,
    trust: {},
    policies: new Map([['pull', { Version: '2012-10-17', Statement: [statement] }]]),
    maxSessionDuration: 43_200,
  }
}
