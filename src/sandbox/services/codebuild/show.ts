// Builds and projects as CodeBuild's answers show them.
import type { World } from '../../world.ts'
import { toEpochSeconds } from '../jsonprotocol.ts'
import type { Build, BuildPhase, Project } from '../project.ts'

type Place = Pick<World, 'account' | 'region' | 'partition'>

export function showBuild(build: Build, place: Place, withholdExports: boolean): unknown {
  const { settings, project } = build
  return {
    id: build.id,
    arn: build.arn,
    buildNumber: build.number,
    startTime: toEpochSeconds(build.startTime),
    ...(build.endTime === undefined ? {} : { endTime: toEpochSeconds(build.endTime) }),
    currentPhase: build.currentPhase,
    buildStatus: build.status,
    projectName: project.name,
    phases: build.phases.map(showPhase),
    source: {
      type: settings.sourceType,
      ...(settings.buildspec === undefined ? {} : { buildspec: settings.buildspec }),
      insecureSsl: false,
    },
    secondarySources: [],
    secondarySourceVersions: [],
    artifacts: { location: '' },
    secondaryArtifacts: [],
    cache: {
      type: settings.cacheType,
      ...(settings.cacheModes.length === 0 ? {} : { modes: settings.cacheModes }),
    },
    environment: {
      type: settings.environmentType,
      image: settings.image,
      computeType: settings.computeType,
      environmentVariables: settings.variables,
      privilegedMode: settings.privileged,
      imagePullCredentialsType: 'CODEBUILD',
    },
    serviceRole: settings.serviceRole,
    logs: showLogs(build, place),
    timeoutInMinutes: settings.timeoutInMinutes,
    queuedTimeoutInMinutes: settings.queuedTimeoutInMinutes,
    buildComplete: build.status !== 'IN_PROGRESS',
    initiator: build.initiator,
    encryptionKey: `arn:${place.partition}:kms:${place.region}:${place.account}:alias/aws/s3`,
    autoRetryConfig: { autoRetryLimit: settings.autoRetryLimit, autoRetryNumber: 0 },
    ...(withholdExports ? {} : { exportedEnvironmentVariables: build.exported }),
  }
}

function showPhase(phase: BuildPhase): unknown {
  const { phaseType, phaseStatus, startTime, endTime, contexts } = phase
  return {
    phaseType,
    ...(phaseStatus === undefined ? {} : { phaseStatus }),
    startTime: toEpochSeconds(startTime),
    ...(endTime === undefined
      ? {}
      : { endTime: toEpochSeconds(endTime), durationInSeconds: Math.floor((endTime - startTime) / 1000) }),
    ...(contexts.length === 0 ? {} : { contexts }),
  }
}

/** Without group and stream until PROVISIONING; a project with disabled logs never names them. */
function showLogs(build: Build, { account, region, partition }: Place): unknown {
  const { log, project } = build
  const console = `https://console.aws.amazon.com/cloudwatch/home?region=${region}`
  const status = project.cloudWatchLogs ? 'ENABLED' : 'DISABLED'
  const arn = `arn:${partition}:logs:${region}:${account}:log-group:${log?.groupName ?? 'null'}:log-stream:${log?.streamName ?? 'null'}`
  return {
    ...(log === undefined ? {} : log),
    deepLink:
      log === undefined
        ? `${console}#logEvent:group=null;stream=null`
        : `${console}#logsV2:log-groups/log-group/${encodeForConsole(log.groupName)}/log-events/${encodeForConsole(log.streamName)}`,
    cloudWatchLogsArn: arn,
    cloudWatchLogs: { status, ...(project.logGroup === undefined ? {} : { groupName: project.logGroup }) },
    s3Logs: { status: 'DISABLED', encryptionDisabled: false },
  }
}

/** The console wants its fragment percent-encoded twice, with `$` for the outer `%`. */
function encodeForConsole(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$')
}

export function showProject(project: Project): unknown {
  return {
    name: project.name,
    arn: project.arn,
    source: {
      type: project.sourceType,
      ...(project.buildspec === undefined ? {} : { buildspec: project.buildspec }),
      insecureSsl: false,
    },
    artifacts: { type: project.artifactsType },
    cache: { type: 'NO_CACHE' },
    environment: {
      type: project.environmentType,
      image: project.image,
      computeType: project.computeType,
      environmentVariables: project.variables,
      privilegedMode: project.privileged,
      imagePullCredentialsType: 'CODEBUILD',
    },
    serviceRole: project.serviceRole,
    timeoutInMinutes: project.timeoutInMinutes,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    created: toEpochSeconds(project.created),
    lastModified: toEpochSeconds(project.created),
    logsConfig: {
      cloudWatchLogs: {
        status: project.cloudWatchLogs ? 'ENABLED' : 'DISABLED',
        ...(project.logGroup === undefined ? {} : { groupName: project.logGroup }),
      },
      s3Logs: { status: 'DISABLED', encryptionDisabled: false },
    },
    projectVisibility: 'PRIVATE',
    tags: [],
  }
}
