// What one build runs with: the project's settings under the overrides of StartBuild, each checked as CodeBuild checks it.
import { AwsError } from '../../awserror.ts'
import type { BuildVariable } from '../../runner/job.ts'
import {
  atLeast,
  atMost,
  createValidation,
  matching,
  noLongerThan,
  noShorterThan,
  oneOf,
} from '../constraint.ts'
import type { Members } from '../members.ts'
import type { BuildSettings, Project } from '../project.ts'

/** Members of StartBuild that this sandbox acts on; every other one is refused and never ignored. */
const KNOWN = new Set([
  'projectName',
  'environmentVariablesOverride',
  'buildspecOverride',
  'sourceTypeOverride',
  'sourceVersion',
  'artifactsOverride',
  'cacheOverride',
  'timeoutInMinutesOverride',
  'queuedTimeoutInMinutesOverride',
  'autoRetryLimitOverride',
  'idempotencyToken',
  'imageOverride',
  'environmentTypeOverride',
  'computeTypeOverride',
  'privilegedModeOverride',
  'serviceRoleOverride',
])

const SOURCES = [
  'CODECOMMIT',
  'CODEPIPELINE',
  'GITHUB',
  'GITLAB',
  'GITLAB_SELF_MANAGED',
  'S3',
  'BITBUCKET',
  'GITHUB_ENTERPRISE',
  'NO_SOURCE',
]
const VARIABLE_TYPES = ['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER'] as const
const CACHE_MODES = ['LOCAL_DOCKER_LAYER_CACHE', 'LOCAL_SOURCE_CACHE', 'LOCAL_CUSTOM_CACHE']

/** Characters of an inline buildspec; more needs a file in the source. */
const BUILDSPEC_LIMIT = 25_600
/** Characters of one variable's value. */
const VALUE_LIMIT = 4_096
/** Characters of all names and values together; AWS names no exact figure, reports agree on this one. */
const VARIABLES_LIMIT = 5_500

/** Throws InvalidInputException for all that is malformed in a StartBuild request. */
export function checkStartBuild(input: Members): void {
  const validation = createValidation()
  validation.require('projectName', input.text('projectName'))
  validation.check('projectName', input.text('projectName'), noShorterThan(1))
  validation.check(
    'timeoutInMinutesOverride',
    input.number('timeoutInMinutesOverride'),
    atLeast(5),
    atMost(2160),
  )
  validation.check(
    'queuedTimeoutInMinutesOverride',
    input.number('queuedTimeoutInMinutesOverride'),
    atLeast(5),
    atMost(480),
  )
  validation.check('sourceTypeOverride', input.text('sourceTypeOverride'), oneOf(SOURCES))
  validation.check('idempotencyToken', input.text('idempotencyToken'), noLongerThan(64))
  validation.check('buildspecOverride', input.text('buildspecOverride'), noLongerThan(BUILDSPEC_LIMIT))
  validation.check('autoRetryLimitOverride', input.number('autoRetryLimitOverride'), atLeast(0), atMost(10))
  const artifacts = input.structure('artifactsOverride')
  if (artifacts !== undefined) validation.require('artifactsOverride.type', artifacts.text('type'))
  validation.check(
    'artifactsOverride.type',
    artifacts?.text('type'),
    oneOf(['CODEPIPELINE', 'S3', 'NO_ARTIFACTS']),
  )
  const cache = input.structure('cacheOverride')
  if (cache !== undefined) validation.require('cacheOverride.type', cache.text('type'))
  validation.check('cacheOverride.type', cache?.text('type'), oneOf(['NO_CACHE', 'S3', 'LOCAL']))
  for (const mode of cache?.texts('modes') ?? [])
    validation.check('cacheOverride.modes', mode, oneOf(CACHE_MODES))
  checkVariables(input, validation)
  validation.settle('InvalidInputException')
  checkTotal(input)
  refuseUnknown(input)
}

function checkVariables(input: Members, validation: ReturnType<typeof createValidation>): void {
  const variables = input.structures('environmentVariablesOverride') ?? []
  variables.forEach((variable, index) => {
    const at = `environmentVariablesOverride.${index + 1}.member`
    validation.require(`${at}.name`, variable.text('name'))
    validation.require(`${at}.value`, variable.text('value'))
    validation.check(
      `${at}.name`,
      variable.text('name'),
      noShorterThan(1),
      matching('[a-zA-Z_][a-zA-Z0-9_]*'),
    )
    validation.check(`${at}.value`, variable.text('value'), noLongerThan(VALUE_LIMIT))
    validation.check(`${at}.type`, variable.text('type'), oneOf(VARIABLE_TYPES))
  })
}

function checkTotal(input: Members): void {
  const variables = readVariables(input)
  const total = variables.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  if (total > VARIABLES_LIMIT) {
    throw invalid(
      `The combined size of the environment variables is ${total} characters; at most ${VARIABLES_LIMIT} are allowed`,
    )
  }
  const names = variables.map((variable) => variable.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw invalid(`Duplicate environment variable: ${twice}`)
}

function refuseUnknown(input: Members): void {
  const unknown = input.names().filter((name) => !KNOWN.has(name))
  if (unknown.length > 0)
    throw invalid(`The sandbox does not implement these members of StartBuild: ${unknown.join(', ')}`)
}

/** Merges a checked request over its project. Throws InvalidInputException for combinations that make no build. */
export function mergeSettings(project: Project, input: Members): BuildSettings {
  const buildspec = input.text('buildspecOverride') ?? project.buildspec
  const cache = input.structure('cacheOverride')
  const settings: BuildSettings = {
    ...(buildspec === undefined ? {} : { buildspec }),
    variables: mergeVariables(project.variables, readVariables(input)),
    sourceType: input.text('sourceTypeOverride') ?? project.sourceType,
    artifactsType: input.structure('artifactsOverride')?.text('type') ?? project.artifactsType,
    cacheType: cache?.text('type') ?? 'NO_CACHE',
    cacheModes: cache?.texts('modes') ?? [],
    timeoutInMinutes: input.number('timeoutInMinutesOverride') ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: input.number('queuedTimeoutInMinutesOverride') ?? project.queuedTimeoutInMinutes,
    autoRetryLimit: input.number('autoRetryLimitOverride') ?? 0,
    image: input.text('imageOverride') ?? project.image,
    environmentType: input.text('environmentTypeOverride') ?? project.environmentType,
    computeType: input.text('computeTypeOverride') ?? project.computeType,
    privileged: input.flag('privilegedModeOverride') ?? project.privileged,
    serviceRole: input.text('serviceRoleOverride') ?? project.serviceRole,
  }
  if (settings.sourceType === 'NO_SOURCE' && input.has('sourceVersion')) {
    throw invalid('sourceVersion cannot be specified when the source type is NO_SOURCE')
  }
  if (settings.sourceType === 'NO_SOURCE' && buildspec === undefined) {
    throw invalid('A buildspec is required when the source type is NO_SOURCE')
  }
  if (settings.cacheType === 'LOCAL' && settings.cacheModes.length === 0) {
    throw invalid('Invalid cache: at least one mode is required for cache type LOCAL')
  }
  return settings
}

/** Variables of StartBuild in their order, PLAINTEXT where no type is named. */
export function readVariables(input: Members): readonly BuildVariable[] {
  return (input.structures('environmentVariablesOverride') ?? []).map((variable) => ({
    name: variable.text('name') ?? '',
    value: variable.text('value') ?? '',
    type: VARIABLE_TYPES.find((type) => type === variable.text('type')) ?? 'PLAINTEXT',
  }))
}

function mergeVariables(
  below: readonly BuildVariable[],
  above: readonly BuildVariable[],
): readonly BuildVariable[] {
  const names = new Set(above.map((variable) => variable.name))
  return [...below.filter((variable) => !names.has(variable.name)), ...above]
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message)
}
