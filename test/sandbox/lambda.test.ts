import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createForeignFunction } from '../../src/sandbox/services/function.ts'
import { actAs, allow, type Clients } from './account.ts'
import { INDEX, login, pushImage } from './image.ts'

const FunctionName = 'hello'
/** Milliseconds of a creation or an update: none takes effect before `settled` moves the account's clock. */
const CHANGE = 5_000
let sandbox: Sandbox
let lambda: Clients['lambda']
let uri: (digest: string) => string
beforeEach(async () => {
  sandbox = await startSandbox()
  Object.assign(sandbox.world.switches.lambda, { pending: CHANGE, updating: CHANGE })
  lambda = actAs(sandbox, sandbox.names.serviceRole).lambda
  uri = (digest) => `${sandbox.names.ecrRepositoryUri}@${digest}`
})
afterEach(() => sandbox.close())

function create(ImageUri: string, input: Partial<CreateFunctionCommandInput> = {}) {
  return lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: sandbox.names.executionRoleArn,
      PackageType: 'Image',
      Code: { ImageUri },
      ...input,
    }),
  )
}

async function get() {
  return lambda.send(new GetFunctionCommand({ FunctionName }))
}

async function settled() {
  sandbox.world.clock.shift(CHANGE)
  return (await get()).Configuration
}

/** A function that is active, with the image that it runs. */
async function deploy(
  input: Partial<CreateFunctionCommandInput> = {},
  labels: Record<string, string> = {},
): Promise<string> {
  const digest = await pushImage(sandbox, { labels })
  await create(uri(digest), input)
  await settled()
  return digest
}

describe('CreateFunction', () => {
  test('answers Pending, then the function becomes Active by itself', async () => {
    const digest = await pushImage(sandbox)
    const created = await create(uri(digest), {
      Timeout: 30,
      MemorySize: 512,
      Description: 'a mark',
      Environment: { Variables: { GREETING: 'hi' } },
    })
    expect(created).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:hello',
      State: 'Pending',
      StateReasonCode: 'Creating',
      PackageType: 'Image',
      CodeSha256: digest.slice('sha256:'.length),
      Timeout: 30,
      MemorySize: 512,
      Description: 'a mark',
      Architectures: ['x86_64'],
      Environment: { Variables: { GREETING: 'hi' } },
      Version: '$LATEST',
    })
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
    expect(await settled()).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' })
    expect((await get()).Code).toEqual({
      RepositoryType: 'ECR',
      ImageUri: uri(digest),
      ResolvedImageUri: uri(digest),
    })
  })

  test('resolves a tag to the digest of that moment', async () => {
    const digest = await pushImage(sandbox, { tag: 'v1' })
    await create(`${sandbox.names.ecrRepositoryUri}:v1`)
    expect((await get()).Code?.ResolvedImageUri).toBe(uri(digest))
  })

  test('takes ECR’s public name of the same repository', async () => {
    const digest = await pushImage(sandbox)
    const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
    expect(await create(`${host}/dcf-lambda-repo@${digest}`)).toMatchObject({ State: 'Pending' })
  })

  test.each<[string, Partial<CreateFunctionCommandInput>, object]>([
    ['a long description', { Description: 'x'.repeat(257) }, { name: 'ValidationException' }],
    ['a timeout of 901', { Timeout: 901 }, { name: 'ValidationException' }],
    ['a memory of 127', { MemorySize: 127 }, { name: 'ValidationException' }],
    [
      'a variable with a dash',
      { Environment: { Variables: { 'A-B': '1' } } },
      { name: 'ValidationException' },
    ],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      {
        name: 'InvalidParameterValueException',
        message: expect.stringContaining('Reserved keys used in this request: AWS_REGION'),
      },
    ],
    [
      'an environment over 4 KB',
      { Environment: { Variables: { LONG: 'x'.repeat(4096) } } },
      { name: 'InvalidParameterValueException', message: expect.stringContaining('exceeded the 4KB limit') },
    ],
    ['a handler', { Handler: 'main' }, { name: 'InvalidParameterValueException' }],
    [
      'a role of another account',
      { Role: 'arn:aws:iam::999999999999:role/lambda-execution-role' },
      { name: 'AccessDeniedException' },
    ],
    [
      'a role that may not be passed',
      { Role: 'arn:aws:iam::123456789012:role/dcf-gke-role' },
      { name: 'AccessDeniedException' },
    ],
    [
      'a name with a space',
      { FunctionName: 'a b' },
      {
        name: 'ValidationException',
        message: expect.stringContaining("at 'functionName' failed to satisfy constraint"),
      },
    ],
  ])('refuses %s', async (_name, input, error) => {
    const digest = await pushImage(sandbox)
    await expect(create(uri(digest), input)).rejects.toMatchObject(error)
    expect(sandbox.world.functions.size).toBe(0)
  })

  test('refuses a second function of the name', async () => {
    const digest = await deploy()
    await expect(create(uri(digest))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: hello',
    })
  })

  test('needs iam:PassRole to Lambda', async () => {
    const digest = await pushImage(sandbox)
    const statement = { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' }
    sandbox.world.roles
      .get(sandbox.names.serviceRole)
      ?.policies.set('no-pass', { Version: '2012-10-17', Statement: [statement] })
    await expect(create(uri(digest))).rejects.toThrow(/not authorized to perform: iam:PassRole/)
  })

  test('holds new accounts to 3008 MB', async () => {
    sandbox.world.switches.lambda.maximumMemory = 3008
    const digest = await pushImage(sandbox)
    await expect(create(uri(digest), { MemorySize: 3009 })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008",
    })
  })

  test('wants a role that Lambda can assume, at once or a little later', async () => {
    const message = 'The role defined for the function cannot be assumed by Lambda.'
    const digest = await pushImage(sandbox)
    sandbox.world.switches.lambda.unassumable = 2
    await expect(create(uri(digest))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message,
    })
    await expect(create(uri(digest))).rejects.toMatchObject({ message })
    expect(await create(uri(digest))).toMatchObject({ State: 'Pending' })
    const role = sandbox.world.roles.get(sandbox.names.executionRole)
    Object.assign(role ?? {}, { trust: sandbox.world.roles.get(sandbox.names.serviceRole)?.trust })
    await expect(create(uri(digest), { FunctionName: 'other' })).rejects.toMatchObject({ message })
  })

  test('may fail while it is created', async () => {
    sandbox.world.switches.lambda.failCreate = {
      code: 'InvalidImage',
      reason: 'Parent directory does not exist',
    }
    await create(uri(await pushImage(sandbox)))
    expect(await settled()).toMatchObject({
      State: 'Failed',
      StateReasonCode: 'InvalidImage',
      StateReason: 'Parent directory does not exist',
    })
  })
})

describe('the image', () => {
  test('must be there, and be named in full', async () => {
    const absent = uri(`sha256:${'0'.repeat(64)}`)
    await expect(create(absent)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Source image ${absent} does not exist. Provide a valid source image.`,
    })
    const wrong = [
      sandbox.names.ecrRepositoryUri,
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/dcf-lambda-repo:v1',
    ]
    for (const one of wrong) {
      await expect(create(one)).rejects.toThrow(
        `Source image ${one} is not valid. Provide a valid source image.`,
      )
    }
  })

  test('must be one manifest, with layers that Lambda reads', async () => {
    const digest = await pushImage(sandbox)
    const registry = await login(sandbox)
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [{ digest }] })
    const pushed = await registry.send('PUT', 'dcf-lambda-repo/manifests/index', { body: index, type: INDEX })
    const refusal =
      /^The image manifest, config or layer media type for the source image .* is not supported\.$/
    await expect(create(uri(pushed.headers.get('docker-content-digest') ?? ''))).rejects.toThrow(refusal)
    const zstd = await pushImage(sandbox, { layerType: 'application/vnd.oci.image.layer.v1.tar+zstd' })
    await expect(create(uri(zstd))).rejects.toThrow(refusal)
  })

  test('must be pullable by Lambda, which mends that only for those who may', async () => {
    const repository = sandbox.world.repositories.get(sandbox.names.repository)
    const digest = await pushImage(sandbox)
    delete repository?.policy
    await expect(create(uri(digest))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'Lambda does not have permission to access the ECR image. Check the ECR permissions.',
    })
    allow(sandbox, sandbox.names.serviceRole, ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'])
    expect(await create(uri(digest))).toMatchObject({ State: 'Pending' })
    expect(JSON.stringify(repository?.policy)).toContain('LambdaECRImageRetrievalPolicy')
  })
})

describe('an update', () => {
  test('is refused while another is under way, and takes effect by itself', async () => {
    const first = await pushImage(sandbox)
    await create(uri(first))
    const code = (digest: string) =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri: uri(digest) }))
    await expect(code(first)).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message:
        'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    })
    await settled()
    const second = await pushImage(sandbox, { labels: { second: 'yes' } })
    expect(await code(second)).toMatchObject({ LastUpdateStatus: 'InProgress', CodeSha256: second.slice(7) })
    const configuration = new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })
    await expect(lambda.send(configuration)).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message:
        'The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:us-east-1:123456789012:function:hello',
    })
    await settled()
    expect(await lambda.send(configuration)).toMatchObject({ Timeout: 9, LastUpdateStatus: 'InProgress' })
  })

  test('keeps what it does not name, and replaces the environment as a whole', async () => {
    await deploy({
      Timeout: 30,
      Description: 'before',
      Environment: { Variables: { AA: '1', BB: '2' } },
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      Tags: { owner: 'us' },
    })
    allow(sandbox, sandbox.names.serviceRole, ['lambda:PutFunctionConcurrency', 'lambda:ListTags'])
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }))
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        MemorySize: 256,
        Environment: { Variables: { C3: '3' } },
      }),
    )
    await settled()
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName,
        ImageUri: uri(await pushImage(sandbox, { labels: { n: '2' } })),
      }),
    )
    expect(await settled()).toMatchObject({
      Timeout: 30,
      MemorySize: 256,
      Description: 'before',
      Environment: { Variables: { C3: '3' } },
      VpcConfig: { SubnetIds: ['subnet-1'] },
    })
    expect(await get()).toMatchObject({
      Concurrency: { ReservedConcurrentExecutions: 5 },
      Tags: { owner: 'us' },
    })
  })

  test('that fails leaves the function as it was', async () => {
    const digest = await deploy()
    sandbox.world.switches.lambda.failUpdate = { code: 'ImageDeleted', reason: 'The image was deleted' }
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName,
        ImageUri: uri(await pushImage(sandbox, { labels: { n: '2' } })),
      }),
    )
    expect(await settled()).toMatchObject({
      LastUpdateStatus: 'Failed',
      LastUpdateStatusReasonCode: 'ImageDeleted',
      CodeSha256: digest.slice(7),
    })
  })

  test('of a Zip function by an image is refused, and of another revision too', async () => {
    const ImageUri = uri(await deploy())
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri, RevisionId: 'other' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' })
    Object.assign(sandbox.world.functions.get(FunctionName) ?? {}, {
      packageType: 'Zip',
      runtime: 'nodejs22.x',
    })
    await expect(lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri }))).rejects.toThrow(
      "Please don't provide ImageUri when updating a function with packageType Zip.",
    )
  })
})

describe('what GetFunction shows', () => {
  test('404 for a function that is not there, under its name or its ARN', async () => {
    const refusal = {
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:hello',
    }
    await expect(get()).rejects.toMatchObject({ ...refusal, $metadata: { httpStatusCode: 404 } })
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:hello'
    await expect(
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn })),
    ).rejects.toMatchObject(refusal)
  })

  test('nothing of another account, another region or a published version', async () => {
    await deploy()
    const { role } = sandbox.names
    const ask = (name: string) =>
      actAs(sandbox, role).lambda.send(new GetFunctionCommand({ FunctionName: name }))
    const others = [
      'arn:aws:lambda:us-east-1:999999999999:function:hello',
      'arn:aws:lambda:eu-west-1:123456789012:function:hello',
    ]
    for (const arn of others) await expect(ask(arn)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    allow(sandbox, role, 'lambda:GetFunction')
    for (const name of [...others, 'hello:prod']) {
      await expect(ask(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    }
    for (const name of ['hello:$LATEST', '123456789012:function:hello']) {
      expect((await ask(name)).Configuration?.FunctionName).toBe('hello')
    }
  })

  test('a Zip function of somebody else', async () => {
    const { account, region, partition, clock, functions } = sandbox.world
    const role = 'arn:aws:iam::123456789012:role/other'
    const place = { account, region, partition, now: clock.now() }
    functions.set(
      FunctionName,
      createForeignFunction({ ...place, name: FunctionName, role, packageType: 'Zip' }),
    )
    const shown = await get()
    expect(shown.Configuration).toMatchObject({
      PackageType: 'Zip',
      Runtime: 'nodejs22.x',
      State: 'Active',
      Role: role,
    })
    expect(shown.Code?.RepositoryType).toBe('S3')
    expect(shown.Code?.ImageUri).toBeUndefined()
  })

  test('tags only to who may list them', async () => {
    await deploy({ Tags: { owner: 'us' } })
    expect((await get()).Tags).toBeUndefined()
    const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:hello'
    await lambda.send(new TagResourceCommand({ Resource, Tags: { stage: 'qa' } }))
    await expect(lambda.send(new ListTagsCommand({ Resource }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    allow(sandbox, sandbox.names.serviceRole, 'lambda:ListTags')
    expect((await get()).Tags).toEqual({ owner: 'us', stage: 'qa' })
  })

  test('an error in place of an environment that a customer key hides', async () => {
    await deploy({ Environment: { Variables: { AB: '1' } } })
    sandbox.world.switches.lambda.hideEnvironment = true
    const { Configuration } = await get()
    expect(Configuration?.Environment?.Variables).toBeUndefined()
    expect(Configuration?.Environment?.Error?.ErrorCode).toBe('AccessDeniedException')
  })
})

const PUBLIC: readonly Omit<AddPermissionCommandInput, 'FunctionName'>[] = [
  { StatementId: 'Url', Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
  { StatementId: 'Invoke', Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true },
]

function permit(input: Omit<AddPermissionCommandInput, 'FunctionName'>) {
  return lambda.send(new AddPermissionCommand({ FunctionName, ...input }))
}

describe('the resource policy', () => {
  beforeEach(async () => {
    await deploy()
    allow(sandbox, sandbox.names.serviceRole, ['lambda:GetPolicy', 'lambda:RemovePermission'])
  })

  test('gets both public statements with their conditions', async () => {
    const added = await permit(PUBLIC[0] ?? { StatementId: '', Action: '', Principal: '' })
    const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:hello'
    expect(JSON.parse(added.Statement ?? '')).toEqual({
      Sid: 'Url',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    })
    await permit(PUBLIC[1] ?? { StatementId: '', Action: '', Principal: '' })
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }))
    expect(JSON.parse(Policy ?? '').Statement[1]).toEqual({
      Sid: 'Invoke',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource,
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    })
  })

  test('refuses an id twice, a malformed id, and public access where that is blocked', async () => {
    const [statement = { StatementId: '', Action: '', Principal: '' }] = PUBLIC
    await permit(statement)
    await expect(permit(statement)).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message:
        'The statement id (Url) provided already exists. Please provide a new statement id, or remove the existing statement.',
    })
    await expect(permit({ ...statement, StatementId: 'a b' })).rejects.toMatchObject({
      name: 'ValidationException',
    })
    await expect(
      permit({ ...statement, StatementId: 'x', Action: 'lambda:InvokeFunction' }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    })
    sandbox.world.switches.lambda.blockPublicPolicy = true
    await expect(permit({ ...statement, StatementId: 'x' })).rejects.toMatchObject({
      name: 'PublicPolicyException',
    })
  })

  test('loses a statement once; afterwards it is 404', async () => {
    const remove = () => lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'Url' }))
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    for (const statement of PUBLIC) await permit(statement)
    await remove()
    await expect(remove()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Statement Url is not found in resource policy.',
    })
  })
})

describe('the Function URL', () => {
  const open = () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }))

  test('is 403 until both statements are there, then answers with what was deployed', async () => {
    const digest = await deploy({}, { 'dev.dcf.source-digest': 'abc' })
    const { FunctionUrl = '', InvokeMode } = await open()
    expect(FunctionUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(InvokeMode).toBe('BUFFERED')
    for (const statement of PUBLIC) {
      const refused = await fetch(FunctionUrl)
      expect(refused.status).toBe(403)
      expect(refused.headers.get('x-amzn-errortype')).toBe('AccessDeniedException')
      expect(await refused.text()).toContain('urls-auth.html')
      await permit(statement)
    }
    const answer = await fetch(`${FunctionUrl}some/path?q=1`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      standIn: true,
      function: 'hello',
      imageDigest: digest,
      sourceDigest: 'abc',
      request: { method: 'GET', path: '/some/path' },
    })
  })

  test('a statement for everybody without the condition lets in too, one for an account does not', async () => {
    await deploy()
    const { FunctionUrl = '' } = await open()
    await permit(PUBLIC[0] ?? { StatementId: '', Action: '', Principal: '' })
    await permit({ StatementId: 'one', Action: 'lambda:InvokeFunction', Principal: '123456789012' })
    expect((await fetch(FunctionUrl)).status).toBe(403)
    await permit({ StatementId: 'all', Action: 'lambda:InvokeFunction', Principal: '*' })
    expect((await fetch(FunctionUrl)).status).toBe(200)
  })

  test('waits for a new policy to count, and behaves as a program would, by switches', async () => {
    const digest = await deploy()
    const { FunctionUrl = '' } = await open()
    sandbox.world.switches.lambda.policyDelay = 30_000
    for (const statement of PUBLIC) await permit(statement)
    expect((await fetch(FunctionUrl)).status).toBe(403)
    sandbox.world.clock.shift(30_000)
    sandbox.world.switches.lambda.program = (image) =>
      image.digest === digest ? { kind: 'answers', status: 503, body: 'starting' } : undefined
    const own = await fetch(FunctionUrl)
    expect(own.status).toBe(503)
    expect(own.headers.get('x-amzn-errortype')).toBeNull()
    expect(await own.text()).toBe('starting')
    sandbox.world.switches.lambda.program = () => ({ kind: 'crashes' })
    expect((await fetch(FunctionUrl)).headers.get('x-amzn-errortype')).toBe('InternalServerErrorException')
  })

  test('stays over updates and serves the old code until the new is in place', async () => {
    const before = await deploy()
    const { FunctionUrl = '' } = await open()
    for (const statement of PUBLIC) await permit(statement)
    const served = async () => JSON.parse(await (await fetch(FunctionUrl)).text()).imageDigest
    const after = await pushImage(sandbox, { labels: { n: '2' } })
    sandbox.world.switches.lambda.updating = 60_000
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri: uri(after) }))
    expect(await served()).toBe(before)
    sandbox.world.clock.shift(60_000)
    expect(await served()).toBe(after)
    expect((await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).FunctionUrl).toBe(
      FunctionUrl,
    )
  })

  test('exists once, is gone once, and comes back at another address with the policy kept', async () => {
    allow(sandbox, sandbox.names.serviceRole, ['lambda:DeleteFunctionUrlConfig'])
    await deploy()
    const { FunctionUrl = '' } = await open()
    for (const statement of PUBLIC) await permit(statement)
    await expect(open()).rejects.toMatchObject({ name: 'ResourceConflictException' })
    const remove = () => lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }))
    await remove()
    await expect(fetch(FunctionUrl)).rejects.toThrow()
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const again = await open()
    expect(again.FunctionUrl).not.toBe(FunctionUrl)
    expect((await fetch(again.FunctionUrl ?? '')).status).toBe(200)
  })

  test('with AWS_IAM refuses unsigned calls', async () => {
    await deploy()
    const { FunctionUrl = '' } = await open()
    for (const statement of PUBLIC) await permit(statement)
    allow(sandbox, sandbox.names.serviceRole, ['lambda:UpdateFunctionUrlConfig'])
    await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }))
    expect((await fetch(FunctionUrl)).status).toBe(403)
  })

  test('answers 429 without free concurrency, 502 for a function without its image, 413 over 6 MB', async () => {
    await deploy()
    const { FunctionUrl = '' } = await open()
    for (const statement of PUBLIC) await permit(statement)
    const body = Buffer.alloc(6 * 1024 * 1024 + 1)
    expect((await fetch(FunctionUrl, { method: 'POST', body })).status).toBe(413)
    sandbox.world.switches.lambda.throttled = true
    const throttled = await fetch(FunctionUrl)
    expect(throttled.status).toBe(429)
    expect(throttled.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException')
    sandbox.world.switches.lambda.throttled = false
    sandbox.world.repositories.clear()
    const broken = await fetch(FunctionUrl)
    expect(broken.status).toBe(502)
    expect(await broken.text()).toBe('Internal Server Error')
  })
})

describe('DeleteFunction', () => {
  test('takes URL and policy along and is 404 the second time', async () => {
    await deploy()
    const { FunctionUrl = '' } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
    )
    const { lambda: deployer } = actAs(sandbox, sandbox.names.role)
    await deployer.send(new DeleteFunctionCommand({ FunctionName }))
    await expect(fetch(FunctionUrl)).rejects.toThrow()
    await expect(deployer.send(new DeleteFunctionCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    expect(sandbox.world.functions.size).toBe(0)
  })

  test('may take its time', async () => {
    await deploy()
    sandbox.world.switches.lambda.deleting = 60_000
    const { lambda: deployer } = actAs(sandbox, sandbox.names.role)
    await deployer.send(new DeleteFunctionCommand({ FunctionName }))
    expect((await get()).Configuration?.State).toBe('Deleting')
    sandbox.world.clock.shift(60_000)
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
