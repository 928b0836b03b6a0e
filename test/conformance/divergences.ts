// Where the emulators answer otherwise than AWS documents. In every case listed the sandbox is right: its answer and the page
// of AWS's documents stand at the call of the same title. A line that is no longer true fails the suite.

export interface Divergence {
  /** What the emulator answers instead. */
  readonly moto?: string
  readonly ministack?: string
  /** Documented members of the answer that the emulator leaves out. */
  readonly lacks?: { readonly moto?: readonly string[]; readonly ministack?: readonly string[] }
  /** Why nobody but the sandbox answers as AWS does. */
  readonly alone?: string
}

/** By service, then by the title of the call. */
export const divergences: Readonly<Record<string, Readonly<Record<string, Divergence>>>> = {
  STS: {
    'a forged signature': {
      moto: '200',
      ministack: '200',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'a good token': { lacks: { moto: ['SubjectFromWebIdentityToken', 'Audience', 'Provider'] } },
    'a minute of duration': {
      moto: '200',
      ministack: '200',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'a role that does not exist': { moto: '200' },
    'a session name with a space': {
      moto: '200',
      ministack: '200',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'a subject that the trust policy does not allow': { moto: '200' },
    'a wrong secret': { moto: '200' },
    'an audience that the provider does not list': {
      moto: '200',
      ministack: '403 AccessDenied',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'an expired token': {
      moto: '200',
      ministack: '200',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'an unknown key': { moto: '200' },
    "more than the role's maximum duration": {
      moto: '200',
      ministack: '200',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
    'no token at all but text': {
      moto: '200',
      ministack: '403 AccessDenied',
      alone: "Neither emulator reads the token against the provider's keys or checks the request's members.",
    },
  },
  Lambda: {
    'a policy that is not there': { ministack: '200' },
    create: { lacks: { moto: ['RevisionId'] } },
    'create a URL again': { moto: '201' },
    'create with a name that is none': {
      moto: '201',
      ministack: '201',
      alone: "Neither emulator checks members against Lambda's model.",
    },
    'create with too little memory': {
      moto: '201',
      ministack: '201',
      alone: "Neither emulator checks members against Lambda's model.",
    },
    'delete the URL again': { moto: '204' },
    'let everybody call the URL': { moto: '200' },
    'let everybody invoke by the URL': { moto: '200' },
    'look at the URL': { moto: '201' },
    'take it away again': { moto: '204' },
    'the same statement again': { moto: '200' },
  },
  CodeBuild: {
    'a variable of an unknown type': {
      moto: '200',
      ministack: '200',
      alone:
        "Neither emulator checks members against CodeBuild's model, and neither keeps idempotency tokens.",
    },
    'four minutes of timeout': {
      moto: '200',
      ministack: '200',
      alone:
        "Neither emulator checks members against CodeBuild's model, and neither keeps idempotency tokens.",
    },
    'look at the build': { lacks: { ministack: ['builds.0.buildComplete', 'builds.0.serviceRole'] } },
    'look for none': {
      moto: '200',
      ministack: '200',
      alone:
        "Neither emulator checks members against CodeBuild's model, and neither keeps idempotency tokens.",
    },
    'look for one that is not there': { lacks: { moto: ['buildsNotFound.0'] } },
    'start a build': {
      lacks: {
        ministack: ['build.environment.environmentVariables.0.name', 'build.logs.deepLink'],
        moto: ['build.environment.environmentVariables.0.name'],
      },
    },
    'start with the same token and other parameters': {
      moto: '200',
      ministack: '200',
      alone:
        "Neither emulator checks members against CodeBuild's model, and neither keeps idempotency tokens.",
    },
  },
  S3: {
    'a wrong secret': { moto: '200' },
    'get from a bucket of another account': {
      moto: '200',
      ministack: '200',
      alone:
        'Neither emulator looks at the owner that a request expects, nor tells a malformed checksum from a wrong one.',
    },
    'put to a bucket of another account': {
      moto: '200',
      ministack: '200',
      alone:
        'Neither emulator looks at the owner that a request expects, nor tells a malformed checksum from a wrong one.',
    },
    'put with a SHA-256 that is none': {
      moto: '200',
      ministack: '400 BadDigest',
      alone:
        'Neither emulator looks at the owner that a request expects, nor tells a malformed checksum from a wrong one.',
    },
    'put with its SHA-256 and metadata': {
      lacks: { ministack: ['ChecksumSHA256'], moto: ['ChecksumSHA256'] },
    },
    'put with the SHA-256 of something else': { moto: '200' },
  },
  'permissions of the deploy role': {
    'create a function': { moto: '201' },
    'make a URL': { moto: '404 ResourceNotFoundException' },
    'make a log group': { moto: '200' },
    'start a build of another project': {
      moto: '400 ResourceNotFoundException',
      ministack: '403 AccessDeniedException',
      alone: 'moto evaluates no policies here; MiniStack refuses too, with the status of a REST service.',
    },
  },
  'CloudWatch Logs': {
    'too many at once': { ministack: '200' },
  },
}
