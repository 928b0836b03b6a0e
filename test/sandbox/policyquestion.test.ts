import { describe, expect, test } from 'vitest'
import { permitsPrincipal } from '../../src/sandbox/identity/authorize.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:hello'
const REPOSITORY = 'arn:aws:ecr:us-east-1:123456789012:repository/dcf-lambda-repo'

function statement(action: string, condition: unknown) {
  return { Effect: 'Allow', Principal: '*', Action: action, Resource: FUNCTION, Condition: condition }
}

const URL_STATEMENT = statement('lambda:InvokeFunctionUrl', {
  StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' },
})
const INVOKE_STATEMENT = statement('lambda:InvokeFunction', {
  Bool: { 'lambda:InvokedViaFunctionUrl': 'true' },
})

describe("a function's own policy, asked for everybody", () => {
  const ask = (statements: unknown[], action: string, context: Record<string, string[]>) =>
    permitsPrincipal({
      policy: { Version: '2012-10-17', Statement: statements },
      principal: '*',
      access: { action, resource: FUNCTION, context },
    })

  test.each([
    ['lambda:InvokeFunctionUrl', { 'lambda:FunctionUrlAuthType': ['NONE'] }, true],
    ['lambda:InvokeFunctionUrl', { 'lambda:FunctionUrlAuthType': ['AWS_IAM'] }, false],
    ['lambda:InvokeFunctionUrl', {}, false],
    ['lambda:InvokeFunction', { 'lambda:InvokedViaFunctionUrl': ['true'] }, true],
    // Without the URL nobody outside may invoke.
    ['lambda:InvokeFunction', {}, false],
    ['lambda:DeleteFunction', { 'lambda:InvokedViaFunctionUrl': ['true'] }, false],
  ])('%s with %j: %j', (action, context, expected) => {
    expect(ask([URL_STATEMENT, INVOKE_STATEMENT], action, context)).toBe(expected)
  })
})

describe("the repository's policy, asked for Lambda", () => {
  const ask = async (principal: string, source: string) => {
    const sandbox = await startSandbox()
    const policy = sandbox.world.repositories.get(sandbox.names.repository)?.policy
    await sandbox.close()
    const context = { 'aws:SourceArn': [source] }
    const access = { action: 'ecr:BatchGetImage', resource: REPOSITORY, context }
    return permitsPrincipal({ policy, principal, access })
  }

  test('lets functions of this account pull', async () => {
    expect(await ask('lambda.amazonaws.com', FUNCTION)).toBe(true)
    expect(await ask('lambda.amazonaws.com', FUNCTION.replace('123456789012', '999999999999'))).toBe(false)
    expect(await ask('ecs-tasks.amazonaws.com', FUNCTION)).toBe(false)
    expect(await ask('*', FUNCTION)).toBe(false)
  })
})

test('a customer rule that wants TLS lets the sandbox through', () => {
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  const allow = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'ecr:*' }
  const policy = { Version: '2012-10-17', Statement: [deny, allow] }
  const access = { action: 'ecr:BatchGetImage', resource: REPOSITORY }
  expect(permitsPrincipal({ policy, principal: 'lambda.amazonaws.com', access })).toBe(true)
})
