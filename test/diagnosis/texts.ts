// What docker, Dart, the registries and AWS print, in their own words, and which code the build has to make of it.
import type { buildCatalogue } from '../../src/core/catalogue/build.ts'

export interface Saying {
  /** The line of the buildspec after which the table of its rows stands. */
  readonly table: 'customer' | 'wrapper' | 'push' | 'login' | 'artifact' | 'lambda' | 'state'
  readonly code: keyof typeof buildCatalogue
  readonly text: string
}

const REPOSITORY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/dcf-lambda-repo'
const USER = 'User: arn:aws:sts::123456789012:assumed-role/dcf-codebuild-role/AWSCodeBuild-1'

function say(table: Saying['table'], code: Saying['code'], ...texts: readonly string[]): readonly Saying[] {
  return texts.map((text) => ({ table, code, text }))
}

export const sayings: readonly Saying[] = [
  ...say(
    'customer',
    'DCF-BASE-IMAGE-UNAVAILABLE',
    'ERROR: failed to solve: dart:3.99: failed to resolve source metadata for docker.io/library/dart:3.99: docker.io/library/dart:3.99: not found',
    'ERROR: failed to solve: acme/base: failed to resolve source metadata for docker.io/acme/base:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    "pull access denied for acme/base, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'manifest for dart:3.99 not found: manifest unknown: manifest unknown',
    'no matching manifest for linux/amd64 in the manifest list entries',
    'ERROR: failed to solve: arm64v8/dart: failed to resolve source metadata for docker.io/arm64v8/dart:3.11: no match for platform in manifest: not found',
    'ERROR: failed to solve: base: failed to do request: Head "https://registry.example/v2/base/manifests/1": dial tcp: lookup registry.example on 10.0.0.2:53: no such host\nfailed to resolve source metadata for registry.example/base:1',
    'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example on 10.0.0.2:53: no such host',
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example on 10.0.0.2:53: no such host',
  ),
  ...say(
    'customer',
    'DCF-BASE-IMAGE-DENIED',
    'ERROR: failed to solve: 127.0.0.1:33183/absent:1: failed to resolve source metadata for 127.0.0.1:33183/absent:1: unexpected status from HEAD request to http://127.0.0.1:33183/v2/absent/manifests/1: 401 Unauthorized',
    `ERROR: failed to solve: ${REPOSITORY}:1: failed to resolve source metadata for ${REPOSITORY}:1: unexpected status from HEAD request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/base/manifests/1: 403 Forbidden`,
    `pull access denied for ${REPOSITORY}, repository does not exist or may require 'docker login': denied: ${USER} is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/base because no identity-based policy allows the ecr:BatchGetImage action`,
    'Head "http://127.0.0.1:33183/v2/absent/manifests/1": no basic auth credentials',
    'Error response from daemon: Get "https://999999999999.dkr.ecr.us-east-1.amazonaws.com/v2/base/manifests/1": no basic auth credentials',
  ),
  ...say(
    'customer',
    'DCF-BASE-IMAGE-RATE-LIMIT',
    'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
    'ERROR: failed to solve: dart:3.11: failed to resolve source metadata for docker.io/library/dart:3.11: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/dart/manifests/sha256:00: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    'ERROR: failed to solve: dart:3.11: failed to resolve source metadata for docker.io/library/dart:3.11: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/dart/manifests/3.11: 429 Too Many Requests',
  ),
  ...say(
    'customer',
    'DCF-PUBLIC-ECR-RATE-LIMIT',
    'toomanyrequests: Rate exceeded',
    'toomanyrequests: Data limit exceeded',
    'ERROR: failed to solve: public.ecr.aws/docker/library/dart:3.11: failed to resolve source metadata for public.ecr.aws/docker/library/dart:3.11: unexpected status from HEAD request to https://public.ecr.aws/v2/docker/library/dart/manifests/3.11: 429 Too Many Requests',
  ),
  ...say(
    'customer',
    'DCF-BUILD-DISK-FULL',
    "dd: error writing '/t/a': No space left on device",
    'failed to register layer: write /app/bin/server: no space left on device',
    "FileSystemException: writeFrom failed, path = '/app/x' (OS Error: No space left on device, errno = 28)",
  ),
  ...say(
    'customer',
    'DCF-IMAGE-ARCHITECTURE',
    '/bin/sh: 1: /y: Exec format error',
    'exec /bin/sh: exec format error',
    'standard_init_linux.go:228: exec user process caused: exec format error',
  ),
  ...say(
    'customer',
    'DCF-IMAGE-DART-VERSION',
    'The current Dart SDK version is 3.12.1.\n\nBecause hello requires SDK version >=3.11.0 <3.12.0, version solving failed.',
  ),
  ...say(
    'customer',
    'DCF-IMAGE-BUILD-HOOKS',
    "'dart compile' does not support build hooks, use 'dart build' instead.\nPackages with build hooks: sqlite3.",
  ),
  ...say(
    'customer',
    'DCF-BUILD-NO-NETWORK',
    'Got socket error trying to find package shelf at https://pub.dev.',
    "ClientException with SocketException: Failed host lookup: 'pub.dev' (OS Error: Temporary failure in name resolution, errno = -3)",
    'ERROR: failed to solve: dart:3.11: failed to resolve source metadata for docker.io/library/dart:3.11: failed to do request: Head "https://registry-1.docker.io/v2/library/dart/manifests/3.11": dial tcp 3.94.224.37:443: i/o timeout',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ),
  ...say(
    'customer',
    'DCF-IMAGE-BUILD-FAILED',
    "The command '/bin/sh -c dart compile exe bin/server.dart' returned a non-zero code: 254",
    'ERROR: failed to solve: process "/bin/sh -c dart analyze" did not complete successfully: exit code: 3',
    'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x: "/pubspec.lock": not found',
  ),
  ...say('wrapper', 'DCF-BUILD-DISK-FULL', 'write /opt/extensions/lambda-adapter: no space left on device'),
  ...say(
    'wrapper',
    'DCF-ADAPTER-UNAVAILABLE',
    'ERROR: failed to solve: public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1: failed to resolve source metadata for public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1: failed to do request: Head "https://public.ecr.aws/v2/awsguru/aws-lambda-adapter/manifests/0.9.1": dial tcp: lookup public.ecr.aws on 10.0.0.2:53: no such host',
    'toomanyrequests: Rate exceeded',
  ),
  ...say(
    'push',
    'DCF-IMAGE-TAG-IMMUTABLE',
    "tag invalid: The image tag 'v1' already exists in the 'dcf-lambda-repo' repository and cannot be overwritten because the repository is immutable.",
    "tag invalid: The image tag 'v1' already exists in the 'dcf-lambda-repo' repository and cannot be overwritten because the tag is immutable.",
  ),
  ...say(
    'push',
    'DCF-ECR-THROTTLED',
    'toomanyrequests: Rate exceeded',
    'unknown: Rate exceeded',
    'received unexpected HTTP status: 429 Too Many Requests',
  ),
  ...say(
    'push',
    'DCF-ECR-REPOSITORY-MISSING',
    "name unknown: The repository with name 'dcf-lambda-repo' does not exist in the registry with id '123456789012'",
  ),
  ...say(
    'push',
    'DCF-ECR-PUSH-NEEDS-PULL',
    `failed to push: unexpected status from HEAD request to https://${REPOSITORY}/blobs/sha256:00: 403 Forbidden`,
    `denied: ${USER} is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/dcf-lambda-repo`,
  ),
  ...say(
    'push',
    'DCF-ECR-PUSH-DENIED',
    `denied: ${USER} is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/dcf-lambda-repo because no identity-based policy allows the ecr:InitiateLayerUpload action`,
    'no basic auth credentials',
    'denied: Your authorization token has expired. Reauthenticate and try again.',
  ),
  ...say(
    'push',
    'DCF-ECR-PUSH-FAILED',
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'EOF',
  ),
  ...say(
    'login',
    'DCF-ECR-LOGIN-FAILED',
    'Error response from daemon: login attempt to http://127.0.0.1:33183/v2/ failed with status: 401 Unauthorized',
    'Error response from daemon: login attempt to https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/ failed with status: 400 Bad Request',
    'Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-9.amazonaws.com/v2/": dial tcp: lookup 123456789012.dkr.ecr.us-east-9.amazonaws.com on 10.0.0.2:53: no such host',
  ),
  ...say(
    'login',
    'DCF-BUILD-NO-NETWORK',
    'Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/": dial tcp 3.94.224.37:443: i/o timeout',
    'Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ),
  ...say(
    'artifact',
    'DCF-ARTIFACT-GONE',
    'An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.',
    'An error occurred (404) when calling the HeadObject operation: Not Found',
  ),
  ...say(
    'artifact',
    'DCF-ARTIFACT-KEY-DENIED',
    `An error occurred (AccessDenied) when calling the GetObject operation: ${USER} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/1 because no identity-based policy allows the kms:Decrypt action`,
  ),
  ...say(
    'artifact',
    'DCF-ARTIFACT-UNREADABLE',
    `An error occurred (AccessDenied) when calling the GetObject operation: ${USER} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/builds/app.zip" because no identity-based policy allows the s3:GetObject action`,
    'An error occurred (AccessDenied) when calling the GetObject operation: Access Denied',
  ),
  ...say(
    'artifact',
    'DCF-BUILD-NO-NETWORK',
    'Connect timeout on endpoint URL: "https://b.s3.us-east-1.amazonaws.com/builds/app.zip"',
    'Could not connect to the endpoint URL: "https://b.s3.us-east-1.amazonaws.com/builds/app.zip"',
  ),
  ...say(
    'lambda',
    'DCF-PASS-ROLE-DENIED',
    `An error occurred (AccessDeniedException) when calling the CreateFunction operation: ${USER} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/lambda-execution-role because no identity-based policy allows the iam:PassRole action`,
  ),
  ...say(
    'lambda',
    'DCF-EXECUTION-ROLE-UNASSUMABLE',
    'An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role defined for the function cannot be assumed by Lambda.',
  ),
  ...say(
    'lambda',
    'DCF-PUBLIC-ACCESS-BLOCKED',
    'An error occurred (PublicPolicyException) when calling the AddPermission operation: Lambda prevented your policy from being created because it would grant public access to your function.',
  ),
  ...say(
    'lambda',
    'DCF-FUNCTION-URL-DENIED',
    `An error occurred (AccessDeniedException) when calling the CreateFunctionUrlConfig operation: ${USER} is not authorized to perform: lambda:CreateFunctionUrlConfig on resource: arn:aws:lambda:us-east-1:123456789012:function:hello with an explicit deny in a service control policy`,
  ),
  ...say(
    'lambda',
    'DCF-LAMBDA-EXPLICIT-DENY',
    `An error occurred (AccessDeniedException) when calling the CreateFunction operation: ${USER} is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:hello with an explicit deny in a permissions boundary`,
  ),
  ...say(
    'lambda',
    'DCF-ECR-PULL-DENIED',
    'An error occurred (AccessDeniedException) when calling the CreateFunction operation: Lambda does not have permission to access the ECR image. Check the ECR permissions.',
  ),
  ...say(
    'lambda',
    'DCF-LAMBDA-ACCESS-DENIED',
    `An error occurred (AccessDeniedException) when calling the CreateFunction operation: ${USER} is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:hello because no identity-based policy allows the lambda:CreateFunction action`,
  ),
  ...say(
    'lambda',
    'DCF-IMAGE-INDEX',
    `An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The image manifest, config or layer media type for the source image ${REPOSITORY}@sha256:00 is not supported.`,
  ),
  ...say(
    'lambda',
    'DCF-MEMORY-LIMIT',
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: 'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008",
  ),
  ...say(
    'lambda',
    'DCF-ENVIRONMENT-TOO-LARGE',
    'An error occurred (InvalidParameterValueException) when calling the UpdateFunctionConfiguration operation: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {}',
  ),
  ...say(
    'lambda',
    'DCF-ENVIRONMENT-RESERVED',
    'An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
  ),
  ...say(
    'lambda',
    'DCF-FUNCTION-BUSY',
    'An error occurred (ResourceConflictException) when calling the UpdateFunctionCode operation: The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:us-east-1:123456789012:function:hello',
    'An error occurred (ResourceConflictException) when calling the CreateFunction operation: Function already exist: hello',
  ),
  ...say(
    'lambda',
    'DCF-LAMBDA-THROTTLED',
    'An error occurred (TooManyRequestsException) when calling the CreateFunction operation (reached max retries: 5): Rate exceeded',
    'An error occurred (ThrottlingException) when calling the AddPermission operation (reached max retries: 5): Rate exceeded',
  ),
  ...say(
    'lambda',
    'DCF-LAMBDA-REFUSED',
    'An error occurred (ServiceException) when calling the CreateFunction operation (reached max retries: 5): An internal error occurred',
    "An error occurred (ValidationException) when calling the CreateFunction operation: 1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
  ),
  ...say(
    'lambda',
    'DCF-BUILD-NO-NETWORK',
    'Connect timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/hello"',
    'Could not connect to the endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/hello"',
    'Read timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/hello"',
  ),
  ...say(
    'state',
    'DCF-ECR-PULL-DENIED',
    'Active\tNone\tNone\tFailed\tImageAccessDenied\tLambda does not have permission to access the ECR image. Check the ECR permissions.',
  ),
  ...say(
    'state',
    'DCF-FUNCTION-FAILED',
    'Failed\tInvalidImage\tThe image is not valid\tFailed\tInvalidImage\tThe image is not valid',
    'Active\tNone\tNone\tFailed\tImageDeleted\tThe image was deleted',
  ),
  ...say(
    'state',
    'DCF-FUNCTION-BUSY',
    'Pending\tCreating\tThe function is being created.\tInProgress\tNone\tNone',
  ),
]
