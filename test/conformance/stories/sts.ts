import type { Step, Story } from '../story.ts'
import { fetchToken, type Target } from '../target.ts'

const ASSUME = 'STS API Reference, AssumeRoleWithWebIdentity, Errors'
const PARAMETERS = 'STS API Reference, AssumeRoleWithWebIdentity, Request Parameters'

export const sts: Story = {
  service: 'STS',
  write: async ({ sandbox }) => {
    const good = await fetchToken(sandbox)
    const [head, claims] = good.split('.')
    const past = Math.floor(Date.now() / 1000) - 3600
    const tokens = {
      foreignAudience: await fetchToken(sandbox, {}, 'other'),
      foreignSubject: await fetchToken(sandbox, { sub: 'repo:acme/other:ref:refs/heads/main' }),
      expired: await fetchToken(sandbox, { exp: past, nbf: past - 600, iat: past - 600 }),
      forged: `${head}.${claims}.${'A'.repeat(342)}`,
    }
    const assume =
      (token: string, more: readonly string[] = []) =>
      (target: Target): readonly string[] => [
        ...['sts', 'assume-role-with-web-identity', '--role-arn', target.roleArn],
        ...['--role-session-name', 'run-1', '--web-identity-token', token, ...more],
      ]
    const steps: readonly Step[] = [
      {
        title: 'a good token',
        words: assume(good),
        aws: '200',
        document: 'STS API Reference, AssumeRoleWithWebIdentity, Response Elements',
        shape: [
          ...['Credentials.AccessKeyId', 'Credentials.SecretAccessKey', 'Credentials.SessionToken'],
          ...['Credentials.Expiration', 'AssumedRoleUser.Arn', 'AssumedRoleUser.AssumedRoleId'],
          ...['SubjectFromWebIdentityToken', 'Audience', 'Provider'],
        ],
      },
      {
        title: 'no token at all but text',
        words: assume('not.a.token'),
        aws: '400 InvalidIdentityToken',
        document: ASSUME,
      },
      {
        title: 'a forged signature',
        words: assume(tokens.forged),
        aws: '400 InvalidIdentityToken',
        document: ASSUME,
      },
      {
        title: 'an audience that the provider does not list',
        words: assume(tokens.foreignAudience),
        aws: '400 InvalidIdentityToken',
        document: ASSUME,
      },
      {
        title: 'a subject that the trust policy does not allow',
        words: assume(tokens.foreignSubject),
        aws: '403 AccessDenied',
        document: 'IAM User Guide, Troubleshoot OIDC federation',
      },
      {
        title: 'an expired token',
        words: assume(tokens.expired),
        aws: '400 ExpiredTokenException',
        document: ASSUME,
      },
      {
        title: 'a role that does not exist',
        words: (target) => assume(good)({ ...target, roleArn: `${target.roleArn}-missing` }),
        aws: '403 AccessDenied',
        document: 'IAM User Guide, Troubleshoot IAM roles',
      },
      {
        title: 'a session name with a space',
        words: assume(good, ['--role-session-name', 'a b']),
        aws: '400 ValidationError',
        document: PARAMETERS,
      },
      {
        title: 'a minute of duration',
        words: assume(good, ['--duration-seconds', '60']),
        aws: '400 ValidationError',
        document: PARAMETERS,
      },
      {
        title: "more than the role's maximum duration",
        words: assume(good, ['--duration-seconds', '7200']),
        aws: '400 ValidationError',
        document: PARAMETERS,
      },
      {
        title: 'who the session is',
        words: () => ['sts', 'get-caller-identity'],
        env: (target) => target.deployRole,
        aws: '200',
        document: 'STS API Reference, GetCallerIdentity',
        shape: ['Account', 'Arn', 'UserId'],
      },
      {
        title: 'a wrong secret',
        words: () => ['sts', 'get-caller-identity'],
        env: (target) => ({ ...target.deployRole, AWS_SECRET_ACCESS_KEY: 'wrong' }),
        aws: '403 SignatureDoesNotMatch',
        document: 'IAM User Guide, Troubleshoot AWS API requests: signature errors',
      },
      {
        title: 'an unknown key',
        words: () => ['sts', 'get-caller-identity'],
        env: () => ({
          AWS_ACCESS_KEY_ID: 'ASIAAAAAAAAAAAAAAAAA',
          AWS_SECRET_ACCESS_KEY: 'wrong',
          AWS_SESSION_TOKEN: 'x',
        }),
        aws: '403 InvalidClientTokenId',
        document: 'STS API Reference, Common Errors',
      },
    ]
    return steps
  },
}
