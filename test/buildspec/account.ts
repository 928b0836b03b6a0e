// A sandbox in which the standard buildspec deploys: the artifact is put, the build is started, its end is read.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StartBuildCommand } from '@aws-sdk/client-codebuild'
import { ZipFile } from 'yazl'
import type { OptionalPolicy } from '../../src/sandbox/options.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { LambdaFunction } from '../../src/sandbox/services/function.ts'
import { actAs } from '../sandbox/account.ts'

export const BUILDSPEC = readFileSync(
  new URL('../../buildspecs/buildspec.lambda-container.yml', import.meta.url),
  'utf8',
)
const NODE = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
const ENTRY = fileURLToPath(new URL('../../src/sandbox/standins/entry.ts', import.meta.url))

/** The command line of the stand-ins from their source. */
export const STANDIN_ENTRY = [NODE, ENTRY]

export interface Files {
  readonly [path: string]: string
}

export const HELLO: Files = {
  'pubspec.yaml': "name: hello\nenvironment:\n  sdk: '>=3.11.0 <3.12.0'\n",
  'bin/server.dart': 'void main() {}\n',
  Dockerfile: [
    'FROM dart:3.11 AS build',
    'WORKDIR /app',
    'COPY pubspec.* ./',
    'RUN dart pub get',
    'COPY . .',
    'RUN dart compile exe bin/server.dart -o bin/server',
    'FROM scratch',
    'COPY --from=build /runtime/ /',
    'COPY --from=build /app/bin/server /app/bin/server',
    'CMD ["/app/bin/server"]',
  ].join('\n'),
}

export interface Result {
  readonly status: string
  readonly exported: Readonly<Record<string, string>>
  /** Exit status of the script, as the message of the failed phase has it. */
  readonly exitStatus: number | undefined
  readonly lines: readonly string[]
  /** Milliseconds from StartBuild to the end. */
  readonly took: number
}

export interface Deployment {
  readonly name?: string
  readonly files?: Files
  /** In place of the archive of the files. */
  readonly artifact?: Buffer
  /** Over the variables that the action sends. */
  readonly variables?: Readonly<Record<string, string>>
  /** After the upload, before the build reads it. */
  readonly afterUpload?: (sandbox: Sandbox) => void
  /** At each line of the build's log. */
  readonly onLine?: (line: string, sandbox: Sandbox) => void
}

export function openAccount(optionalPolicies: readonly OptionalPolicy[] = []): Promise<Sandbox> {
  return startSandbox({ standinEntry: STANDIN_ENTRY, optionalPolicies })
}

/** An account of its own for one test, so that tests may run side by side. */
export async function inAccount<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = await openAccount()
  try {
    return await work(sandbox)
  } finally {
    await sandbox.close()
  }
}

let runs = 0

/** Uploads and builds, as the action does, and waits for the end. */
export async function deploy(sandbox: Sandbox, deployment: Deployment = {}): Promise<Result> {
  const { names, world } = sandbox
  const name = deployment.name ?? 'hello'
  const zip = deployment.artifact ?? (await zipOf(deployment.files ?? HELLO))
  const run = `1296269/100/1/${String(++runs).padStart(8, '0')}`
  const etag = putArtifact(sandbox, { body: zip, name, run })
  deployment.afterUpload?.(sandbox)
  const variables = {
    S3_BUCKET: names.bucket,
    S3_KEY: 'builds/app.zip',
    FUNCTION_NAME: name,
    AWS_REGION: names.region,
    ECR_REPOSITORY_URI: names.ecrRepositoryUri,
    LAMBDA_EXECUTION_ROLE_ARN: names.executionRoleArn,
    IMAGE_TAG: `tag-${runs}`,
    LAMBDA_TIMEOUT_SECONDS: '30',
    LAMBDA_MEMORY_MB: '512',
    DCF_ARTIFACT_ETAG: etag,
    DCF_ARTIFACT_SHA256: sha256(zip),
    DCF_BUCKET_OWNER: names.account,
    DCF_RUN: run,
    DCF_REPOSITORY_ID: '1296269',
    DCF_PULL_REQUEST: '-',
    DCF_FORCE: 'false',
    DCF_SOURCE_DIGEST: sha256(Buffer.from(JSON.stringify(deployment.files ?? HELLO))),
    DCF_CONFIG_DIGEST: '0123456789abcdef',
    DCF_HEALTH_CHECK_PATH: '/',
    DCF_ENVIRONMENT_VARIABLES: '{}',
    ...deployment.variables,
  }
  const started = Date.now()
  const { codebuild } = actAs(sandbox, names.role)
  const answer = await codebuild.send(
    new StartBuildCommand({
      projectName: names.project,
      sourceTypeOverride: 'NO_SOURCE',
      artifactsOverride: { type: 'NO_ARTIFACTS' },
      buildspecOverride: BUILDSPEC,
      environmentVariablesOverride: Object.entries(variables).map(([key, value]) => ({
        name: key,
        value,
        type: 'PLAINTEXT',
      })),
    }),
  )
  const build = world.builds.get(answer.build?.id ?? '')
  if (build === undefined) throw new Error('the build is not in the world')
  const watch = watchLog(sandbox, build.id, deployment.onLine)
  await build.ended
  clearInterval(watch)
  const contexts = build.phases.flatMap((phase) => phase.contexts)
  const exit = /exit status (\d+)$/.exec(contexts[0]?.message ?? '')?.[1]
  return {
    status: build.status,
    exported: Object.fromEntries(build.exported.map(({ name: key, value }) => [key, value])),
    exitStatus: exit === undefined ? undefined : Number(exit),
    lines: readLog(sandbox, build.id),
    took: Date.now() - started,
  }
}

export interface Artifact {
  readonly body: Buffer
  readonly name: string
  readonly run: string
  readonly withdrawn?: boolean
}

/** Puts an object where the action would put it, and gives its ETag. */
export function putArtifact({ world, names }: Sandbox, { body, name, run, withdrawn }: Artifact): string {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  const metadata = { 'dcf-function': name, 'dcf-run': run, ...(withdrawn ? { 'dcf-withdrawn': 'true' } : {}) }
  world.buckets.get(names.bucket)?.objects.set('builds/app.zip', {
    key: 'builds/app.zip',
    body,
    etag,
    contentType: 'application/zip',
    metadata,
    checksums: {},
    lastModified: world.clock.now(),
  })
  return etag
}

export function functionOf({ world }: Sandbox, name = 'hello'): LambdaFunction {
  const found = world.functions.get(name)
  if (found === undefined) throw new Error(`no function ${name}`)
  return found
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function readLog({ world }: Sandbox, id: string): readonly string[] {
  const streams = [...world.logGroups.values()].flatMap((group) => [...group.streams.values()])
  const stream = streams.find((one) => id.endsWith(one.name))
  return (stream?.events ?? []).flatMap((event) => event.message.split('\n'))
}

function watchLog(sandbox: Sandbox, id: string, onLine: Deployment['onLine']): NodeJS.Timeout {
  let seen = 0
  return setInterval(() => {
    const lines = readLog(sandbox, id)
    for (const line of lines.slice(seen)) onLine?.(line, sandbox)
    seen = lines.length
  }, 5)
}

async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), path, { mode: 0o100644, mtime: new Date(1980, 0, 1) })
  }
  zip.end()
  const parts: Buffer[] = []
  for await (const part of zip.outputStream) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
