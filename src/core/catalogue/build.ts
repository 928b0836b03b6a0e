// Every way in which the standard buildspec can fail, with the exit status that its script ends with.
import type { Entry } from './entry.ts'

const SERVICE_ROLE = 'the CodeBuild service role (policies/codebuild-service-role-policy.json)'

export const buildCatalogue = {
  'DCF-BUILD-UNEXPECTED': {
    stage: 'build',
    title: 'A command of the buildspec ended in a way that it does not know',
    cause: 'A tool of the build image was missing or failed where it normally cannot.',
    remedy:
      'Read the last lines of the build log; if they show no reason of your own, open an issue with them.',
    exitStatus: 10,
  },
  'DCF-BUILD-VARIABLES': {
    stage: 'build',
    title: 'Variables of the build are missing or malformed',
    cause:
      'The build was started by something other than this action, or the CodeBuild project overrides a variable with a value of another form.',
    remedy:
      'Start the build through the action or the command line; do not start the CodeBuild project by hand.',
    exitStatus: 11,
  },
  'DCF-DOCKER-UNAVAILABLE': {
    stage: 'build',
    title: 'Docker does not run in the build',
    cause: 'The CodeBuild project does not run in privileged mode, so no Docker daemon can start.',
    remedy:
      'Set `privilegedMode: true` in the environment of the CodeBuild project (console: Edit, Environment, Additional configuration, Privileged).',
    texts: [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ],
    exitStatus: 12,
  },
  'DCF-BUILD-COMPUTE': {
    stage: 'build',
    title: 'The compute of the CodeBuild project cannot build linux/amd64 images',
    cause:
      'The project uses Lambda compute, which has no Docker, or ARM compute, which cannot run amd64 programs.',
    remedy:
      'Set the environment type of the CodeBuild project to `LINUX_CONTAINER` with an x86_64 image, for example `aws/codebuild/amazonlinux-x86_64-standard:5.0`.',
    exitStatus: 13,
  },
  'DCF-AWS-CLI-OLD': {
    stage: 'build',
    title: 'The AWS CLI of the build image is too old',
    cause:
      'Public Function URLs need `lambda add-permission --invoked-via-function-url`, which the AWS CLI has since 2.31.13 (version 1: 1.42.50).',
    remedy:
      'Let the CodeBuild project use the latest version of its image, or put a newer AWS CLI into your own image.',
    texts: ['Unknown options: --invoked-via-function-url'],
    exitStatus: 14,
  },
  'DCF-ARTIFACT-UNREADABLE': {
    stage: 'build',
    title: 'The build cannot read the artifact',
    cause:
      'The CodeBuild service role lacks `s3:GetObject` on the object, the bucket policy denies it, or the bucket belongs to another account. Without `s3:ListBucket`, S3 says the same of an object that is gone.',
    remedy: `Allow \`s3:GetObject\` on \`arn:aws:s3:::BUCKET/KEY\` to ${SERVICE_ROLE}; with an \`artifact-key\` of your own, name that key.`,
    texts: ['An error occurred (AccessDenied) when calling the GetObject operation'],
    exitStatus: 15,
  },
  'DCF-SUPERSEDED': {
    stage: 'build',
    title: 'A newer run of the same function took over',
    cause: 'Another deployment of this function uploaded its artifact after this run did.',
    remedy:
      'Nothing, if the newer run is the one that you want. To let deployments wait for each other, give the job a `concurrency` group per function.',
    exitStatus: 16,
  },
  'DCF-WITHDRAWN': {
    stage: 'build',
    title: 'The artifact was withdrawn before the function was touched',
    cause: 'The run was cancelled, or an undeploy of the same function withdrew its artifact.',
    remedy: 'Run the deployment again if the function is still wanted.',
    exitStatus: 17,
  },
  'DCF-ARTIFACT-REPLACED': {
    stage: 'build',
    title: 'Another function replaced the artifact',
    cause:
      'Two functions use the same bucket and key, and the other one uploaded before this build had read its own.',
    remedy:
      'Give each function an `artifact-key` of its own, for example `builds/NAME.zip`, and allow it in the policies of both roles.',
    texts: ['An error occurred (PreconditionFailed) when calling the GetObject operation'],
    exitStatus: 18,
  },
  'DCF-ARTIFACT-KEY-DENIED': {
    stage: 'build',
    title: 'The build may not use the KMS key of the artifact',
    cause: 'The bucket encrypts with a customer key that the CodeBuild service role may not use.',
    remedy:
      'Allow `kms:Decrypt` on that key to the CodeBuild service role, in its policy and in the key policy.',
    texts: ['is not authorized to perform: kms:Decrypt'],
    exitStatus: 19,
  },
  'DCF-ARTIFACT-GONE': {
    stage: 'build',
    title: 'The artifact is gone',
    cause:
      'Somebody or a lifecycle rule removed the object between the upload and the build, or replaced it unreadably.',
    remedy: 'Run the deployment again; keep lifecycle rules and clean-up jobs away from the artifact key.',
    texts: ['An error occurred (NoSuchKey) when calling the GetObject operation'],
    exitStatus: 20,
  },
  'DCF-ARTIFACT-CHECKSUM': {
    stage: 'build',
    title: 'The artifact is not the one that this run uploaded',
    cause: 'The object has another content than the SHA-256 of this run although it names the same run.',
    remedy: 'Find out who writes to the artifact key; nobody but the deploy role should be allowed to.',
    exitStatus: 21,
  },
  'DCF-ARTIFACT-UNZIP': {
    stage: 'build',
    title: 'The artifact cannot be unpacked',
    cause: 'The disk of the build is full, or `unzip` of the build image does not read the archive.',
    remedy: 'Use an image of CodeBuild itself, or give your own image Info-ZIP `unzip` 6; then run again.',
    exitStatus: 22,
  },
  'DCF-IMAGE-BUILD-FAILED': {
    stage: 'build',
    title: 'docker build failed',
    cause: 'An instruction of your Dockerfile failed, most often `dart compile` or `COPY`.',
    remedy:
      'Read the error in the build log and try `docker build --platform linux/amd64 .` on your machine.',
    texts: ['failed to solve', 'returned a non-zero code'],
    exitStatus: 23,
  },
  'DCF-BASE-IMAGE-UNAVAILABLE': {
    stage: 'build',
    title: 'An image that the Dockerfile names cannot be pulled',
    cause:
      'Its registry, name or tag is misspelt, it has no linux/amd64 variant, or it is private on Docker Hub, which says the same of both.',
    remedy: 'Correct the `FROM` line so that `docker pull --platform linux/amd64` takes it without a login.',
    texts: [
      'pull access denied, repository does not exist or may require',
      'failed to resolve source metadata',
      'manifest unknown',
      'no matching manifest for linux/amd64',
    ],
    exitStatus: 24,
  },
  'DCF-BASE-IMAGE-RATE-LIMIT': {
    stage: 'build',
    title: 'A registry limits the pulls of this build',
    cause: 'Docker Hub counts anonymous pulls by address, and builds in CodeBuild share theirs.',
    remedy:
      'Name the image in the public ECR gallery: `FROM public.ecr.aws/docker/library/dart:3.11` in place of `FROM dart:3.11`.',
    texts: ['toomanyrequests: You have reached your unauthenticated pull rate limit'],
    exitStatus: 25,
  },
  'DCF-PUBLIC-ECR-RATE-LIMIT': {
    stage: 'build',
    title: 'The public ECR gallery limits the pulls of this build',
    cause: 'public.ecr.aws takes a small rate of anonymous pulls from one address, which builds share.',
    remedy:
      'Run the deployment again; if it repeats, name a copy of the base image in an ECR repository of your own.',
    texts: ['toomanyrequests: Rate exceeded', 'toomanyrequests: Data limit exceeded'],
    exitStatus: 68,
  },
  'DCF-BASE-IMAGE-DENIED': {
    stage: 'build',
    title: 'The build may not pull an image that the Dockerfile names',
    cause:
      'The image is private: its registry asks for a login, or the CodeBuild service role may not pull from that ECR repository.',
    remedy:
      "Keep the image in an ECR repository of this account's region and allow `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer` on it to the CodeBuild service role.",
    texts: ['401 Unauthorized', '403 Forbidden', 'is not authorized to perform: ecr:BatchGetImage'],
    exitStatus: 69,
  },
  'DCF-BUILD-DISK-FULL': {
    stage: 'build',
    title: 'The disk of the build is full',
    cause: 'The image and its layers need more space than the compute type has.',
    remedy: 'Choose a larger compute type for the CodeBuild project, or make the image smaller.',
    texts: ['no space left on device', 'No space left on device'],
    exitStatus: 26,
  },
  'DCF-IMAGE-DART-VERSION': {
    stage: 'build',
    title: 'The Dart SDK of the image does not suit environment.sdk',
    cause:
      'The `FROM` line names a floating or another tag: `dart:stable` is newer than both supported windows.',
    remedy: 'Write the minor version of your window: `FROM dart:3.11 AS build` for `>=3.11.0 <3.12.0`.',
    texts: ['The current Dart SDK version is', 'version solving failed'],
    exitStatus: 27,
  },
  'DCF-IMAGE-BUILD-HOOKS': {
    stage: 'build',
    title: 'A package has build hooks, which dart compile does not run',
    cause: 'A dependency builds native code; `dart compile exe` refuses it.',
    remedy:
      'Use `RUN dart build cli --target=bin/server.dart` and copy the whole `build/cli/linux_x64/bundle/` into the last stage.',
    texts: ["'dart compile' does not support build hooks, use 'dart build' instead"],
    exitStatus: 28,
  },
  'DCF-BUILD-NO-NETWORK': {
    stage: 'build',
    title: 'The build has no way out to AWS, to the registries or to pub.dev',
    cause:
      'The CodeBuild project runs in a VPC whose subnets have no NAT gateway, or a firewall blocks what the log names.',
    remedy:
      'Put the project into private subnets with a route to a NAT gateway, or take it out of the VPC (`VpcConfig`), which a deployment does not need.',
    texts: [
      'Got socket error trying to find package',
      'Failed host lookup',
      'Connect timeout on endpoint URL',
      'Could not connect to the endpoint URL',
      'i/o timeout',
      'Client.Timeout exceeded while awaiting headers',
    ],
    exitStatus: 29,
  },
  'DCF-ECR-TOKEN-DENIED': {
    stage: 'build',
    title: 'The build gets no token for ECR',
    cause:
      'The CodeBuild service role lacks `ecr:GetAuthorizationToken`, which exists for `"Resource": "*"` only.',
    remedy: `Add the statement \`GetEcrAuthToken\` to ${SERVICE_ROLE}.`,
    texts: ['is not authorized to perform: ecr:GetAuthorizationToken on resource: *'],
    exitStatus: 30,
  },
  'DCF-ECR-LOGIN-FAILED': {
    stage: 'build',
    title: 'The registry refused the login',
    cause: '`ecr-repository-uri` names a registry that is none, or one of another account or region.',
    remedy: 'Copy the URI from the ECR console, in the region of `aws-region`.',
    texts: ['failed with status: 400 Bad Request', 'failed with status: 401 Unauthorized'],
    exitStatus: 31,
  },
  'DCF-IMAGE-ARCHITECTURE': {
    stage: 'build',
    title: 'The image is not for linux/amd64',
    cause:
      'A stage of the Dockerfile asks for another platform, or takes an image or a program of another one.',
    remedy: 'Remove `--platform` from the `FROM` lines, or write `--platform=linux/amd64`.',
    texts: ['exec format error', 'Exec format error'],
    exitStatus: 32,
  },
  'DCF-IMAGE-NO-COMMAND': {
    stage: 'build',
    title: 'The image has neither ENTRYPOINT nor CMD',
    cause: 'Lambda would not know what to start.',
    remedy: 'End the Dockerfile with the program, for example `CMD ["/app/server"]`.',
    texts: ['Runtime.InvalidEntrypoint'],
    exitStatus: 33,
  },
  'DCF-ADAPTER-UNAVAILABLE': {
    stage: 'build',
    title: 'The Lambda Web Adapter cannot be added',
    cause:
      'The build cannot pull `public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1`: public.ecr.aws is blocked or limits its pulls.',
    remedy:
      'Put the adapter into your image from a copy in a registry that the build reaches: `COPY --from=MIRROR/aws-lambda-adapter:0.9.1 /lambda-adapter /opt/extensions/lambda-adapter`.',
    exitStatus: 34,
  },
  'DCF-ECR-PUSH-DENIED': {
    stage: 'build',
    title: 'The build may not push to the repository',
    cause:
      'The CodeBuild service role lacks a push permission on this repository, or the repository policy denies it.',
    remedy: `Check that the statement \`PushLambdaImage\` of ${SERVICE_ROLE} names the repository of \`ecr-repository-uri\`.`,
    texts: [
      'denied: User',
      'is not authorized to perform: ecr:InitiateLayerUpload',
      'no basic auth credentials',
    ],
    exitStatus: 35,
  },
  'DCF-IMAGE-TAG-IMMUTABLE': {
    stage: 'build',
    title: 'The image tag exists already and the repository is immutable',
    cause: 'An explicit `image-tag` was used a second time.',
    remedy: 'Remove `image-tag`: the default is new in every run. Or make the tag unique.',
    texts: ['cannot be overwritten because the repository is immutable'],
    exitStatus: 36,
  },
  'DCF-IMAGE-INDEX': {
    stage: 'build',
    title: 'An image index was pushed, and Lambda takes a single manifest only',
    cause: 'The image store of this Docker adds an index or attestations although they were switched off.',
    remedy: 'Switch the containerd image store off in the build image, or use an image of CodeBuild itself.',
    texts: ['The image manifest, config or layer media type for the source image'],
    exitStatus: 37,
  },
  'DCF-ECR-THROTTLED': {
    stage: 'build',
    title: 'ECR throttled the push',
    cause:
      'Too many pushes of this account at the same time; several attempts with growing pauses did not help.',
    remedy: 'Run the deployment again later, or ask AWS for a higher rate of ECR.',
    texts: ['toomanyrequests: Rate exceeded'],
    exitStatus: 38,
  },
  'DCF-ECR-REPOSITORY-MISSING': {
    stage: 'build',
    title: 'The ECR repository does not exist',
    cause: '`ecr-repository-uri` is misspelt, or the repository was never made in this region.',
    remedy: 'Make it: `aws ecr create-repository --repository-name NAME --region REGION`.',
    texts: ['name unknown: The repository with name'],
    exitStatus: 39,
  },
  'DCF-ECR-PUSH-NEEDS-PULL': {
    stage: 'build',
    title: 'This Docker asks the repository before it pushes, and may not',
    cause:
      'Some image stores read manifests and layers first, which the push permissions alone do not allow.',
    remedy: 'Add policies/optional/codebuild-service-role-layer-cache.json to the CodeBuild service role.',
    texts: ['unexpected status from HEAD request', 'is not authorized to perform: ecr:BatchGetImage'],
    exitStatus: 40,
  },
  'DCF-ECR-PUSH-FAILED': {
    stage: 'build',
    title: 'The image could not be pushed',
    cause: 'The connection to the registry broke or it gave an answer that has no other code.',
    remedy: 'Read the push in the build log, then run the deployment again.',
    exitStatus: 41,
  },
  'DCF-FENCE-CLOSED': {
    stage: 'build',
    title: 'The build could not see whether its run is still wanted',
    cause:
      'Right before the function is touched the artifact is looked at again; it was gone or could not be read.',
    remedy:
      'Run the deployment again; if it repeats, find out what removes the artifact while a build runs, or takes `s3:GetObject` away.',
    exitStatus: 42,
  },
  'DCF-FUNCTION-ZIP': {
    stage: 'build',
    title: 'A Zip function of that name exists',
    cause: 'The package type of a Lambda function cannot be changed to an image.',
    remedy: 'Choose another `function-name`, or delete the Zip function first.',
    texts: ["Please don't provide ImageUri when updating a function with packageType Zip"],
    exitStatus: 43,
  },
  'DCF-FUNCTION-URL-IAM': {
    stage: 'build',
    title: 'The Function URL has auth type AWS_IAM',
    cause: 'Somebody protected this URL on purpose; a deployment would not make it public.',
    remedy: 'Set the auth type of the URL to NONE if it shall be public, or choose another `function-name`.',
    exitStatus: 44,
  },
  'DCF-FUNCTION-FOREIGN': {
    stage: 'build',
    title: "A function of that name exists and does not carry this repository's mark",
    cause: 'It was made by hand, by another tool or by another repository.',
    remedy: 'Choose another `function-name`, or set `force: true` once to take the function over.',
    exitStatus: 45,
  },
  'DCF-FUNCTION-PULL-REQUEST': {
    stage: 'build',
    title: 'The function does not belong to this pull request',
    cause:
      'A run on `pull_request` touches only a function that it made itself; `force` does not change that.',
    remedy:
      'Give pull requests a function of their own, for example `function-name: NAME-pr-${{ github.event.number }}`.',
    exitStatus: 46,
  },
  'DCF-ENVIRONMENT-UNREADABLE': {
    stage: 'build',
    title: 'Lambda cannot show the present environment variables',
    cause:
      'They are encrypted with a customer key that the CodeBuild service role may not use, so they cannot be merged.',
    remedy:
      'Allow `kms:Decrypt` on that key to the CodeBuild service role, or remove `environment-variables`.',
    exitStatus: 47,
  },
  'DCF-FUNCTION-BUSY': {
    stage: 'build',
    title: 'Somebody else is updating the function',
    cause: 'An update by another deployment or person did not end within the time that the build waits.',
    remedy: 'Wait until it is done and run again; give the job a `concurrency` group per function.',
    texts: [
      'ResourceConflictException',
      'The operation cannot be performed at this time. An update is in progress',
    ],
    exitStatus: 48,
  },
  'DCF-FUNCTION-URL-DENIED': {
    stage: 'build',
    title: 'A policy of the organization forbids public Function URLs',
    cause: 'A service control policy denies `lambda:CreateFunctionUrlConfig` with auth type NONE.',
    remedy:
      'Ask the administrators of the organization for an exception for this account; the standard path needs a public URL.',
    texts: ['with an explicit deny in a service control policy'],
    exitStatus: 49,
  },
  'DCF-PASS-ROLE-DENIED': {
    stage: 'build',
    title: 'The build may not pass the execution role to Lambda',
    cause: 'The CodeBuild service role lacks `iam:PassRole` for exactly this role.',
    remedy: `Check the statement \`PassLambdaExecutionRole\` of ${SERVICE_ROLE}: it must name the role of \`lambda-execution-role-arn\`.`,
    texts: ['is not authorized to perform: iam:PassRole on resource'],
    exitStatus: 50,
  },
  'DCF-EXECUTION-ROLE-UNASSUMABLE': {
    stage: 'build',
    title: 'Lambda cannot assume the execution role',
    cause:
      'Its trust policy does not name lambda.amazonaws.com, or the role is only seconds old; the build waited about three minutes.',
    remedy: 'Set the trust policy of the role to policies/lambda-trust-policy.json, then run again.',
    texts: ['The role defined for the function cannot be assumed by Lambda.'],
    exitStatus: 51,
  },
  'DCF-LAMBDA-ACCESS-DENIED': {
    stage: 'build',
    title: 'The build lacks a Lambda permission',
    cause: 'The CodeBuild service role may not do what the line `AWS:` of the build log names.',
    remedy: `Add that action to the statement \`CreateOrUpdateLambda\` of ${SERVICE_ROLE}.`,
    texts: ['is not authorized to perform: lambda:', 'because no identity-based policy allows'],
    exitStatus: 52,
  },
  'DCF-LAMBDA-EXPLICIT-DENY': {
    stage: 'build',
    title: 'A policy denies the build a Lambda action explicitly',
    cause:
      'A service control policy, a permissions boundary or a Deny statement forbids what the line `AWS:` of the build log names.',
    remedy: 'Ask whoever owns that policy; adding an Allow to the CodeBuild service role does not help.',
    texts: ['with an explicit deny'],
    exitStatus: 53,
  },
  'DCF-ECR-PULL-DENIED': {
    stage: 'build',
    title: 'Lambda may not pull from the ECR repository',
    cause: 'The repository policy lacks the statement `AllowLambdaPull`.',
    remedy:
      'Set it: `aws ecr set-repository-policy --repository-name NAME --policy-text file://policies/ecr-repository-policy.json`, with your values in place of the placeholders.',
    texts: ['Lambda does not have permission to access the ECR image. Check the ECR permissions.'],
    exitStatus: 54,
  },
  'DCF-MEMORY-LIMIT': {
    stage: 'build',
    title: 'This account does not allow so much memory',
    cause: 'New AWS accounts are limited to 3008 MB a function.',
    remedy: 'Set `lambda-memory-mb` to 3008 or less, or ask AWS Support for more.',
    texts: [
      "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008",
    ],
    exitStatus: 55,
  },
  'DCF-ENVIRONMENT-TOO-LARGE': {
    stage: 'build',
    title: 'The merged environment variables exceed 4 KB',
    cause: 'What the function has already counts too, and Lambda allows 4 KB in all.',
    remedy:
      'Remove variables that are no longer used from the function, or keep long values in Parameter Store.',
    texts: ['the environment variables you have provided exceeded the 4KB limit'],
    exitStatus: 56,
  },
  'DCF-ENVIRONMENT-RESERVED': {
    stage: 'build',
    title: 'Lambda reserves the name of an environment variable',
    cause: 'Names such as AWS_REGION are set by Lambda itself.',
    remedy: 'Give the variable another name in `environment-variables`.',
    texts: ['contains reserved keys that are currently not supported for modification'],
    exitStatus: 57,
  },
  'DCF-LAMBDA-THROTTLED': {
    stage: 'build',
    title: 'Lambda throttled the calls of the build',
    cause: 'Too many control calls of this account at the same time; the AWS CLI retried them.',
    remedy: 'Run the deployment again; let fewer deployments run at once.',
    texts: ['TooManyRequestsException'],
    exitStatus: 58,
  },
  'DCF-LAMBDA-REFUSED': {
    stage: 'build',
    title: 'Lambda refused the function',
    cause: 'The reason stands in the line `AWS:` of the build log.',
    remedy: 'Correct what Lambda names there and run again.',
    exitStatus: 59,
  },
  'DCF-FUNCTION-FAILED': {
    stage: 'build',
    title: 'Lambda could not make the function active',
    cause:
      'The reason code stands in the line `Lambda:` of the build log, for example InvalidImage or ImageDeleted.',
    remedy: 'Correct what the reason names; keep ECR lifecycle rules away from images in use.',
    texts: ['InvalidImage', 'ImageDeleted'],
    exitStatus: 60,
  },
  'DCF-PUBLIC-ACCESS-BLOCKED': {
    stage: 'build',
    title: 'The account blocks public resource policies of functions',
    cause: 'Block public access of Lambda is on, so a public Function URL cannot be opened.',
    remedy:
      'Allow public access for this function in the Lambda settings of the account; the standard path needs it.',
    texts: ['PublicPolicyException'],
    exitStatus: 61,
  },
  'DCF-HEALTH-CHECK-ROLLED-BACK': {
    stage: 'build',
    title: 'The new version does not answer properly, and the one before serves again',
    cause:
      'For a minute `health-check-path` gave no status below 500: the program crashes, listens on another port than PORT, or answers 5xx.',
    remedy:
      'Read `aws logs tail /aws/lambda/NAME`; listen on the PORT variable on all addresses; name a path that answers in `health-check-path`.',
    exitStatus: 62,
  },
  'DCF-HEALTH-CHECK-FIRST': {
    stage: 'build',
    title: 'The new function does not answer properly',
    cause:
      'For a minute `health-check-path` gave no status below 500: the program crashes, listens on another port than PORT, or answers 5xx. There is no earlier version; the function, its URL and its image stay.',
    remedy:
      'Read `aws logs tail /aws/lambda/NAME`; listen on the PORT variable on all addresses. Deploy again, or remove the function with undeploy.',
    exitStatus: 63,
  },
  'DCF-HEALTH-CHECK-FORBIDDEN': {
    stage: 'build',
    title: 'Lambda itself refuses public calls of the Function URL',
    cause:
      'Both public statements were added, and yet Lambda answers 403: something in the account overrides them.',
    remedy: 'Look at the resource policy of the function and at Block public access; then deploy again.',
    texts: ['Forbidden. For troubleshooting Function URL authorization issues'],
    exitStatus: 64,
  },
  'DCF-HEALTH-CHECK-THROTTLED': {
    stage: 'build',
    title: 'Lambda has no free concurrency for the function',
    cause:
      'The reserved concurrency of the function is 0, or the account has used up its own; Lambda answers 429.',
    remedy: 'Raise the reserved concurrency of the function or the quota of the account.',
    texts: ['Rate Exceeded.', 'ReservedFunctionConcurrentInvocationLimitExceeded'],
    exitStatus: 65,
  },
  'DCF-ROLLBACK-FAILED': {
    stage: 'build',
    title: 'The deployment failed and the function could not be put back',
    cause:
      'After a failure the earlier image or configuration was refused, for example because its image was deleted.',
    remedy: 'Look at the function now: it may serve the new version. Deploy a version that works.',
    exitStatus: 66,
  },
  'DCF-ROLLBACK-UNHEALTHY': {
    stage: 'build',
    title: 'The new version does not answer properly, and neither does the one before',
    cause: 'The earlier version was put back and checked too; the reason is probably outside the image.',
    remedy: 'Check what both versions need: the execution role, a database, the network of the function.',
    exitStatus: 67,
  },
} as const satisfies Record<string, Entry>
