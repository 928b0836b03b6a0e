// `docker build` with the flags of a docker that has no buildx.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildImage } from './dockerbuild.ts'
import { type FlagTable, parseFlags } from './dockerflags.ts'
import { addImage, withTag } from './dockerstore.ts'
import type { Docker } from './dockertool.ts'
import { BuildFailure } from './dockerwords.ts'
import { UsageError } from './usage.ts'

const FLAGS: FlagTable = {
  valued: [
    'add-host',
    'build-arg',
    'cache-from',
    'cgroup-parent',
    'cpu-period',
    'cpu-quota',
    'cpu-shares',
    'cpuset-cpus',
    'cpuset-mems',
    'file',
    'iidfile',
    'isolation',
    'label',
    'memory',
    'memory-swap',
    'network',
    'platform',
    'security-opt',
    'shm-size',
    'tag',
    'target',
    'ulimit',
  ],
  plain: [
    'compress',
    'disable-content-trust',
    'force-rm',
    'no-cache',
    'pull',
    'quiet',
    'rm',
    'squash',
    'help',
  ],
  short: { t: 'tag', f: 'file', m: 'memory', q: 'quiet', c: 'cpu-shares' },
}
const TAG = /^[a-z0-9.:_/-]+?(:[\w][\w.-]{0,127})?$/

export function runBuild(argv: readonly string[], docker: Docker): number {
  const { values, words } = parseFlags('build', argv, FLAGS)
  if (values.has('help')) {
    const names = [...FLAGS.valued, ...FLAGS.plain].toSorted()
    docker.console.out(
      `Usage:  docker build [OPTIONS] PATH | URL | -\n\nOptions:\n${names.map((name) => `      --${name}\n`).join('')}`,
    )
    return 0
  }
  const [context] = words
  if (context === undefined || words.length > 1) {
    throw new UsageError(`"docker build" requires exactly 1 argument.\nSee 'docker build --help'.`, 1)
  }
  const tags = (values.get('tag') ?? []).map(withTag)
  const bad = tags.find((tag) => !TAG.test(tag))
  if (bad !== undefined)
    throw new UsageError(`invalid argument "${bad}" for "-t, --tag" flag: invalid reference format`, 125)
  if (!isFolder(context)) throw new BuildFailure(`unable to prepare context: path "${context}" not found`)
  const say = (text: string): void => docker.console.out(`${text}\n`)
  say('This is the docker stand-in of the sandbox: no image is pulled and no RUN is executed.')
  const [file, platform, target] = ['file', 'platform', 'target'].map((name) => values.get(name)?.at(-1))
  const image = buildImage(
    {
      context: resolve(context),
      ...(file === undefined ? {} : { dockerfile: resolve(file) }),
      ...(platform === undefined ? {} : { platform }),
      ...(target === undefined ? {} : { target }),
      buildArgs: new Map(pairs(values.get('build-arg'))),
      labels: Object.fromEntries(pairs(values.get('label'))),
    },
    { ...docker, say },
  )
  const id = addImage(docker.store, image)
  for (const tag of tags) docker.store.tags[tag] = id
  say(`Successfully built ${id.slice(7, 19)}`)
  for (const tag of tags) say(`Successfully tagged ${tag}`)
  return 0
}

function pairs(words: readonly string[] = []): [string, string][] {
  return words.map((word) => {
    const at = word.indexOf('=')
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
