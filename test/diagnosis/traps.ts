// Every mistake that is known before anybody makes it, and the codes that name it.
import type { Code } from '../../src/core/catalogue.ts'

export interface Trap {
  readonly source:
    | "the guide's mistakes"
    | "the guide's troubleshooting"
    | 'deploying images by hand'
    | 'AWS and GitHub'
  readonly trap: string
  readonly codes: readonly Code[]
  /** Why no code is needed. */
  readonly unneeded?: string
}

function of(
  source: Trap['source'],
  rows: readonly (readonly [string, readonly Code[], string?])[],
): readonly Trap[] {
  return rows.map(([trap, codes, unneeded]) => ({
    source,
    trap,
    codes,
    ...(unneeded === undefined ? {} : { unneeded }),
  }))
}

export const traps: readonly Trap[] = [
  ...of("the guide's mistakes", [
    ['a token without the audience sts.amazonaws.com', ['DCF-AUDIENCE-REFUSED', 'DCF-TOKEN-FILE']],
    ['issuer or subject of another environment', ['DCF-ROLE-REFUSED', 'DCF-PROVIDER-MISSING']],
    ['a provider, but no StringEquals conditions on the role', ['DCF-ROLE-REFUSED']],
    ['S3 permissions for the CodeBuild role only', ['DCF-BUCKET-DENIED']],
    ['too few Lambda permissions for the CodeBuild role', ['DCF-LAMBDA-ACCESS-DENIED']],
    ['a bucket without a CodeBuild project', ['DCF-INPUT-MISSING', 'DCF-PROJECT-MISSING']],
    ['no ECR repository URI or execution role', ['DCF-INPUT-MISSING']],
    ['no lambda:GetFunctionConfiguration', ['DCF-LAMBDA-ACCESS-DENIED']],
    ['no iam:PassRole for CodeBuild', ['DCF-PASS-ROLE-DENIED']],
    ['a hard-coded port', ['DCF-HEALTH-CHECK-FIRST', 'DCF-HEALTH-CHECK-ROLLED-BACK']],
    ['a repository in another region', ['DCF-INPUT-DISAGREE', 'DCF-ECR-LOGIN-FAILED']],
  ]),
  ...of("the guide's troubleshooting", [
    ['CodeBuild cannot read the artifact', ['DCF-ARTIFACT-UNREADABLE', 'DCF-ARTIFACT-GONE']],
    [
      'no image appears in ECR',
      ['DCF-ECR-TOKEN-DENIED', 'DCF-ECR-PUSH-DENIED', 'DCF-ECR-REPOSITORY-MISSING'],
    ],
    ['Lambda is not created or updated', ['DCF-LAMBDA-ACCESS-DENIED', 'DCF-LAMBDA-EXPLICIT-DENY']],
    ['waiters fail', ['DCF-LAMBDA-ACCESS-DENIED', 'DCF-PASS-ROLE-DENIED', 'DCF-FUNCTION-FAILED']],
    ['the Function URL is not created', ['DCF-LAMBDA-ACCESS-DENIED', 'DCF-FUNCTION-URL-DENIED']],
    [
      'public calls fail',
      [
        'DCF-FUNCTION-URL-IAM',
        'DCF-HEALTH-CHECK-FORBIDDEN',
        'DCF-URL-NOT-PUBLIC',
        'DCF-PUBLIC-ACCESS-BLOCKED',
      ],
    ],
    ['the package is rejected', ['DCF-SDK-BROADER', 'DCF-SDK-CARET']],
    ['requests fail', ['DCF-HEALTH-CHECK-FIRST', 'DCF-HEALTH-CHECK-ROLLED-BACK', 'DCF-ADAPTER-OWN']],
  ]),
  ...of('deploying images by hand', [
    [
      'issuer, audience or sub of the token',
      ['DCF-ROLE-REFUSED', 'DCF-AUDIENCE-REFUSED', 'DCF-PROVIDER-MISSING'],
    ],
    ['the image is not visible yet', [], 'the function is given the digest that the push answered with'],
    ['updates that race each other', ['DCF-FUNCTION-BUSY']],
    ['Lambda may not pull the image', ['DCF-ECR-PULL-DENIED']],
    ['an execution role that is seconds old', ['DCF-EXECUTION-ROLE-UNASSUMABLE']],
    ['account or region of image and function differ', ['DCF-INPUT-DISAGREE']],
    ['not a single image manifest', ['DCF-IMAGE-INDEX']],
    [
      'a repository encrypted with a customer key',
      [],
      'ECR decrypts by a grant of its own, for whoever may pull',
    ],
    ['an image of another architecture', ['DCF-IMAGE-ARCHITECTURE', 'DCF-ARCHITECTURE']],
    ['no permission for the public URL', ['DCF-HEALTH-CHECK-FORBIDDEN']],
  ]),
  ...of('AWS and GitHub', [
    ['a quota of 0 builds', ['DCF-BUILD-QUOTA']],
    ['a quota of 1 build', ['DCF-FOLLOW-TIMED-OUT', 'DCF-BUILD-TIMED-OUT']],
    ['3008 MB of memory', ['DCF-MEMORY-LIMIT']],
    ['the second public statement', ['DCF-URL-NOT-PUBLIC']],
    ['an image index', ['DCF-IMAGE-INDEX']],
    ['an old AWS CLI', ['DCF-AWS-CLI-OLD']],
    ["Docker Hub's limits", ['DCF-BASE-IMAGE-RATE-LIMIT', 'DCF-PUBLIC-ECR-RATE-LIMIT']],
    ['a deny on the override of the buildspec', ['DCF-BUILD-OVERRIDE-DENIED']],
    ['blocked public access', ['DCF-PUBLIC-ACCESS-BLOCKED']],
    ['a VPC without NAT', ['DCF-BUILD-NO-NETWORK', 'DCF-ADAPTER-UNAVAILABLE']],
    ['an environment that changes sub', ['DCF-ROLE-REFUSED']],
    ['a renamed repository', ['DCF-ROLE-REFUSED', 'DCF-SETUP-REPOSITORY-NAME']],
    ['a bucket with a customer key', ['DCF-BUCKET-KEY-DENIED', 'DCF-ARTIFACT-KEY-DENIED']],
    ['an environment with a customer key', ['DCF-ENVIRONMENT-UNREADABLE']],
    ['immutable tags', ['DCF-IMAGE-TAG-IMMUTABLE']],
    ['no privileged mode', ['DCF-DOCKER-UNAVAILABLE']],
    ['Lambda or ARM compute', ['DCF-BUILD-COMPUTE']],
    ['a service role that CodeBuild may not assume', ['DCF-SERVICE-ROLE-UNASSUMABLE']],
    ['a trusted token that came too late', ['DCF-TOKEN-EXPIRED']],
    ['STS that is off in the region', ['DCF-REGION-DISABLED']],
    ['a Zip function of that name', ['DCF-FUNCTION-ZIP']],
    ['two functions with one key', ['DCF-ARTIFACT-REPLACED']],
    ['dart:stable', ['DCF-IMAGE-FLOATING', 'DCF-IMAGE-DART-VERSION']],
    ['build hooks', ['DCF-BUILD-HOOKS', 'DCF-IMAGE-BUILD-HOOKS']],
  ]),
]
