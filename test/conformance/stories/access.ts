// What the deploy role of policies/ may and may not do: the policy evaluator, judged by another one.
import type { Step, Story } from '../story.ts'

const BUILDSPEC = 'version: 0.2\nphases: {build: {commands: ["true"]}}\n'
const EVALUATION = 'IAM User Guide, Policy evaluation logic'

export const access: Story = {
  service: 'permissions of the deploy role',
  write: ({ file }) => {
    const start = (project: string): readonly string[] => [
      ...['codebuild', 'start-build', '--project-name', project, '--source-type-override', 'NO_SOURCE'],
      ...['--artifacts-override', 'type=NO_ARTIFACTS', '--buildspec-override', BUILDSPEC],
    ]
    const body = file('access.zip', 'content')
    const steps: readonly Omit<Step, 'env' | 'document'>[] = [
      {
        title: 'put the artifact',
        words: (t) => [
          's3api',
          'put-object',
          '--bucket',
          t.bucket,
          '--key',
          'builds/app.zip',
          '--body',
          body,
        ],
        aws: '200',
      },
      {
        title: 'list the bucket',
        words: (t) => ['s3api', 'list-objects-v2', '--bucket', t.bucket],
        aws: '200',
      },
      {
        title: 'start a build of the project',
        words: (t) => start(t.project),
        aws: '200',
      },
      {
        title: 'start a build of another project',
        words: () => start('another'),
        aws: '400 AccessDeniedException',
      },
      {
        title: 'create a function',
        words: (t) => [
          ...['lambda', 'create-function', '--function-name', 'x', '--package-type', 'Image'],
          ...['--code', `ImageUri=${t.imageUri}`, '--role', t.executionRoleArn],
        ],
        aws: '403 AccessDeniedException',
      },
      {
        title: 'look at a function',
        words: () => ['lambda', 'get-function', '--function-name', 'none'],
        aws: '404 ResourceNotFoundException',
      },
      {
        title: 'make a URL',
        words: () => [
          'lambda',
          'create-function-url-config',
          '--function-name',
          'none',
          '--auth-type',
          'NONE',
        ],
        aws: '403 AccessDeniedException',
      },
      {
        title: 'make a log group',
        words: () => ['logs', 'create-log-group', '--log-group-name', 'x'],
        aws: '400 AccessDeniedException',
      },
    ]
    return steps.map((step) => ({ ...step, env: (target) => target.deployRole, document: EVALUATION }))
  },
}
