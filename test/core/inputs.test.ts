import { describe, expect, test } from 'vitest'
import { parseDeployInputs } from '../../src/core/inputs.ts'
import { parseUndeployInputs } from '../../src/core/undeployinputs.ts'

const good = {
  'role-to-assume': 'arn:aws:iam::123456789012:role/dcf-gke-role',
  'aws-region': 'us-east-1',
  'bucket-name': 'dcf-customer-artifacts',
  'codebuild-project': 'dcf-lambda-build',
  'ecr-repository-uri': '123456789012.dkr.ecr.us-east-1.amazonaws.com/dcf-lambda-repo',
  'lambda-execution-role-arn': 'arn:aws:iam::123456789012:role/lambda-execution-role',
}

function codes(
  texts: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): readonly string[] {
  return parseDeployInputs({ ...good, ...texts }, environment).problems.map((problem) => problem.code)
}

describe('deploy inputs', () => {
  test("six values are enough, and the defaults are the contract's", () => {
    const inputs = parseDeployInputs(good, {})
    expect(inputs).toMatchObject({
      ok: true,
      value: {
        plan: false,
        artifactKey: 'builds/app.zip',
        timeoutSeconds: 30,
        memoryMb: 512,
        healthCheckPath: '/',
        audience: 'sts.amazonaws.com',
        buildTimeoutMinutes: 30,
        skipUnchanged: false,
        force: false,
        hideBuildLogs: false,
        dcfEnvironment: undefined,
        workingDirectory: '.',
      },
    })
  })

  test('every missing value is named at once', () => {
    const inputs = parseDeployInputs({}, {})
    expect(inputs.problems.map((problem) => problem.message)).toEqual(
      Object.keys(good).map((name) => `\`${name}\` has no value.`),
    )
  })

  test('a plan needs none of them, but checks those that are there', () => {
    expect(parseDeployInputs({ plan: 'true' }, {}).ok).toBe(true)
    expect(parseDeployInputs({ plan: 'true', 'aws-region': 'nowhere' }, {}).ok).toBe(false)
  })

  test.each([
    ['role-to-assume', 'arn:aws:iam::123456789012:user/somebody'],
    ['role-to-assume', 'arn:aws:iam::12345678901:role/short-account'],
    ['role-to-assume', 'dcf-gke-role'],
    ['aws-region', 'eu-central-1.evil.example'],
    ['aws-region', '../us-east-1'],
    ['aws-region', 'EU-CENTRAL-1'],
    ['bucket-name', 's3://dcf-customer-artifacts'],
    ['bucket-name', 'Capital-Letters'],
    ['bucket-name', '192.168.0.1'],
    ['codebuild-project', 'arn:aws:codebuild:us-east-1:123456789012:project/dcf'],
    ['ecr-repository-uri', '123456789012.dkr.ecr.us-east-1.amazonaws.com/name:tag'],
    ['ecr-repository-uri', '127.0.0.1:5000/name'],
    ['function-name', 'with space'],
    ['function-name', 'arn:aws:lambda:us-east-1:123456789012:function:x'],
    ['function-name', 'name:1'],
    ['function-name', 'name*'],
    ['function-name', 'a'.repeat(65)],
    ['function-name', 'file:///etc/passwd'],
    ['function-name', 'x;rm -rf /'],
    ['function-name', '$(id)'],
    ['image-tag', '-starts-with-hyphen'],
    ['image-tag', 'x'.repeat(129)],
    ['lambda-timeout-seconds', '0'],
    ['lambda-timeout-seconds', '901'],
    ['lambda-timeout-seconds', '1e2'],
    ['lambda-timeout-seconds', '٣٠'],
    ['lambda-memory-mb', '127'],
    ['lambda-memory-mb', '-512'],
    ['lambda-memory-mb', 'NaN'],
    ['build-timeout-minutes', '4'],
    ['build-timeout-minutes', '481'],
    ['force', 'yes'],
    ['skip-unchanged', 'TRUE'],
    ['hide-build-logs', '1'],
    ['artifact-key', '/builds/app.zip'],
    ['artifact-key', 'builds/../app.zip'],
    ['artifact-key', 'x'.repeat(1025)],
    ['artifact-key', 'file://app.zip'],
    ['health-check-path', 'health'],
    ['health-check-path', '/a b'],
  ])('%s: %j is refused', (name, value) => {
    const { problems } = parseDeployInputs({ ...good, [name]: value }, {})
    expect(problems.map((problem) => problem.code)).toEqual(['DCF-INPUT-INVALID'])
    expect(problems[0]?.message).toContain(`\`${name}\``)
  })

  test.each([
    [
      'cn',
      'arn:aws-cn:iam::123456789012:role/r',
      'cn-north-1',
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/n',
      'arn:aws-cn:iam::123456789012:role/e',
    ],
    [
      'gov',
      'arn:aws-us-gov:iam::123456789012:role/r',
      'us-gov-west-1',
      '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/n',
      'arn:aws-us-gov:iam::123456789012:role/path/e',
    ],
  ])('%s: another partition is fine if all agree', (_, role, region, uri, execution) => {
    expect(
      codes({
        'role-to-assume': role,
        'aws-region': region,
        'ecr-repository-uri': uri,
        'lambda-execution-role-arn': execution,
      }),
    ).toEqual([])
  })

  test('two accounts, two regions, two partitions are each told', () => {
    const { problems } = parseDeployInputs(
      {
        ...good,
        'aws-region': 'cn-north-1',
        'lambda-execution-role-arn': 'arn:aws:iam::210987654321:role/other',
      },
      {},
    )
    expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set(['DCF-INPUT-DISAGREE']))
    expect(problems).toHaveLength(4)
  })
})

describe('endpoints', () => {
  test.each(['http://127.0.0.1:4566', 'http://127.9.9.9:1/', 'http://[::1]:80', 'https://127.0.0.1'])(
    '%s is loopback',
    (url) => {
      expect(codes({ 'endpoint-url': url })).toEqual([])
    },
  )

  test.each([
    'http://localhost:4566',
    'https://sts.evil.example',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1@evil.example',
    'http://user:pass@127.0.0.1',
    'http://0.0.0.0:80',
    'http://[::ffff:127.0.0.1]:80',
    'ftp://127.0.0.1',
    'http://2130706433',
  ])('%s is not', (url) => {
    expect(codes({ 'endpoint-url': url })).toEqual(['DCF-ENDPOINT-NOT-LOOPBACK'])
    expect(codes({}, { AWS_ENDPOINT_URL: url })).toEqual(['DCF-ENDPOINT-NOT-LOOPBACK'])
    expect(codes({}, { AWS_ENDPOINT_URL_STS: url })).toEqual(['DCF-ENDPOINT-NOT-LOOPBACK'])
  })

  test("the input wins over the service's variable, and that over the common one", () => {
    const inputs = parseDeployInputs(good, {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2',
    })
    expect(inputs.ok && inputs.value.endpoints).toMatchObject({
      STS: 'http://127.0.0.1:1',
      S3: 'http://127.0.0.1:2',
    })
    const explicit = parseDeployInputs(
      { ...good, 'endpoint-url': 'http://127.0.0.1:3' },
      { AWS_ENDPOINT_URL: 'https://evil.example' },
    )
    expect(explicit.ok && explicit.value.endpoints).toMatchObject({
      STS: 'http://127.0.0.1:3',
      LAMBDA: 'http://127.0.0.1:3',
    })
  })

  test('a registry on loopback goes with a loopback endpoint only', () => {
    expect(
      codes({ 'ecr-repository-uri': '127.0.0.1:5000/dcf', 'endpoint-url': 'http://127.0.0.1:4566' }),
    ).toEqual([])
  })

  test('TLS verification must stay on', () => {
    expect(codes({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual(['DCF-TLS-VERIFICATION-OFF'])
  })
})

describe('environment-variables', () => {
  test('lines become a map; comments and blank lines are passed over', () => {
    const inputs = parseDeployInputs(
      { ...good, 'environment-variables': '# settings\nLOG_LEVEL=debug\n\nGREETING = a=b c \r\nEMPTY=' },
      {},
    )
    expect(inputs.ok && inputs.value.settings).toEqual({ LOG_LEVEL: 'debug', GREETING: 'a=b c', EMPTY: '' })
  })

  test.each([
    ['no equals sign', 'JUST_A_NAME'],
    ['reserved', 'AWS_REGION=eu-west-1'],
    ['bad name', '1ST=x'],
    ['one letter', 'A=x'],
    ['twice', 'AB=1\nAB=2'],
    ['too large', `BIG=${'x'.repeat(4097)}`],
  ])('%s is refused', (_, text) => {
    expect(codes({ 'environment-variables': text })).toEqual(['DCF-ENVIRONMENT-VARIABLES'])
  })

  test('a name from the prototype is a name like any other', () => {
    const inputs = parseDeployInputs({ ...good, 'environment-variables': 'constructor=x\nvalueOf=y' }, {})
    expect(inputs.ok && inputs.value.settings).toEqual({ constructor: 'x', valueOf: 'y' })
  })
})

describe('undeploy inputs', () => {
  test.each([
    ['wildcard', { 'function-name': 'app*' }],
    ['qualifier', { 'function-name': 'app:1' }],
    ['foreign ARN', { 'function-name': 'arn:aws:lambda:us-east-1:999999999999:function:app' }],
    ['key without bucket', { 'artifact-key': 'builds/x.zip' }],
    ['no role', { 'role-to-assume': '' }],
    ['partition', { 'aws-region': 'cn-north-1' }],
  ])('%s is refused without a call', (_, texts) => {
    expect(
      parseUndeployInputs(
        { 'role-to-assume': good['role-to-assume'], 'aws-region': 'us-east-1', ...texts },
        {},
      ).ok,
    ).toBe(false)
  })

  test('an artifact is withdrawn only where a bucket is given', () => {
    const without = parseUndeployInputs(
      { 'role-to-assume': good['role-to-assume'], 'aws-region': 'us-east-1' },
      {},
    )
    expect(without.ok && without.value.artifact).toBeUndefined()
    const given = parseUndeployInputs(
      { 'role-to-assume': good['role-to-assume'], 'aws-region': 'us-east-1', 'bucket-name': 'bucket' },
      {},
    )
    expect(given.ok && given.value.artifact).toEqual({ bucket: 'bucket', key: 'builds/app.zip' })
  })
})
