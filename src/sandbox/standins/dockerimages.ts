// `docker login`, `tag`, `push`, `pull` and `rmi`.
import { readFileSync } from 'node:fs'
import { parseFlags } from './dockerflags.ts'
import { checkLogin, parseRemote, pullImage, pushImage, RegistryError } from './dockerregistry.ts'
import { findImage, withTag } from './dockerstore.ts'
import type { Docker } from './dockertool.ts'
import { UsageError } from './usage.ts'

export async function login(argv: readonly string[], { console, store }: Docker): Promise<number> {
  const { values, words } = parseFlags('login', argv, {
    valued: ['username', 'password'],
    plain: ['password-stdin'],
    short: { u: 'username', p: 'password' },
  })
  const [registry = 'docker.io'] = words
  const [username] = values.get('username') ?? []
  const fromInput = values.has('password-stdin')
  if (username === undefined) throw new UsageError('Must provide --username with --password-stdin', 1)
  const password = fromInput ? readFileSync(0, 'utf8').replace(/\r?\n$/, '') : values.get('password')?.[0]
  if (!password) throw new UsageError('Error: Cannot perform an interactive login from a non TTY device', 1)
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const status = await checkLogin(registry, authorization)
  if (status !== 200) {
    throw new RegistryError(
      `Error response from daemon: login attempt to http://${registry}/v2/ failed with status: ${status}`,
    )
  }
  store.logins[registry] = authorization
  console.err('WARNING! Your password will be stored unencrypted in the image store of this stand-in.\n')
  console.out('Login Succeeded\n')
  return 0
}

export function tagImage(argv: readonly string[], { store }: Docker): number {
  const { words } = parseFlags('tag', argv, { valued: [], plain: [] })
  const [from = '', to = ''] = words
  if (words.length !== 2) throw new UsageError('"docker tag" requires exactly 2 arguments.', 1)
  const found = findImage(store, from)
  if (found === undefined)
    throw new RegistryError(`Error response from daemon: No such image: ${withTag(from)}`)
  store.tags[withTag(to)] = found.id
  return 0
}

export async function push(argv: readonly string[], docker: Docker): Promise<number> {
  const { words } = parseFlags('push', argv, {
    valued: ['platform'],
    plain: ['quiet', 'disable-content-trust', 'all-tags'],
    short: { q: 'quiet', a: 'all-tags' },
  })
  const [reference = ''] = words
  if (words.length !== 1) throw new UsageError('"docker push" requires exactly 1 argument.', 1)
  const remote = parseRemote(withTag(reference))
  if (remote === undefined) throw new RegistryError("the stand-in pushes to the sandbox's registry only")
  const repository = `${remote.registry}/${remote.name}`
  const say = (text: string): void => docker.console.out(`${text}\n`)
  say(`The push refers to repository [${repository}]`)
  const found = findImage(docker.store, reference)
  if (found === undefined)
    throw new RegistryError(`An image does not exist locally with the tag: ${repository}`)
  const { digest, size } = await pushImage(found.image, remote, { ...docker, say })
  docker.store.digests[`${repository}@${digest}`] = found.id
  say(`${remote.reference}: digest: ${digest} size: ${size}`)
  return 0
}

export async function pull(argv: readonly string[], docker: Docker): Promise<number> {
  const { words } = parseFlags('pull', argv, {
    valued: ['platform'],
    plain: ['quiet', 'disable-content-trust', 'all-tags'],
    short: { q: 'quiet', a: 'all-tags' },
  })
  const [reference = ''] = words
  if (words.length !== 1) throw new UsageError('"docker pull" requires exactly 1 argument.', 1)
  const remote = parseRemote(withTag(reference))
  if (remote === undefined) throw new RegistryError("the stand-in pulls from the sandbox's registry only")
  const { id, digest } = await pullImage(remote, docker)
  docker.store.digests[`${remote.registry}/${remote.name}@${digest}`] = id
  if (!reference.includes('@')) docker.store.tags[withTag(reference)] = id
  docker.console.out(`Digest: ${digest}\nStatus: Downloaded newer image for ${reference}\n`)
  return 0
}

export function removeImages(argv: readonly string[], { console, store }: Docker): number {
  const { words } = parseFlags('rmi', argv, {
    valued: [],
    plain: ['force', 'no-prune'],
    short: { f: 'force' },
  })
  let status = 0
  for (const word of words) {
    const tag = withTag(word)
    if (store.tags[tag] === undefined) {
      console.err(`Error response from daemon: No such image: ${tag}\n`)
      status = 1
    } else {
      delete store.tags[tag]
      console.out(`Untagged: ${tag}\n`)
    }
  }
  return status
}
