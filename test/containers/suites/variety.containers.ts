// Dockerfiles as people write them: each builds, keeps its entry point, and answers.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openRealAccount } from '../account.ts'
import { deploy, mustDeploy } from '../deployment.ts'
import { docker, useEngine } from '../engine.ts'
import { createProject, type Project } from '../project.ts'

useEngine('26')
let sandbox: Sandbox
let project: Project
beforeAll(async () => {
  sandbox = await openRealAccount()
  project = createProject()
  project.write('start.sh', '#!/bin/sh\nexec /app/server\n', 0o755)
})
afterAll(async () => {
  await sandbox.close()
  project.remove()
})

const BUILD = `FROM dart:3.11 AS build
WORKDIR /app
COPY pubspec.yaml ./
COPY bin bin
RUN dart pub get && dart compile exe bin/server.dart -o bin/server
`
const SCRATCH = `${BUILD}FROM scratch
COPY --from=build /runtime/ /
COPY --from=build /app/bin/server /app/server
`
const SLIM = `${BUILD}FROM debian:bookworm-slim
COPY --from=build /app/bin/server /app/server
`
const SERVER = ['/app/server']
const SHELL = ['/bin/sh', '-c', '/app/server']
const ADAPTER = 'public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1'

interface Case {
  readonly name: string
  readonly dockerfile: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly port?: string
}

// Habits that do not touch each other share an image: a deployment takes its time.
test.each<Case>([
  {
    name: 'CRLF, lower-case instructions, no newline at the end',
    dockerfile: `${SLIM}CMD ["/app/server"]`
      .replace(/^(FROM|WORKDIR|COPY|RUN|CMD)| AS /gm, (word) => word.toLowerCase())
      .replaceAll('\n', '\r\n'),
    command: SERVER,
  },
  {
    name: 'an escape directive, and a comment at the end without a newline',
    dockerfile: `# escape=\`\n${SCRATCH}CMD [ \`\n  "/app/server" ]\n# the end`,
    command: SERVER,
  },
  {
    name: 'ARG before FROM, and a backslash at the end',
    dockerfile: `ARG VERSION=3.11\n${SCRATCH.replace('dart:3.11', `dart:\${VERSION}`)}CMD ["/app/server"] \\\n`,
    command: SERVER,
  },
  {
    name: 'a heredoc, and a user of its own',
    dockerfile: `${SLIM}RUN <<EOF\nset -e\nuseradd app\ncp /app/server /app/copy\nEOF\nUSER app\nCMD ["/app/copy"]\n`,
    command: ['/app/copy'],
  },
  {
    name: 'ENTRYPOINT with CMD as its arguments',
    dockerfile: `${SCRATCH}ENTRYPOINT ["/app/server"]\nCMD ["--verbose"]\n`,
    entrypoint: SERVER,
    command: ['--verbose'],
  },
  { name: 'CMD for a shell', dockerfile: `${SLIM}CMD /app/server\n`, command: SHELL },
  {
    name: 'ENTRYPOINT for a shell, and a port of its own',
    dockerfile: `${SLIM}ENV PORT=9090\nENTRYPOINT /app/server\n`,
    entrypoint: SHELL,
    port: '9090',
  },
  {
    name: 'ONBUILD, and ENTRYPOINT alone',
    dockerfile: `${SLIM}ONBUILD COPY pubspec.yaml /app/late\nENTRYPOINT ["/app/server"]\n`,
    entrypoint: SERVER,
  },
  {
    name: 'the adapter already there',
    dockerfile: `${SCRATCH}COPY --from=${ADAPTER} /lambda-adapter /opt/extensions/lambda-adapter\nENV PORT=8080\nCMD ["/app/server"]\n`,
    command: SERVER,
  },
  {
    name: 'a script that needs its mode bit',
    dockerfile: `${SLIM}COPY start.sh /app/\nCMD ["/app/start.sh"]\n`,
    command: ['/app/start.sh'],
  },
])('$name', async ({ dockerfile, entrypoint, command, port = '8080' }) => {
  project.write('Dockerfile', dockerfile)
  const run = mustDeploy(await deploy(sandbox, project))
  const image = run.outputs['image-uri'] ?? ''
  const config = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config}}', image))
  expect(config.Entrypoint ?? undefined).toEqual(entrypoint)
  expect(config.Cmd ?? undefined).toEqual(command)
  expect(config.Env.filter((one: string) => one.startsWith('PORT='))).toEqual([`PORT=${port}`])
  const answer = await fetch(`${run.outputs['function-url']}environment`)
  expect(await answer.json()).toMatchObject({ PORT: port })
})
