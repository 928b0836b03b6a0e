// Codes for what GitHub, STS, S3, CodeBuild and Lambda refuse to the action itself, and for how a build can end.
import type { Entry } from './entry.ts'

export const cloudCatalogue = {
  'DCF-TOKEN-PERMISSION': {
    stage: 'identity',
    title: 'The job may not ask GitHub for an OIDC token',
    cause:
      'The job has no `id-token: write` permission, so GitHub gives it no token endpoint. A called workflow needs it in the caller too.',
    remedy:
      'Add `permissions: { id-token: write, contents: read }` to the job, and to the job that calls a reusable workflow.',
    texts: [
      'Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable',
      'Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL',
    ],
  },
  'DCF-TOKEN-FORK': {
    stage: 'identity',
    title: 'GitHub gives pull requests from forks no OIDC token',
    cause: "The pull request comes from a fork; its code must not get this repository's rights.",
    remedy:
      'Run the step with `plan: true` for forks, or skip it with `if: github.event.pull_request.head.repo.full_name == github.repository`.',
  },
  'DCF-TOKEN-REFUSED': {
    stage: 'identity',
    title: 'GitHub refused to make an OIDC token',
    cause:
      'The request token of the job is no longer valid (about six hours after its start), or the endpoint does not accept the audience.',
    remedy: 'Run the job again; if it repeats, look at githubstatus.com and at the `audience` input.',
    texts: ["Can't issue ID_TOKEN for job in 'Pending' state"],
  },
  'DCF-TOKEN-UNREACHABLE': {
    stage: 'identity',
    title: "GitHub's token endpoint cannot be reached",
    cause: 'The network, a proxy or the endpoint itself fails.',
    remedy: 'Run the job again; on a self-hosted runner check HTTPS_PROXY and NO_PROXY.',
  },
  'DCF-TOKEN-FILE': {
    stage: 'identity',
    title: 'The web identity token file cannot be used',
    cause:
      'The file is missing, is no JWT, has expired, or its issuer or audience is not the one that the role expects.',
    remedy:
      'Have your CI system write a fresh token with audience `sts.amazonaws.com` and name its file in `--web-identity-token-file`.',
  },
  'DCF-IDENTITY-MISSING': {
    stage: 'identity',
    title: 'There is no identity to assume the role with',
    cause: 'Outside GitHub a token file is needed, and none is named.',
    remedy: 'Name one with `--web-identity-token-file` or AWS_WEB_IDENTITY_TOKEN_FILE.',
  },
  'DCF-ROLE-REFUSED': {
    stage: 'identity',
    title: 'The role does not trust this token, or does not exist',
    cause:
      "The `sub` or `aud` in the role's trust policy is not the token's: another branch, an `environment` on the job (it changes `sub`), the form with ids that newer repositories have, a renamed repository, or a misspelt role.",
    remedy: 'Put the condition that the message shows into the trust policy of the role.',
    texts: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  },
  'DCF-PROVIDER-MISSING': {
    stage: 'identity',
    title: "The account has no OIDC provider for the token's issuer",
    cause: 'IAM has no identity provider with exactly this issuer URL.',
    remedy:
      'Create it: `aws iam create-open-id-connect-provider --url ISSUER --client-id-list sts.amazonaws.com`.',
    texts: ['No OpenIDConnect provider found in your account'],
  },
  'DCF-AUDIENCE-REFUSED': {
    stage: 'identity',
    title: "The OIDC provider does not list the token's audience",
    cause: 'The audience of the token is not among the client ids of the IAM identity provider.',
    remedy:
      'Add it: `aws iam add-client-id-to-open-id-connect-provider --client-id AUDIENCE`, or set the `audience` input.',
    texts: ['Incorrect token audience'],
  },
  'DCF-TOKEN-INVALID': {
    stage: 'identity',
    title: 'STS does not accept the token',
    cause: "The token's signature or form is not what the identity provider publishes.",
    remedy: 'Check that the identity provider in IAM is for this very issuer; then run the job again.',
    texts: ['InvalidIdentityToken'],
  },
  'DCF-TOKEN-EXPIRED': {
    stage: 'identity',
    title: 'The token had expired when STS read it',
    cause: 'A clock is wrong, or the token waited too long.',
    remedy: 'Set the clock of the self-hosted runner (NTP); else run the job again.',
    texts: ['ExpiredTokenException', 'Token must be redeemed within 24 hours of issuance'],
  },
  'DCF-REGION-DISABLED': {
    stage: 'identity',
    title: 'STS is switched off in this region',
    cause: 'The account has not activated STS for the region.',
    remedy: 'Activate it in IAM under "Account settings", or use another `aws-region`.',
    texts: ['RegionDisabledException'],
  },
  'DCF-ACCOUNT-MISMATCH': {
    stage: 'identity',
    title: 'STS answered with credentials of another account',
    cause: 'Something between the runner and AWS answered in its place.',
    remedy: 'Check endpoints and proxies of the runner.',
  },
  'DCF-CLOCK-SKEW': {
    stage: 'identity',
    title: 'The clock of this machine is wrong',
    cause: 'AWS refuses signatures whose time differs by more than a few minutes.',
    remedy: 'Set the clock of the runner (NTP).',
    texts: ['RequestTimeTooSkewed', 'Signature expired', 'InvalidSignatureException'],
  },
  'DCF-LOOK-FAILED': {
    stage: 'live function',
    title: 'The live function could not be read',
    cause: 'Lambda failed to answer GetFunction or GetFunctionUrlConfig, again and again.',
    remedy: 'Run it again; nothing was uploaded.',
  },
  'DCF-BUCKET-MISSING': {
    stage: 'upload',
    title: 'The bucket does not exist',
    cause:
      'The name is misspelt or the bucket was deleted. Bucket names are shared by all accounts: somebody else may take a free one.',
    remedy: 'Correct `bucket-name`, or create the bucket in the account of the role.',
    texts: ['NoSuchBucket', 'The specified bucket does not exist'],
  },
  'DCF-BUCKET-OWNER': {
    stage: 'upload',
    title: 'The bucket belongs to another account',
    cause: "S3 refused because the bucket's owner is not the account of `role-to-assume`.",
    remedy: "Name a bucket of the role's own account.",
  },
  'DCF-BUCKET-REGION': {
    stage: 'upload',
    title: 'The bucket is in another region',
    cause: 'The bucket is not in `aws-region`.',
    remedy: "Set `aws-region` to the bucket's region, or name a bucket in the region of the function.",
    texts: ['PermanentRedirect', 'AuthorizationHeaderMalformed'],
  },
  'DCF-BUCKET-DENIED': {
    stage: 'upload',
    title: 'The role may not use the bucket',
    cause: "The role's policy lacks an action on the bucket or on its objects, or a bucket policy denies it.",
    remedy: 'Give the role the statements DcfS3Bucket and DcfS3Objects of the customer guide.',
  },
  'DCF-BUCKET-KEY-DENIED': {
    stage: 'upload',
    title: "The role may not use the bucket's encryption key",
    cause: 'The bucket is encrypted with a customer key of KMS.',
    remedy:
      'Allow the role `kms:GenerateDataKey` and `kms:Decrypt` on that key, and the CodeBuild service role `kms:Decrypt`.',
  },
  'DCF-UPLOAD-FAILED': {
    stage: 'upload',
    title: 'The archive could not be uploaded',
    cause: 'S3 failed to take the object, again and again.',
    remedy: 'Run it again; no build was started.',
  },
  'DCF-PROJECT-MISSING': {
    stage: 'start of the build',
    title: 'The CodeBuild project does not exist',
    cause: 'The name is misspelt, or the project is in another region or account.',
    remedy:
      'Correct `codebuild-project`; the project must be in `aws-region` and in the account of the role.',
    texts: ['Project cannot be found'],
  },
  'DCF-BUILD-DENIED': {
    stage: 'start of the build',
    title: 'The role may not start or watch builds of this project',
    cause: "The role's policy lacks `codebuild:StartBuild` or `codebuild:BatchGetBuilds` on the project.",
    remedy: "Give the role the statement DcfCodeBuild of the customer guide, with this project's name.",
  },
  'DCF-BUILD-OVERRIDE-DENIED': {
    stage: 'start of the build',
    title: 'A policy forbids to give the build a buildspec',
    cause: 'A policy denies StartBuild by a condition key such as `codebuild:source.buildspec`.',
    remedy: 'Allow the override for this role: the standard buildspec is always sent with StartBuild.',
    texts: ['explicit deny'],
  },
  'DCF-BUILD-QUOTA': {
    stage: 'start of the build',
    title: 'The account may not run another build now',
    cause: 'The limit of concurrent builds is reached; new accounts have a limit of 1 or 0.',
    remedy: 'Wait for other builds, or ask for more under Service Quotas, CodeBuild.',
    texts: ['AccountLimitExceededException', 'Cannot have more than 0 builds in queue for the account'],
  },
  'DCF-BUILD-INVALID': {
    stage: 'start of the build',
    title: 'CodeBuild does not accept the build',
    cause: 'A parameter of StartBuild is not what this project takes.',
    remedy: "Read AWS's own words in the message; check the settings of the project.",
    texts: ['InvalidInputException'],
  },
  'DCF-SERVICE-ROLE-UNASSUMABLE': {
    stage: 'start of the build',
    title: 'CodeBuild cannot assume the service role of the project',
    cause:
      'Its trust policy does not name codebuild.amazonaws.com, the role was deleted, or it is only seconds old.',
    remedy:
      'Set the trust policy of the service role to policies/codebuild-trust-policy.json, then run it again.',
    texts: ['CodeBuild is not authorized to perform: sts:AssumeRole on'],
  },
  'DCF-BUILD-START-FAILED': {
    stage: 'start of the build',
    title: 'The build could not be started',
    cause: 'CodeBuild failed to answer StartBuild, again and again.',
    remedy:
      'Run it again. The artifact was withdrawn, so a build that did start after all stops before it touches the function.',
  },
  'DCF-BUILD-LOST': {
    stage: 'build',
    title: 'The build cannot be watched any longer',
    cause: 'CodeBuild failed to answer BatchGetBuilds for too long, or does not know the build.',
    remedy: 'Look at the build in the console; the link is in the log.',
  },
  'DCF-BUILD-LOG-DENIED': {
    stage: 'build',
    title: 'CodeBuild may not make the log of the build',
    cause: 'The CodeBuild service role lacks `logs:CreateLogStream` on the log group of the project.',
    remedy: 'Give the CodeBuild service role the statement WriteBuildLogs of the customer guide.',
    texts: ['does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build'],
  },
  'DCF-BUILD-FAILED': {
    stage: 'build',
    title: 'The build failed',
    cause: 'A phase of the build failed for a reason that has no code of its own.',
    remedy: "Read the phase's message and the end of the build's log.",
  },
  'DCF-DART-ERROR': {
    stage: 'build',
    title: 'Dart reports an error on a line of the repository',
    cause: 'The compiler or the analyzer does not accept the line; the build of the image ends with it.',
    remedy: 'Mend the line; `dart analyze` shows the same on your machine.',
    texts: ['AOT compilation failed', 'Generating AOT kernel dill failed!'],
  },
  'DCF-PUB-ERROR': {
    stage: 'build',
    title: '`dart pub get` cannot resolve pubspec.yaml',
    cause: 'Dependencies or the SDK constraint contradict each other or the SDK of the image.',
    remedy: 'Mend pubspec.yaml until `dart pub get` succeeds with the SDK of the Dockerfile.',
    texts: ['version solving failed'],
  },
  'DCF-DOCKERFILE-STEP': {
    stage: 'build',
    title: 'A step of the Dockerfile failed',
    cause: 'The command of the step ended with an error.',
    remedy: 'Read the lines above it in the log of the build.',
    texts: ['did not complete successfully: exit code', 'returned a non-zero code'],
  },
  'DCF-BUILD-FAULT': {
    stage: 'build',
    title: 'CodeBuild had a fault of its own',
    cause: "The build ended as FAULT: the service or the build's host failed.",
    remedy: 'Run it again.',
  },
  'DCF-BUILD-STOPPED': {
    stage: 'build',
    title: 'Somebody stopped the build',
    cause: 'The build was stopped in the console or by StopBuild.',
    remedy: 'Run it again if that was not on purpose; CloudTrail shows who called StopBuild.',
  },
  'DCF-BUILD-TIMED-OUT': {
    stage: 'build',
    title: 'The build ran out of time',
    cause: 'The build took longer than `build-timeout-minutes`, or waited that long in the queue.',
    remedy: 'Raise `build-timeout-minutes`, or give the project more compute.',
  },
  'DCF-BUILD-STATUS-UNKNOWN': {
    stage: 'build',
    title: 'The build ended with a status that is not known',
    cause: 'CodeBuild answered with something that this version cannot read; it is not taken for success.',
    remedy: 'Look at the build in the console, and use a newer version.',
  },
  'DCF-FOLLOW-TIMED-OUT': {
    stage: 'build',
    title: 'The build did not end in time',
    cause: 'Queue and build together took longer than twice `build-timeout-minutes` and five minutes.',
    remedy: 'Raise `build-timeout-minutes`; look at the build in the console.',
  },
  'DCF-URL-MISSING': {
    stage: 'result',
    title: 'The function has no Function URL',
    cause: 'The build succeeded, but Lambda shows no URL: somebody removed it meanwhile.',
    remedy: 'Run it again; if it repeats, CloudTrail shows who calls DeleteFunctionUrlConfig.',
  },
  'DCF-URL-INVALID': {
    stage: 'result',
    title: "The reported URL is not the function's",
    cause: 'The build reports a URL that is no Lambda URL of this region, or another one than Lambda shows.',
    remedy: "Look at the build's log: something in it has changed the exported variables.",
  },
  'DCF-RESULT-UNSEEN': {
    stage: 'result',
    title: 'The result could not be verified',
    cause: 'The build succeeded, but Lambda failed to show the function and its URL, again and again.',
    remedy: 'The function is deployed; run it again, with `skip-unchanged: true` that costs no build.',
  },
  'DCF-URL-NOT-PUBLIC': {
    stage: 'result',
    title: 'The Function URL is not open to everybody',
    cause:
      'Since October 2025 a public Function URL needs two statements in the policy of the function; the build adds both, and one is missing now.',
    remedy:
      'Run it again; if it repeats, find out in CloudTrail who calls RemovePermission on the function. Until then the URL answers 403.',
  },
  'DCF-CANCELLED': {
    stage: 'build',
    title: 'The run was cancelled',
    cause: 'The workflow was cancelled or the process was interrupted.',
    remedy: 'Run it again when you want it.',
  },
  'DCF-THROTTLED': {
    stage: 'build',
    title: 'AWS throttles this account',
    cause: 'More calls are made in this account and region than AWS takes.',
    remedy: 'Run fewer deployments at once, or run it again later.',
    texts: ['ThrottlingException', 'Rate exceeded'],
  },
  'DCF-AWS-DENIED': {
    stage: 'build',
    title: 'The role may not make a call',
    cause:
      "The role's policy lacks the action that the message names, or a service control policy denies it.",
    remedy: 'Add the action that the message names to the role, as the customer guide has it.',
    texts: ['is not authorized to perform'],
  },
  'DCF-AWS-UNREACHABLE': {
    stage: 'build',
    title: 'AWS cannot be reached',
    cause: 'The network, a proxy or DNS fails, or the region does not exist.',
    remedy: 'Check `aws-region`; on a self-hosted runner check HTTPS_PROXY, NO_PROXY and the firewall.',
  },
  'DCF-AWS-FAILED': {
    stage: 'build',
    title: 'AWS failed to answer properly',
    cause: 'The service answered with an error of its own, or with something that cannot be read.',
    remedy: 'Run it again; look at health.aws.amazon.com if it repeats.',
  },
  'DCF-UNDEPLOY-UNSEEN': {
    stage: 'undeploy',
    title: 'The mark of the function cannot be read',
    cause: 'The role may not call lambda:GetFunction, so nobody can tell whose function it is.',
    remedy: 'Give the role the statement DcfLambdaUndeploy of the customer guide.',
  },
  'DCF-UNDEPLOY-DENIED': {
    stage: 'undeploy',
    title: 'The role may not remove the function',
    cause: "The role's policy lacks an action of the statement DcfLambdaUndeploy.",
    remedy: 'Give the role the statement DcfLambdaUndeploy of the customer guide, then run it again.',
  },
  'DCF-UNDEPLOY-CONFLICT': {
    stage: 'undeploy',
    title: 'The function is being updated',
    cause: 'Lambda refuses to change a function while an update is in progress.',
    remedy: 'Wait for the deployment to end, then run it again.',
    texts: ['ResourceConflictException'],
  },
  'DCF-UNDEPLOY-INCOMPLETE': {
    stage: 'undeploy',
    title: 'The function is still there',
    cause: 'Lambda accepted the deletion but still shows the function.',
    remedy: 'Run it again in a minute.',
  },
  'DCF-INTERNAL': {
    stage: 'internal',
    title: 'This is a defect of dcf/aws-lambda-deploy',
    cause: 'Something happened that the program does not expect.',
    remedy: 'Please open an issue with the text of this message.',
  },
} as const satisfies Record<string, Entry>
