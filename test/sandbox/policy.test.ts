import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type PolicySet, weigh } from '../../src/sandbox/identity/policy.ts'
import { type PolicyKind, readPolicyDocument } from '../../src/sandbox/identity/policydocument.ts'
import { PolicyError } from '../../src/sandbox/identity/policyerror.ts'
import { covers, createContext, tokenize } from '../../src/sandbox/identity/policypattern.ts'
import type { Principal } from '../../src/sandbox/identity/policyprincipal.ts'

const ROLE = 'arn:aws:iam::123456789012:role/deployer'
const SESSION = 'arn:aws:sts::123456789012:assumed-role/deployer/run-1'
const SESSION_PRINCIPAL: Principal = { kind: 'session', account: '123456789012', roleArn: ROLE, arn: SESSION }
const OBJECT = 'arn:aws:s3:::artifacts/builds/app.zip'

interface Asked {
  readonly action?: string
  readonly resource?: string
  readonly context?: Record<string, string[]>
  readonly principal?: Principal
}

function document(statements: unknown, kind: PolicyKind = 'identity', version = '2012-10-17') {
  return readPolicyDocument({ Version: version, Statement: statements }, kind)
}

function question(asked: Asked = {}) {
  return {
    principal: asked.principal ?? SESSION_PRINCIPAL,
    action: asked.action ?? 's3:PutObject',
    resource: asked.resource ?? OBJECT,
    context: createContext(asked.context ?? {}),
  }
}

function allows(statement: unknown, asked: Asked = {}): boolean {
  const verdict = weigh([document(statement)], question(asked))
  return verdict.allowed && !verdict.denied
}

function allow(members: Record<string, unknown> = {}) {
  return { Effect: 'Allow', Action: 's3:PutObject', Resource: '*', ...members }
}

describe('actions', () => {
  test.each([
    ['s3:PutObject', true],
    ['S3:putobject', true],
    ['s3:Put*', true],
    ['s3:*', true],
    ['*', true],
    ['s3:PutObjec?', true],
    ['s3:PutObject?', false],
    ['s3:GetObject', false],
    ['ec2:*', false],
    [['s3:GetObject', 's3:PutObject'], true],
  ])('Action %j: %j', (action, expected) => {
    expect(allows(allow({ Action: action }))).toBe(expected)
  })

  test.each([
    ['s3:PutObject', false],
    ['s3:Get*', true],
    [['iam:*', 's3:Put*'], false],
  ])('NotAction %j: %j', (action, expected) => {
    expect(allows({ Effect: 'Allow', NotAction: action, Resource: '*' })).toBe(expected)
  })
})

describe('resources', () => {
  test.each([
    ['*', OBJECT, true],
    [OBJECT, OBJECT, true],
    ['arn:aws:s3:::artifacts/*', OBJECT, true],
    ['arn:aws:s3:::artifacts', OBJECT, false],
    ['arn:aws:s3:::artifacts*', OBJECT, true],
    ['arn:aws:s3:::Artifacts/*', OBJECT, false],
    ['arn:aws:s3:::artifacts/builds/app.zi?', OBJECT, true],
    ['arn:aws:s3:::other/*', OBJECT, false],
    ['arn:aws:lambda:us-east-1:1:function:*', 'arn:aws:lambda:us-east-1:1:function:a:7', true],
    ['arn:aws:lambda:*:*:function:*', 'arn:aws:lambda:us-east-1:1:function:a', true],
    ['arn:aws:lambda:us-east-1:1:function:a', 'arn:aws:lambda:us-east-1:1:function:ab', false],
    // A wildcard in one part of an ARN does not reach over the colon into the next.
    ['arn:aws:lambda:*:function:a', 'arn:aws:lambda:us-east-1:1:function:a', false],
    [
      'arn:aws:logs:us-east-1:1:log-group:/aws/codebuild/p:*',
      'arn:aws:logs:us-east-1:1:log-group:/aws/codebuild/p:log-stream:s',
      true,
    ],
    ['arn:aws:logs:us-east-1:1:*', 'arn:aws:logs:us-east-1:1:log-group:g:log-stream:s', true],
    ['arn:*:s3:::artifacts/*', OBJECT, true],
    ['arn:aws-cn:s3:::artifacts/*', OBJECT, false],
  ])('Resource %j covers %j: %j', (pattern, resource, expected) => {
    expect(allows(allow({ Resource: pattern }), { resource })).toBe(expected)
  })

  test.each([
    ['arn:aws:s3:::artifacts/*', false],
    ['arn:aws:s3:::other/*', true],
  ])('NotResource %j: %j', (pattern, expected) => {
    expect(allows({ Effect: 'Allow', Action: '*', NotResource: pattern })).toBe(expected)
  })
})

describe('conditions', () => {
  test.each([
    ['StringEquals', 'a', ['a'], true],
    ['StringEquals', 'a*', ['ab'], false],
    ['StringEquals', 'A', ['a'], false],
    ['StringEquals', ['x', 'a'], ['a'], true],
    ['StringEquals', 'a', [], false],
    ['StringEqualsIfExists', 'a', [], true],
    ['StringEqualsIfExists', 'a', ['b'], false],
    ['StringNotEquals', 'a', ['b'], true],
    ['StringNotEquals', ['a', 'b'], ['b'], false],
    ['StringNotEquals', 'a', [], true],
    ['StringEqualsIgnoreCase', 'ABC', ['abc'], true],
    ['StringNotEqualsIgnoreCase', 'ABC', ['abc'], false],
    ['StringLike', 'repo:acme/*:ref:*', ['repo:acme/x:ref:refs/heads/main'], true],
    ['StringLike', 'repo:acme/?', ['repo:acme/xy'], false],
    ['StringNotLike', 'repo:*', ['repo:a'], false],
    ['ArnLike', 'arn:aws:lambda:*:*:function:*', ['arn:aws:lambda:us-east-1:1:function:a'], true],
    ['ArnEquals', 'arn:aws:lambda:*:1:function:a', ['arn:aws:lambda:us-east-1:1:function:a'], true],
    ['ArnLike', 'arn:aws:*:function:a', ['arn:aws:lambda:us-east-1:1:function:a'], false],
    ['ArnNotLike', 'arn:aws:s3:::*', ['arn:aws:s3:::b'], false],
    ['Bool', 'true', ['true'], true],
    ['Bool', true, ['true'], true],
    ['Bool', 'false', ['true'], false],
    ['Bool', 'true', [], false],
    ['BoolIfExists', 'true', [], true],
    ['Null', 'true', [], true],
    ['Null', 'true', ['x'], false],
    ['Null', 'false', ['x'], true],
    ['Null', 'false', [], false],
    ['NumericEquals', 5, ['5.0'], true],
    ['NumericNotEquals', 5, ['6'], true],
    ['NumericLessThan', '10', ['9'], true],
    ['NumericLessThanEquals', '10', ['10'], true],
    ['NumericGreaterThan', '10', ['10'], false],
    ['NumericGreaterThanEquals', '10', ['10'], true],
    ['NumericEquals', '5', ['five'], false],
    ['DateLessThan', '2026-11-28T00:00:00Z', ['2026-11-27T00:00:00Z'], true],
    ['DateGreaterThan', '2026-11-28T00:00:00Z', ['2026-11-27T00:00:00Z'], false],
    ['DateEquals', '2026-11-28T00:00:00Z', ['1795824000'], true],
    ['DateNotEquals', '2026-11-28T00:00:00Z', ['2026-11-27T00:00:00Z'], true],
    ['DateLessThanEquals', '2026-11-28T00:00:00Z', ['2026-11-28T00:00:00Z'], true],
    ['DateGreaterThanEquals', '2026-11-28T00:00:00Z', ['2026-11-28T00:00:00Z'], true],
    ['IpAddress', '127.0.0.0/8', ['127.0.0.1'], true],
    ['IpAddress', '10.0.0.1', ['10.0.0.2'], false],
    ['IpAddress', '2001:db8::/32', ['2001:db8::1'], true],
    ['IpAddress', '127.0.0.0/8', ['::1'], false],
    ['NotIpAddress', '127.0.0.0/8', ['10.1.1.1'], true],
    ['BinaryEquals', 'QUI=', ['QUI='], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['b', 'z'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['z'], false],
    ['ForAnyValue:StringEquals', ['a'], [], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'z'], false],
    // Holds for a missing key, which is why it must not stand in an Allow.
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAllValues:StringLike', ['a*'], ['ab', 'ac'], true],
    ['ForAnyValue:StringLikeIfExists', ['a*'], [], true],
  ])('%s %j with %j: %j', (operator, value, given, expected) => {
    const statement = allow({ Condition: { [operator]: { 'my:Key': value } } })
    expect(allows(statement, { context: { 'my:key': given } })).toBe(expected)
  })

  test('every operator and every key of a Condition must hold', () => {
    const condition = { StringEquals: { 'a:x': '1', 'a:y': '2' }, Bool: { 'a:z': 'true' } }
    const context = { 'a:x': ['1'], 'a:y': ['2'], 'a:z': ['true'] }
    expect(allows(allow({ Condition: condition }), { context })).toBe(true)
    for (const key of Object.keys(context))
      expect(allows(allow({ Condition: condition }), { context: { ...context, [key]: ['no'] } })).toBe(false)
  })
})

describe('policy variables', () => {
  const context = { 'aws:userid': ['AROAX:run-1'], 'aws:tags': ['a', 'b'] }
  test.each([
    ['arn:aws:s3:::artifacts/${aws:userid}/*', 'arn:aws:s3:::artifacts/AROAX:run-1/app', true],
    ['arn:aws:s3:::artifacts/${aws:userid}/*', 'arn:aws:s3:::artifacts/other/app', false],
    ['arn:aws:s3:::artifacts/${aws:missing}*', 'arn:aws:s3:::artifacts/', false],
    ["arn:aws:s3:::artifacts/${aws:missing, 'team'}", 'arn:aws:s3:::artifacts/team', true],
    // A key with several values gives none.
    ['arn:aws:s3:::artifacts/${aws:tags}', 'arn:aws:s3:::artifacts/a', false],
    ['arn:aws:s3:::artifacts/a${*}b', 'arn:aws:s3:::artifacts/a*b', true],
    ['arn:aws:s3:::artifacts/a${*}b', 'arn:aws:s3:::artifacts/axb', false],
  ])('%s covers %s: %j', (pattern, resource, expected) => {
    expect(allows(allow({ Resource: pattern }), { resource, context })).toBe(expected)
  })

  test('a wildcard in the value of a variable is plain text', () => {
    const statement = allow({ Condition: { StringLike: { 'my:key': '${aws:userid}' } } })
    const asked = { context: { 'my:key': ['anything'], 'aws:userid': ['*'] } }
    expect(allows(statement, asked)).toBe(false)
  })

  test('documents of 2008-10-17 have no variables', () => {
    const old = document(allow({ Resource: 'arn:aws:s3:::b/${aws:userid}' }), 'identity', '2008-10-17')
    const asked = question({ resource: 'arn:aws:s3:::b/${aws:userid}', context })
    expect(weigh([old], asked).allowed).toBe(true)
  })
})

describe('principals', () => {
  const lambda: Principal = { kind: 'service', name: 'lambda.amazonaws.com' }
  const github: Principal = { kind: 'federated', arn: 'arn:aws:iam::123456789012:oidc-provider/gh' }
  const anonymous: Principal = { kind: 'anonymous' }
  test.each([
    ['*', SESSION_PRINCIPAL, true],
    ['*', anonymous, true],
    [{ AWS: '*' }, anonymous, true],
    [{ AWS: ROLE }, SESSION_PRINCIPAL, true],
    [{ AWS: SESSION }, SESSION_PRINCIPAL, true],
    [{ AWS: [ROLE, 'arn:aws:iam::123456789012:role/x'] }, SESSION_PRINCIPAL, true],
    [{ AWS: 'arn:aws:iam::123456789012:role/x' }, SESSION_PRINCIPAL, false],
    // The account as a whole leaves the decision to the identity policies.
    [{ AWS: '123456789012' }, SESSION_PRINCIPAL, false],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, SESSION_PRINCIPAL, false],
    [{ AWS: ROLE }, anonymous, false],
    [{ Service: 'lambda.amazonaws.com' }, lambda, true],
    [{ Service: ['ec2.amazonaws.com'] }, lambda, false],
    [{ Service: 'lambda.amazonaws.com' }, SESSION_PRINCIPAL, false],
    [{ Federated: 'arn:aws:iam::123456789012:oidc-provider/gh' }, github, true],
    [{ Federated: 'arn:aws:iam::123456789012:oidc-provider/gl' }, github, false],
  ])('Principal %j, asked by %j: %j', (principal, asker, expected) => {
    const policy = document({ Effect: 'Allow', Principal: principal, Action: '*' }, 'resource')
    expect(weigh([policy], question({ principal: asker })).allowed).toBe(expected)
  })

  test('NotPrincipal denies everybody else', () => {
    const policy = document({ Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: '*' }, 'resource')
    expect(weigh([policy], question()).denied).toBe(false)
    expect(weigh([policy], question({ principal: lambda })).denied).toBe(true)
  })

  test('a Deny of the account reaches its roles', () => {
    const policy = document({ Effect: 'Deny', Principal: { AWS: '123456789012' }, Action: '*' }, 'resource')
    expect(weigh([policy], question()).denied).toBe(true)
  })
})

describe('several policies', () => {
  const yes = document(allow())
  const no = document({ ...allow(), Effect: 'Deny' })
  const silent = document(allow({ Action: 'ec2:Start*' }))
  const resource = (principal: unknown, effect = 'Allow') =>
    document({ Effect: effect, Principal: principal, Action: 's3:*', Resource: '*' }, 'resource')
  const cases: [string, PolicySet, unknown][] = [
    ['nothing allows', { identity: [] }, { kind: 'missing', from: 'identity-based' }],
    ['the role allows', { identity: [silent, yes] }, { kind: 'allowed' }],
    ['a Deny wins', { identity: [yes, no] }, { kind: 'denied', by: 'identity-based' }],
    ['the session policy allows, too', { identity: [yes], session: yes }, { kind: 'allowed' }],
    [
      'the session policy is silent',
      { identity: [yes], session: silent },
      { kind: 'missing', from: 'session' },
    ],
    ['the session policy denies', { identity: [yes], session: no }, { kind: 'denied', by: 'session' }],
    [
      'the session policy gives nothing',
      { identity: [], session: yes },
      { kind: 'missing', from: 'identity-based' },
    ],
    [
      'the resource allows the role',
      { identity: [], resource: resource({ AWS: ROLE }) },
      { kind: 'allowed' },
    ],
    [
      'the session policy cuts what the resource gives the role',
      { identity: [], session: silent, resource: resource({ AWS: ROLE }) },
      { kind: 'missing', from: 'session' },
    ],
    [
      'but not what it gives the session by name',
      { identity: [], session: silent, resource: resource({ AWS: SESSION }) },
      { kind: 'allowed' },
    ],
    [
      'the resource denies',
      { identity: [yes], resource: resource('*', 'Deny') },
      { kind: 'denied', by: 'resource-based' },
    ],
    [
      'between accounts the role alone is not enough',
      { identity: [yes], foreign: true },
      { kind: 'missing', from: 'resource-based' },
    ],
    [
      'between accounts the resource alone is not enough',
      { identity: [], resource: resource({ AWS: ROLE }), foreign: true },
      { kind: 'missing', from: 'identity-based' },
    ],
    [
      'between accounts both together are',
      { identity: [yes], resource: resource({ AWS: ROLE }), foreign: true },
      { kind: 'allowed' },
    ],
  ]
  test.each(cases)('%s', (_name, policies, expected) => {
    expect(decide(question(), policies)).toEqual(expected)
  })
})

describe('what is not known is an error', () => {
  const trust = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }
  test.each<[string, unknown, PolicyKind]>([
    ['a list', [], 'identity'],
    ['a wrong version', { Version: '2020-01-01', Statement: allow() }, 'identity'],
    ['an unknown element of the document', { Statement: allow(), Extra: 1 }, 'identity'],
    ['no statement', { Statement: [] }, 'identity'],
    ['an unknown element of a statement', { Statement: allow({ Conditions: {} }) }, 'identity'],
    ['a wrong Effect', { Statement: allow({ Effect: 'allow' }) }, 'identity'],
    ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, 'identity'],
    ['Action and NotAction', { Statement: allow({ NotAction: 's3:*' }) }, 'identity'],
    ['an action without service', { Statement: allow({ Action: 'PutObject' }) }, 'identity'],
    ['an action that is a number', { Statement: allow({ Action: 7 }) }, 'identity'],
    ['a resource that is no ARN', { Statement: allow({ Resource: 'artifacts/*' }) }, 'identity'],
    ['no resource', { Statement: { Effect: 'Allow', Action: 's3:*' } }, 'identity'],
    ['a principal in an identity policy', { Statement: allow({ Principal: '*' }) }, 'identity'],
    ['no principal in a trust policy', { Statement: { Effect: 'Allow', Action: 'sts:*' } }, 'trust'],
    ['a resource in a trust policy', { Statement: { ...trust, Resource: '*' } }, 'trust'],
    ['an unknown kind of principal', { Statement: { ...trust, Principal: { User: 'x' } } }, 'trust'],
    [
      'a wildcard inside a principal',
      { Statement: { ...trust, Principal: { AWS: 'arn:aws:iam::1:role/*' } } },
      'trust',
    ],
    ['an unknown operator', { Statement: allow({ Condition: { StringIs: { a: 'b' } } }) }, 'identity'],
    ['an unknown prefix', { Statement: allow({ Condition: { 'ForSome:StringEquals': {} } }) }, 'identity'],
    ['NullIfExists', { Statement: allow({ Condition: { NullIfExists: { a: 'true' } } }) }, 'identity'],
    [
      'a condition on nothing',
      { Statement: allow({ Condition: { StringNotEquals: { a: [] } } }) },
      'identity',
    ],
    ['a condition on an object', { Statement: allow({ Condition: { Bool: { a: {} } } }) }, 'identity'],
  ])('%s', (_name, value, kind) => {
    expect(() => readPolicyDocument(value, kind)).toThrow(PolicyError)
  })

  test.each([
    ['Bool', 'yes'],
    ['NumericEquals', 'five'],
    ['DateLessThan', 'tomorrow'],
    ['IpAddress', '10.0.0.0/99'],
    ['IpAddress', 'localhost'],
    ['Null', 'maybe'],
  ])('%s cannot compare with %j', (operator, value) => {
    const statement = allow({ Condition: { [operator]: { key: value } } })
    expect(() => allows(statement, { context: { key: ['127.0.0.1'] } })).toThrow(PolicyError)
  })

  test('an operator that JavaScript itself knows is not known', () => {
    expect(() => document(allow({ Condition: { constructor: { a: 'b' } } }))).toThrow(PolicyError)
  })
})

test('patterns agree with the regular expression that says the same', () => {
  const piece = fc.constantFrom('a', 'b', '*', '?', ':', '/')
  const letter = fc.constantFrom('a', 'b', ':', '/')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.array(letter, { maxLength: 10 }), (pieces, letters) => {
      const source = pieces.map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one)).join('')
      const text = letters.join('')
      const tokens = tokenize(pieces.join(''), new Map(), true) ?? []
      expect(covers(tokens, text)).toBe(new RegExp(`^${source}$`, 's').test(text))
    }),
  )
})

test('a hostile pattern takes no time', () => {
  const tokens = tokenize(`${'*a'.repeat(2000)}b`, new Map(), true) ?? []
  expect(covers(tokens, 'a'.repeat(4000))).toBe(false)
})
