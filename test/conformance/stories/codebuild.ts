// StartBuild as the action sends it, what BatchGetBuilds shows of it, and what CodeBuild refuses.
import { randomUUID } from 'node:crypto'
import type { Story } from '../story.ts'

const API = 'CodeBuild API Reference'

export const codebuild: Story = {
  service: 'CodeBuild',
  write: () => {
    const token = randomUUID()
    const buildspec = 'version: 0.2\nphases: {build: {commands: ["sleep 2"]}}\n'
    const start = (project: string, ...more: readonly string[]): readonly string[] => [
      ...['codebuild', 'start-build', '--project-name', project, '--buildspec-override', buildspec],
      ...['--source-type-override', 'NO_SOURCE', '--artifacts-override', 'type=NO_ARTIFACTS'],
      ...more,
    ]
    const variable = 'name=FUNCTION_NAME,value=hello,type=PLAINTEXT'
    const idOf = (answer: unknown): string => String(Object(Object(answer)['build'])['id'])
    return [
      {
        title: 'start a build',
        words: (t) =>
          start(
            t.project,
            ...['--environment-variables-override', variable, '--timeout-in-minutes-override', '30'],
            ...['--queued-timeout-in-minutes-override', '30', '--idempotency-token', token],
          ),
        aws: '200',
        document: `${API}, StartBuild`,
        shape: [
          ...['build.id', 'build.arn', 'build.buildStatus', 'build.currentPhase', 'build.projectName'],
          ...['build.startTime', 'build.phases.0.phaseType', 'build.environment.environmentVariables.0.name'],
          ...['build.timeoutInMinutes', 'build.source.type', 'build.logs.deepLink', 'build.initiator'],
        ],
      },
      {
        title: 'start again with the same token and the same parameters',
        words: (t) =>
          start(
            t.project,
            ...['--environment-variables-override', variable, '--timeout-in-minutes-override', '30'],
            ...['--queued-timeout-in-minutes-override', '30', '--idempotency-token', token],
          ),
        aws: '200',
        document: `${API}, StartBuild, idempotencyToken`,
        shape: ['build.id'],
      },
      {
        title: 'start with the same token and other parameters',
        words: (t) => start(t.project, '--idempotency-token', token),
        aws: '400 InvalidInputException',
        document: `${API}, StartBuild, idempotencyToken`,
      },
      {
        title: 'a project that is not there',
        words: () => start('dcf-no-such-project'),
        aws: '400 ResourceNotFoundException',
        document: `${API}, StartBuild, Errors`,
      },
      {
        title: 'four minutes of timeout',
        words: (t) => start(t.project, '--timeout-in-minutes-override', '4'),
        aws: '400 InvalidInputException',
        document: `${API}, StartBuild, timeoutInMinutesOverride`,
      },
      {
        title: 'a variable of an unknown type',
        words: (t) => start(t.project, '--environment-variables-override', 'name=A,value=b,type=SECRET'),
        aws: '400 InvalidInputException',
        document: `${API}, EnvironmentVariable`,
      },
      {
        title: 'look at the build',
        words: (_, past) => ['codebuild', 'batch-get-builds', '--ids', idOf(past('start a build'))],
        until: ({ output }) => Object(Object(Object(output)['builds'])['0'])['buildComplete'] === true,
        aws: '200',
        document: `${API}, BatchGetBuilds`,
        shape: [
          ...['builds.0.id', 'builds.0.buildStatus', 'builds.0.buildComplete', 'builds.0.endTime'],
          ...['builds.0.phases.0.phaseType', 'builds.0.phases.0.phaseStatus', 'builds.0.phases.0.startTime'],
          ...['builds.0.environment.image', 'builds.0.serviceRole'],
        ],
      },
      {
        title: 'look for one that is not there',
        words: (t) => ['codebuild', 'batch-get-builds', '--ids', `${t.project}:${randomUUID()}`],
        aws: '200',
        document: `${API}, BatchGetBuilds`,
        shape: ['buildsNotFound.0'],
      },
      {
        title: 'look for none',
        words: () => ['codebuild', 'batch-get-builds', '--cli-input-json', '{"ids":[]}'],
        aws: '400 InvalidInputException',
        document: `${API}, BatchGetBuilds, ids`,
      },
      {
        title: 'start one to stop',
        words: (t) => start(t.project),
        aws: '200',
        document: `${API}, StartBuild`,
      },
      {
        title: 'stop',
        words: (_, past) => ['codebuild', 'stop-build', '--id', idOf(past('start one to stop'))],
        aws: '200',
        document: `${API}, StopBuild`,
        shape: ['build.id', 'build.buildStatus'],
      },
      {
        title: 'a stopped build stays stopped',
        words: (_, past) => ['codebuild', 'batch-get-builds', '--ids', idOf(past('start one to stop'))],
        until: ({ output }) => Object(Object(Object(output)['builds'])['0'])['buildStatus'] === 'STOPPED',
        aws: '200',
        document: `${API}, StopBuild`,
        shape: ['builds.0.buildStatus'],
      },
      {
        title: 'stop what is not there',
        words: (t) => ['codebuild', 'stop-build', '--id', `${t.project}:${randomUUID()}`],
        aws: '400 ResourceNotFoundException',
        document: `${API}, StopBuild, Errors`,
      },
      {
        title: 'the project',
        words: (t) => ['codebuild', 'batch-get-projects', '--names', t.project],
        aws: '200',
        document: `${API}, BatchGetProjects`,
        shape: ['projects.0.name', 'projects.0.serviceRole', 'projects.0.environment.privilegedMode'],
      },
    ]
  },
}
