// The condition keys that StartBuild gives to policies: which overrides a request carries, and with which values.
import type { Members } from '../members.ts'

/** Override members with the condition key that CodeBuild derives from each. */
const TEXTS: readonly (readonly [member: string, key: string])[] = [
  ['buildspecOverride', 'codebuild:source.buildspec'],
  ['sourceTypeOverride', 'codebuild:source.type'],
  ['imageOverride', 'codebuild:environment.image'],
  ['environmentTypeOverride', 'codebuild:environment.type'],
  ['computeTypeOverride', 'codebuild:environment.computeType'],
  ['serviceRoleOverride', 'codebuild:serviceRole'],
]

const NUMBERS: readonly (readonly [member: string, key: string])[] = [
  ['timeoutInMinutesOverride', 'codebuild:timeoutInMinutes'],
  ['queuedTimeoutInMinutesOverride', 'codebuild:queuedTimeoutInMinutes'],
  ['autoRetryLimitOverride', 'codebuild:autoRetryLimit'],
]

/** Keys are present only for overrides that are; that is what a `Null` condition asks. */
export function readConditions(input: Members): Readonly<Record<string, readonly string[]>> {
  const context: Record<string, readonly string[]> = {}
  for (const [member, key] of TEXTS) {
    const value = input.text(member)
    if (value !== undefined) context[key] = [value]
  }
  for (const [member, key] of NUMBERS) {
    const value = input.number(member)
    if (value !== undefined) context[key] = [String(value)]
  }
  const privileged = input.flag('privilegedModeOverride')
  if (privileged !== undefined) context['codebuild:environment.privilegedMode'] = [String(privileged)]
  const artifacts = input.structure('artifactsOverride')?.text('type')
  if (artifacts !== undefined) context['codebuild:artifacts.type'] = [artifacts]
  const cache = input.structure('cacheOverride')
  if (cache !== undefined) context['codebuild:cache.type'] = [cache.text('type') ?? '']
  const modes = cache?.texts('modes')
  if (modes !== undefined) context['codebuild:cache.modes'] = modes
  const variables = input.structures('environmentVariablesOverride')
  if (variables !== undefined) {
    context['codebuild:environment.environmentVariables'] = variables.map(
      (variable) => variable.text('name') ?? '',
    )
  }
  return context
}
