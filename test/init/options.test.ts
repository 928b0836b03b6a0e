// What `init` decides of a repository: folder, branch, values, names of the files.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { findBranch, findFunctionFolders } from '../../src/core/init/folder.ts'
import { planInit, type Surroundings } from '../../src/core/init/options.ts'
import { writeDeployWorkflow, writeUndeployWorkflow } from '../../src/core/init/workflow.ts'

const single: Surroundings = { paths: ['pubspec.yaml', 'Dockerfile', 'bin/server.dart'], heads: {} }
const several: Surroundings = {
  paths: ['a/pubspec.yaml', 'a/Dockerfile', 'b/pubspec.yaml', 'b/Dockerfile', 'lib/pubspec.yaml'],
  heads: {},
}

function plan(texts: Readonly<Record<string, string>>, surroundings: Surroundings) {
  const checked = planInit(texts, surroundings)
  return checked.ok ? checked.value : checked.problems.map((problem) => problem.code)
}

test.each([
  ['the root', ['pubspec.yaml', 'Dockerfile'], ['.']],
  [
    'a folder, before one without a Dockerfile',
    ['lib/pubspec.yaml', 'fn/pubspec.yaml', 'fn/Dockerfile'],
    ['fn'],
  ],
  ['a package without a Dockerfile, where there is no other', ['fn/pubspec.yaml'], ['fn']],
  ['two, by name', ['b/pubspec.yaml', 'a/pubspec.yaml'], ['a', 'b']],
  ['a name that only ends alike', ['my-pubspec.yaml'], []],
])('function folders: %s', (_, paths, folders) => {
  expect(findFunctionFolders(paths)).toEqual(folders)
})

test.each([
  [{ originHead: 'ref: refs/remotes/origin/trunk\n', head: 'ref: refs/heads/fix\n' }, 'trunk'],
  [{ head: 'ref: refs/heads/release/1.x\n' }, 'release/1.x'],
  [{ head: '0123456789abcdef0123456789abcdef01234567\n' }, 'main'],
  [{}, 'main'],
])('the branch by %o', (heads, branch) => {
  expect(findBranch(heads)).toBe(branch)
})

test('account and region make literal values', () => {
  expect(plan({ 'aws-account-id': '123456789012', 'aws-region': 'eu-central-1' }, single)).toMatchObject({
    workflow: {
      workingDirectory: '.',
      values: { roleArn: 'arn:aws:iam::123456789012:role/dcf-gke-role', region: 'eu-central-1' },
    },
    deployFile: 'deploy.yml',
    undeployFile: 'undeploy.yml',
  })
})

test('without them the workflows read variables', () => {
  expect(plan({}, single)).toMatchObject({ workflow: { values: { roleArn: '${{ vars.DCF_ROLE_ARN }}' } } })
})

test('a name without an account is not silently dropped', () => {
  expect(plan({ 'bucket-name': 'mine' }, single)).toEqual(['DCF-INPUT-MISSING', 'DCF-INPUT-MISSING'])
})

test('several functions: one has to be chosen, and its files are named after it', () => {
  expect(plan({}, several)).toEqual(['DCF-INIT-SEVERAL-FUNCTIONS'])
  expect(plan({ 'working-directory': './b/' }, several)).toMatchObject({
    workflow: { workingDirectory: 'b' },
    deployFile: 'deploy-b.yml',
  })
})

test.each([
  [{}, { paths: ['README.md'], heads: {} }, 'DCF-INIT-NO-FUNCTION'],
  [{ 'working-directory': '../other' }, single, 'DCF-INPUT-INVALID'],
  [{ 'working-directory': '/etc' }, single, 'DCF-INPUT-INVALID'],
  [{ 'function-name': 'a\nb' }, single, 'DCF-INPUT-INVALID'],
  [{ branch: 'release/*' }, single, 'DCF-SETUP-SUBJECT-WILDCARD'],
])('%o is refused', (texts, surroundings, code) => {
  expect(plan({ ...texts }, surroundings)).toEqual([code])
})

test.each([
  ['plain', {}],
  ['an environment', { environment: 'QA: eu #1' }],
  [
    'a function of its own',
    { 'function-name': 'hello', 'artifact-key': 'builds/hello.zip', 'working-directory': 'fn/hello world' },
  ],
  ['names that YAML would read otherwise', { branch: 'no\n1.10\noff' }],
])('the workflows are YAML, and give every value back: %s', (_, texts) => {
  const checked = planInit({ 'aws-account-id': '123456789012', 'aws-region': 'cn-north-1', ...texts }, single)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const { workflow } = checked.value
  const deploy: unknown = parse(writeDeployWorkflow(workflow), { version: '1.1' })
  const undeploy: unknown = parse(writeUndeployWorkflow(workflow), { version: '1.1' })
  const own = {
    ...(workflow.functionName === undefined ? {} : { 'function-name': workflow.functionName }),
    ...(workflow.workingDirectory === '.' ? {} : { 'working-directory': workflow.workingDirectory }),
    audience: 'sts.amazonaws.com.cn',
  }
  expect(deploy).toMatchObject({
    permissions: {},
    concurrency: { 'cancel-in-progress': false },
    jobs: {
      deploy: {
        permissions: { contents: 'read', 'id-token': 'write' },
        ...(workflow.environment === undefined ? {} : { environment: { name: workflow.environment } }),
        steps: [
          { with: { 'persist-credentials': false } },
          {
            uses: 'dcf/aws-lambda-deploy@v1',
            with: {
              'role-to-assume': 'arn:aws-cn:iam::123456789012:role/dcf-gke-role',
              'aws-region': 'cn-north-1',
              'bucket-name': 'dcf-customer-artifacts-123456789012-cn-north-1',
              'codebuild-project': 'dcf-lambda-build',
              'ecr-repository-uri': '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/dcf-lambda-repo',
              'lambda-execution-role-arn': 'arn:aws-cn:iam::123456789012:role/lambda-execution-role',
              ...own,
            },
          },
        ],
      },
    },
  })
  expect(JSON.stringify(deploy)).toContain(JSON.stringify({ branches: workflow.branches }).slice(1, -1))
  expect(JSON.stringify(undeploy)).toContain(`"artifact-key":"${workflow.artifactKey}"`)
  expect(undeploy).toMatchObject({ permissions: {} })
})
