// Turns the options of `init` and a look at the repository into the two workflows, or into every problem at once.
import { accept, type Checked, reject } from '../checked.ts'
import { Fields } from '../fields.ts'
import { readContexts } from '../setup/contexts.ts'
import { readFunctions } from '../setup/functions.ts'
import { accountForm, audienceForm, readNames, regionForm } from '../setup/options.ts'
import {
  audienceOf,
  type CustomerValues,
  defaultNames,
  type FunctionPlace,
  valuesOf,
} from '../setup/request.ts'
import { findBranch, findFunctionFolders, type GitHeads } from './folder.ts'
import type { WorkflowPlan } from './workflow.ts'

/** The options of `init` that decide what the workflows say. */
export const initOptionNames = [
  'working-directory',
  'aws-account-id',
  'aws-region',
  'branch',
  'environment',
  'function-name',
  'artifact-key',
  'bucket-name',
  'role-name',
  'codebuild-project',
  'ecr-repository-name',
  'lambda-execution-role-name',
  'audience',
] as const

/** What was found in the repository. */
export interface Surroundings {
  /** Paths of its files, relative to its root. */
  readonly paths: readonly string[]
  readonly heads: GitHeads
}

/** Repository variables for the six values, where account and region were not given. */
export const variableValues: CustomerValues = {
  roleArn: '${{ vars.DCF_ROLE_ARN }}',
  region: '${{ vars.DCF_REGION }}',
  bucketName: '${{ vars.DCF_BUCKET }}',
  codebuildProject: '${{ vars.DCF_CODEBUILD_PROJECT }}',
  ecrRepositoryUri: '${{ vars.DCF_ECR_REPOSITORY_URI }}',
  lambdaExecutionRoleArn: '${{ vars.DCF_EXECUTION_ROLE_ARN }}',
}

/** The workflows of one function, and the names of their files. */
export interface InitPlan {
  readonly workflow: WorkflowPlan
  /** `deploy.yml`, or `deploy-FOLDER.yml` in a repository of several functions. */
  readonly deployFile: string
  readonly undeployFile: string
}

/** Decides what the two workflows say. */
export function planInit(
  texts: Readonly<Record<string, string | undefined>>,
  surroundings: Surroundings,
): Checked<InitPlan> {
  const fields = new Fields(texts)
  const values = readValues(fields)
  const workingDirectory = readFolder(fields, surroundings.paths)
  const contexts = readContexts(fields)
  const branches = contexts.flatMap((context) => (context.kind === 'branch' ? [context.name] : []))
  const environment = contexts.find((context) => context.kind === 'environment')
  const place = readFunction(fields)
  const audience = fields.match('audience', audienceForm, false) ?? audienceOf(fields.text('aws-region'))
  if (fields.problems.length > 0) return reject(fields.problems)
  const workflow: WorkflowPlan = {
    values,
    branches: fields.text('branch') === '' ? [findBranch(surroundings.heads)] : branches,
    environment: environment?.name,
    audience,
    functionName: place.name,
    workingDirectory,
    artifactKey: place.artifactKey,
  }
  const isOnly = findFunctionFolders(surroundings.paths).length < 2 || workingDirectory === '.'
  const ending = isOnly ? '' : `-${workingDirectory.replace(/[^\w.-]+/g, '-')}`
  return accept({ workflow, deployFile: `deploy${ending}.yml`, undeployFile: `undeploy${ending}.yml` })
}

function readFunction(fields: Fields): FunctionPlace {
  const [first, second] = readFunctions(fields)
  if (second !== undefined)
    fields.invalid(
      'function-name',
      fields.lines('function-name').join(', '),
      'one name: run the command once for each',
    )
  return first ?? { artifactKey: 'builds/app.zip' }
}

/** Options that only a value in an account can be made of. */
const accountOptions = [
  'aws-account-id',
  'aws-region',
  'bucket-name',
  'role-name',
  'codebuild-project',
  'ecr-repository-name',
  'lambda-execution-role-name',
]

/** Literal values for an account and a region, else variables of the repository. */
function readValues(fields: Fields): CustomerValues {
  const isNamed = accountOptions.some((name) => fields.text(name) !== '')
  const account = fields.match('aws-account-id', accountForm, isNamed)
  const region = fields.match('aws-region', regionForm, isNamed)
  const names = readNames(fields, defaultNames(account ?? '', region ?? ''))
  return account === undefined || region === undefined ? variableValues : valuesOf({ account, region, names })
}

function readFolder(fields: Fields, paths: readonly string[]): string {
  const given = fields.text('working-directory').replace(/^(?:\.\/)+|\/+$/g, '')
  if (given !== '') {
    const isInside = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\p{C}\\]{1,1000}$/u.test(given)
    if (!isInside)
      fields.invalid('working-directory', given, 'a folder of the repository, relative to its root')
    return given
  }
  const [first, ...others] = findFunctionFolders(paths)
  if (first === undefined)
    fields.add(
      'DCF-INIT-NO-FUNCTION',
      'No folder of this repository holds a `pubspec.yaml`.',
      'Run the command in the repository of the function, or name the folder with --working-directory.',
    )
  if (others.length === 0 || first === '.') return first ?? '.'
  fields.add(
    'DCF-INIT-SEVERAL-FUNCTIONS',
    `These folders could be the function: ${[first, ...others]
      .slice(0, 20)
      .map((folder) => `\`${folder}\``)
      .join(', ')}.`,
    'Run the command once for each, with --working-directory and an --artifact-key of its own.',
  )
  return '.'
}
