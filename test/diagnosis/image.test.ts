// From the artifact to the image in ECR: each mistake made on purpose, each told by its code.
import { describe, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { HELLO } from '../buildspec/account.ts'
import { allow } from '../sandbox/account.ts'
import { expectMistake, type Mistake, order, pushIndex } from './build.ts'

const CUSTOMER = '^build .*dcf-app:base'
const WRAPPER = '^build .*wrapper'

const start: readonly Mistake[] = [
  {
    what: 'a tool that fails where it normally cannot',
    code: 'DCF-BUILD-UNEXPECTED',
    spoil: order('docker', '^create ', 'Error response from daemon: server is shutting down', 125),
    says: 'a command ended with status 125',
  },
  {
    what: 'an AWS CLI from before October 2025',
    code: 'DCF-AWS-CLI-OLD',
    spoil: order(
      'aws',
      'add-permission --generate-cli-skeleton',
      '{ "FunctionName": "", "StatementId": "", "Action": "", "Principal": "", "FunctionUrlAuthType": "NONE" }',
      0,
    ),
    says: 'aws-cli/',
  },
  {
    what: 'a VPC without a way to Lambda',
    code: 'DCF-BUILD-NO-NETWORK',
    spoil: order(
      'aws',
      '^lambda get-function ',
      'Connect timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/hello"',
      255,
    ),
    says: 'Connect timeout on endpoint URL',
  },
  {
    what: 'ARM compute',
    code: 'DCF-BUILD-COMPUTE',
    spoil: ({ world, names }) =>
      Object.assign(world.projects.get(names.project) ?? {}, { environmentType: 'ARM_CONTAINER' }),
    says: 'aarch64',
  },
]

const artifact: readonly Mistake[] = [
  {
    what: 'a customer key of the bucket',
    code: 'DCF-ARTIFACT-KEY-DENIED',
    spoil: encrypt,
    says: 'kms:Decrypt',
  },
  {
    what: 'an artifact that a lifecycle rule removed',
    code: 'DCF-ARTIFACT-GONE',
    spoil: (sandbox) => allow(sandbox, sandbox.names.serviceRole, 's3:ListBucket'),
    deployment: {
      afterUpload: ({ world, names }) => world.buckets.get(names.bucket)?.objects.clear(),
    },
    says: 'NoSuchKey',
  },
  {
    what: 'an artifact that is no archive',
    code: 'DCF-ARTIFACT-UNZIP',
    deployment: { artifact: Buffer.from('this is no archive') },
  },
]

const image: readonly Mistake[] = [
  {
    what: 'a misspelt base image',
    code: 'DCF-BASE-IMAGE-UNAVAILABLE',
    spoil: order(
      'docker',
      CUSTOMER,
      'ERROR: failed to solve: dart:3.99: failed to resolve source metadata for docker.io/library/dart:3.99: docker.io/library/dart:3.99: not found',
    ),
  },
  {
    what: 'a private base image',
    code: 'DCF-BASE-IMAGE-DENIED',
    spoil: order(
      'docker',
      CUSTOMER,
      'ERROR: failed to solve: unexpected status from HEAD request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/base/manifests/1: 403 Forbidden',
    ),
  },
  {
    what: "Docker Hub's limit",
    code: 'DCF-BASE-IMAGE-RATE-LIMIT',
    spoil: order(
      'docker',
      CUSTOMER,
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ),
  },
  {
    what: 'the limit of the public gallery',
    code: 'DCF-PUBLIC-ECR-RATE-LIMIT',
    spoil: order('docker', CUSTOMER, 'toomanyrequests: Rate exceeded'),
  },
  {
    what: 'a full disk',
    code: 'DCF-BUILD-DISK-FULL',
    spoil: order('docker', CUSTOMER, 'write /app/bin/server: no space left on device'),
  },
  {
    what: "the guide's own dart:stable",
    code: 'DCF-IMAGE-DART-VERSION',
    spoil: order(
      'docker',
      CUSTOMER,
      'The current Dart SDK version is 3.12.1.\n\nBecause hello requires SDK version >=3.11.0 <3.12.0, version solving failed.',
    ),
  },
  {
    what: 'a package with build hooks',
    code: 'DCF-IMAGE-BUILD-HOOKS',
    spoil: order(
      'docker',
      CUSTOMER,
      "'dart compile' does not support build hooks, use 'dart build' instead.\nPackages with build hooks: sqlite3.",
    ),
  },
  {
    what: 'a compile error',
    code: 'DCF-IMAGE-BUILD-FAILED',
    spoil: order(
      'docker',
      CUSTOMER,
      'bin/server.dart:3:5: Error: Expected \';\' after this.\nError: AOT compilation failed\nERROR: failed to solve: process "/bin/sh -c dart compile exe bin/server.dart" did not complete successfully: exit code: 254',
    ),
  },
  {
    what: 'a program of another architecture in a step',
    code: 'DCF-IMAGE-ARCHITECTURE',
    deployment: { files: { ...HELLO, Dockerfile: 'FROM --platform=linux/arm64 debian\nRUN ls\n' } },
  },
  {
    what: 'an adapter that cannot be pulled',
    code: 'DCF-ADAPTER-UNAVAILABLE',
    spoil: order(
      'docker',
      WRAPPER,
      'ERROR: failed to solve: public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1: failed to do request: Head "https://public.ecr.aws/v2/awsguru/aws-lambda-adapter/manifests/0.9.1": dial tcp 99.83.145.10:443: i/o timeout',
    ),
  },
]

const registry: readonly Mistake[] = [
  {
    what: 'a login that the registry refuses',
    code: 'DCF-ECR-LOGIN-FAILED',
    deployment: { variables: { ECR_REPOSITORY_URI: '127.0.0.1:1/dcf-lambda-repo' } },
    spoil: order(
      'docker',
      '^login ',
      'Error response from daemon: login attempt to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/ failed with status: 400 Bad Request',
    ),
    says: '400 Bad Request',
  },
  {
    what: 'an image store that asks before it pushes',
    code: 'DCF-ECR-PUSH-NEEDS-PULL',
    spoil: order(
      'docker',
      '^push ',
      'unexpected status from HEAD request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/dcf-lambda-repo/blobs/sha256:00: 403 Forbidden',
    ),
  },
  {
    what: 'a push whose connection breaks',
    code: 'DCF-ECR-PUSH-FAILED',
    spoil: order(
      'docker',
      '^push ',
      'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    ),
  },
  {
    what: 'an image index, seen by Lambda',
    code: 'DCF-IMAGE-INDEX',
    spoil: pushAnIndex,
    says: 'layer media type for the source image',
  },
  {
    what: 'an image index, seen by the build',
    code: 'DCF-IMAGE-INDEX',
    optional: ['codebuild-service-role-layer-cache'],
    spoil: pushAnIndex,
  },
]

function encrypt({ world, names }: Sandbox): void {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555'
  Object.assign(world.buckets.get(names.bucket) ?? {}, { kmsKey: key })
}

function pushAnIndex(sandbox: Sandbox): void {
  order('docker', '^push ', `tag: digest: ${pushIndex(sandbox)} size: 856`, 0)(sandbox)
}

describe.concurrent('the account and the project', () => {
  it.each(start)('$what: $code', expectMistake)
})

describe.concurrent('the artifact', () => {
  it.each(artifact)('$what: $code', expectMistake)
})

describe.concurrent('the image', () => {
  it.each(image)('$what: $code', expectMistake)
})

describe.concurrent('the registry', () => {
  it.each(registry)('$what: $code', expectMistake)
})
