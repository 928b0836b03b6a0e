// The settings of the resources that are no policies, shared by the template and the AWS CLI commands.
import type { SetupRequest } from './request.ts'

/** Days that logs, superseded archives and untagged images are kept. */
export const keptDays = 30

/** Images kept in all; far above what functions in use can need, since a function's image must never go. */
export const keptImages = 500

/** AWS's x86_64 image with Docker, for a Lambda function of that architecture. */
export const buildImage = 'aws/codebuild/amazonlinux-x86_64-standard:5.0'

/** What a build does that was started by hand: every deployment brings the standard buildspec with it. */
export const standingBuildspec = [
  'version: 0.2',
  'phases:',
  '  build:',
  '    commands:',
  "      - echo 'Deployments bring their own buildspec; there is nothing to build here.'",
  '      - exit 1',
  '',
].join('\n')

/** Rules of the repository: an image is pulled by digest, so only what no tag names is old. */
export const repositoryLifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: `Remove images without a tag after ${keptDays} days`,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: keptDays,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: `Keep the newest ${keptImages} images`,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keptImages },
      action: { type: 'expire' },
    },
  ],
}

/** The log groups of the build and of every function whose name is known. */
export function listLogGroups(request: SetupRequest): readonly string[] {
  const functions = request.functions.flatMap(({ name }) => (name === undefined ? [] : [name]))
  return [`/aws/codebuild/${request.names.project}`, ...functions.map((name) => `/aws/lambda/${name}`)]
}
