// The docker stand-in refuses what a docker without buildx refuses, and reads Dockerfiles as docker does.
import { describe, expect, it } from 'vitest'
import { openEngine } from './tool.ts'

const PLAIN = { 'pubspec.yaml': 'name: a\n', Dockerfile: 'FROM scratch\nCOPY pubspec.* ./\nCMD ["/server"]' }

async function inspected(
  dockerfile: string,
  format: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { docker, folder } = openEngine()
  const built = await docker(
    'build',
    '--platform',
    'linux/amd64',
    '-t',
    'app',
    folder({ ...PLAIN, ...extra, Dockerfile: dockerfile }),
  )
  expect(built).toMatchObject({ status: 0, err: '' })
  return (await docker('image', 'inspect', '--format', format, 'app')).out.trimEnd()
}

describe('docker build', () => {
  it.each([
    ['flags of buildx', ['--provenance=false', '.'], 125, 'unknown flag: --provenance'],
    ['an unknown short flag', ['-z', '.'], 125, "unknown shorthand flag: 'z' in -z"],
    ['a flag without its value', ['--tag'], 125, 'flag needs an argument: --tag'],
    ['no context', [], 1, 'requires exactly 1 argument'],
    ['a context that is absent', ['/absent'], 1, 'path "/absent" not found'],
    ['a tag that is none', ['-t', 'UPPER', '.'], 125, 'invalid reference format'],
  ])('refuses %s', async (_name, argv, status, text) => {
    const ran = await openEngine().docker('build', ...argv)
    expect(ran.err).toContain(text)
    expect(ran.status).toBe(status)
  })

  it.each([
    [
      'a source that is not in the context',
      'FROM scratch\nCOPY absent /',
      'file not found in build context or excluded by .dockerignore: stat absent',
    ],
    ['a source that .dockerignore excludes', 'FROM scratch\nCOPY secret.txt /', 'stat secret.txt'],
    [
      'an unknown instruction',
      'FROM scratch\nCOPPY a b',
      'dockerfile parse error on line 2: unknown instruction: COPPY',
    ],
    ['an instruction before FROM', 'RUN ls\nFROM scratch', 'no build stage in current context'],
    [
      'a command that can only fail',
      'FROM debian\nRUN false',
      "The command '/bin/sh -c false' returned a non-zero code: 1",
    ],
    ['an empty Dockerfile', '# nothing\n', 'the Dockerfile cannot be empty'],
  ])('fails for %s', async (_name, Dockerfile, text) => {
    const { docker, folder } = openEngine()
    const ran = await docker(
      'build',
      folder({ ...PLAIN, 'secret.txt': 's', '.dockerignore': 'secret.txt\n', Dockerfile }),
    )
    expect(ran.err).toContain(text)
    expect(ran.status).toBe(1)
  })

  it.each([
    [
      'lower case, CRLF and a trailing backslash',
      'from scratch\r\nenv A=1 \\\r\n  B="two words"\r\ncmd ["/a"]',
      '{{json .Config.Env}} {{json .Config.Cmd}}',
      '["A=1","B=two words"] ["/a"]',
    ],
    [
      'ARG before FROM and a stage by name',
      'ARG BASE=scratch\nFROM ${BASE} AS one\nENV A=1\nFROM one\nENTRYPOINT ["/e"]',
      '{{json .Config.Env}} {{len .Config.Cmd}}',
      '["A=1"] 0',
    ],
    [
      'the form of a shell, WORKDIR and USER',
      'FROM scratch\nWORKDIR /app\nWORKDIR bin\nUSER 993\nCMD exec ./server',
      '{{.Config.WorkingDir}} {{.Config.User}} {{json .Config.Cmd}}',
      '/app/bin 993 ["/bin/sh","-c","exec ./server"]',
    ],
    [
      'a platform of its own',
      'FROM --platform=linux/arm64 debian',
      '{{.Os}}/{{.Architecture}}',
      'linux/arm64',
    ],
    ['ONBUILD, kept for the next image', 'FROM scratch\nONBUILD ENV A=1', '{{len .Config.OnBuild}}', '1'],
    [
      'the old form of ENV',
      'FROM scratch\nENV NAME some text',
      '{{range .Config.Env}} {{.}}{{end}}',
      ' NAME=some text',
    ],
  ])('reads %s', async (_name, dockerfile, format, text) => {
    expect(await inspected(dockerfile, format)).toBe(text)
  })

  it('gives the same image for the same context, and another for another', async () => {
    const id = (text: string) =>
      inspected('FROM scratch\nCOPY . /\nCMD ["/a"]', '{{.Id}}', { 'a.dart': text })
    expect(await id('one')).toBe(await id('one'))
    expect(await id('one')).not.toBe(await id('two'))
  })
})

describe('docker', () => {
  it('has no buildx, and says that it is a stand-in', async () => {
    const { docker, folder } = openEngine()
    expect(await docker('buildx', 'version')).toMatchObject({
      status: 1,
      err: "docker: 'buildx' is not a docker command.\nSee 'docker --help'\n",
    })
    expect((await docker('build', folder(PLAIN))).out).toContain('stand-in')
    expect((await docker('build', '--help')).out).not.toContain('--provenance')
  })

  it('runs in privileged mode only, not on Lambda compute, and no amd64 program on ARM', async () => {
    expect((await openEngine({ privileged: false }).docker('info')).err).toContain(
      'Cannot connect to the Docker daemon',
    )
    expect((await openEngine({ environmentType: 'LINUX_LAMBDA_CONTAINER' }).docker('info')).status).toBe(127)
    const arm = openEngine({ environmentType: 'ARM_CONTAINER' })
    const ran = await arm.docker(
      'build',
      '--platform',
      'linux/amd64',
      arm.folder({ Dockerfile: 'FROM debian\nRUN ls' }),
    )
    expect(ran.err).toContain('exec format error')
  })

  it('creates from what it has, copies out what COPY put in, and pushes nothing without a login', async () => {
    const { docker, folder } = openEngine()
    await docker(
      'build',
      '-t',
      'app',
      folder({
        Dockerfile:
          'FROM scratch\nCOPY --from=adapter:1 /lambda-adapter /opt/extensions/lambda-adapter\nCMD ["/a"]',
      }),
    )
    const container = (await docker('create', 'app')).out.trim()
    const target = `${folder({})}/out`
    expect((await docker('cp', `${container}:/opt/extensions`, target)).status).toBe(0)
    expect((await docker('cp', `${container}:/etc`, target)).err).toContain('Could not find the file /etc')
    expect((await docker('create', 'absent')).status).toBe(125)
    await docker('tag', 'app', '127.0.0.1:9/repository:one')
    expect((await docker('push', '127.0.0.1:9/repository:one')).err).toBe('no basic auth credentials\n')
    expect((await docker('push', 'docker.io/library/app')).err).toContain("the sandbox's registry only")
    expect((await docker('push', '--force', 'app')).err).toContain('unknown flag: --force')
  })
})
