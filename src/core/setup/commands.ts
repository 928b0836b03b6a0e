// The files of the AWS CLI way: the script, and the documents that its commands read.
import { partitionOf } from '../arn.ts'
import { type Data, writeJson } from './data.ts'
import type { FilledPolicies } from './policies.ts'
import { buildImage, keptDays, listLogGroups, repositoryLifecycle, standingBuildspec } from './project.ts'
import type { SetupRequest } from './request.ts'
import { writeScript } from './script.ts'

/** A file of the setup, its path relative to the folder that was asked for. */
export interface SetupFile {
  readonly path: string
  readonly text: string
  readonly isExecutable?: boolean
}

/** The script and the documents that only it needs. It runs in the folder that holds `policies/`. */
export function writeCommands(request: SetupRequest, policies: FilledPolicies): readonly SetupFile[] {
  return [
    { path: 'commands/setup.sh', text: writeScript(request, policies), isExecutable: true },
    { path: 'commands/codebuild-project.json', text: writeJson(describeProject(request)) },
    { path: 'commands/bucket-lifecycle.json', text: writeJson(bucketLifecycle) },
    { path: 'commands/repository-lifecycle.json', text: writeJson(repositoryLifecycle) },
  ]
}

const bucketLifecycle: Data = {
  Rules: [
    {
      ID: 'RemoveSupersededArchives',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: keptDays },
      Expiration: { ExpiredObjectDeleteMarker: true },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ],
}

function describeProject(request: SetupRequest): Data {
  const [buildLogs = ''] = listLogGroups(request)
  return {
    name: request.names.project,
    source: { type: 'NO_SOURCE', buildspec: standingBuildspec },
    artifacts: { type: 'NO_ARTIFACTS' },
    environment: {
      type: 'LINUX_CONTAINER',
      computeType: 'BUILD_GENERAL1_SMALL',
      image: buildImage,
      privilegedMode: true,
    },
    serviceRole: `arn:${partitionOf(request.region)}:iam::${request.account}:role/${request.names.serviceRole}`,
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: buildLogs } },
  }
}
