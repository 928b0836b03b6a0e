// The environment of a build: what CodeBuild sets, the project, StartBuild and the buildspec, and nothing of the host.
import type { Buildspec } from './buildspec.ts'
import type { BuildJob } from './job.ts'

export interface Folders {
  readonly home: string
  readonly temporary: string
  readonly source: string
  readonly bin: string
}

/** Precedence: StartBuild over project (both in `job.variables`) over buildspec; CODEBUILD_ names are CodeBuild's own. */
export function composeEnvironment(job: BuildJob, spec: Buildspec, folders: Folders): Record<string, string> {
  const own: [string, string][] = job.variables.map(({ name, value }) => [name, value])
  return {
    ...base(job, folders),
    ...Object.fromEntries(spec.variables),
    ...Object.fromEntries(own.filter(([name]) => !name.startsWith('CODEBUILD_'))),
    ...codebuild(job, folders),
  }
}

function base(job: BuildJob, folders: Folders): Record<string, string> {
  return {
    PATH: folders.bin,
    HOME: folders.home,
    TMPDIR: folders.temporary,
    LANG: 'C.UTF-8',
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
    AWS_ACCESS_KEY_ID: job.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: job.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: job.credentials.sessionToken,
    AWS_ENDPOINT_URL: job.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

function codebuild(job: BuildJob, folders: Folders): Record<string, string> {
  return {
    CI: 'true',
    CODEBUILD_CI: 'true',
    CODEBUILD_BUILD_ARN: job.arn,
    CODEBUILD_BUILD_ID: job.id,
    CODEBUILD_BUILD_IMAGE: job.image,
    CODEBUILD_BUILD_NUMBER: String(job.number),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_INITIATOR: job.initiator,
    CODEBUILD_LOG_PATH: job.logPath,
    CODEBUILD_SRC_DIR: folders.source,
    CODEBUILD_START_TIME: String(Date.now()),
  }
}
