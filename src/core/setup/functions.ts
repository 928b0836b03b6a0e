// Which functions share the bucket, and where the archive of each lies.
import type { Fields } from '../fields.ts'
import { functionNamePattern } from '../names.ts'
import type { FunctionPlace } from './request.ts'

/** The guide's key, for the only function of a bucket. */
const guideKey = 'builds/app.zip'

/** Keys that mean themselves in a policy: no wildcard, no variable. */
const keyPattern = /^(?!\/)(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[\w!.'()/-]{1,900}$/

/** The functions in the order given; one without a name where none was given. */
export function readFunctions(fields: Fields): readonly FunctionPlace[] {
  const names = fields.lines('function-name')
  const keys = fields.lines('artifact-key')
  for (const name of names.filter((name) => !functionNamePattern.test(name)))
    fields.invalid('function-name', name, '1 to 64 letters, digits, `-` and `_`')
  for (const key of keys.filter((key) => !keyPattern.test(key)))
    fields.invalid(
      'artifact-key',
      key,
      "a key without wildcards: letters, digits and `!-_.'()/`, not beginning with `/`",
    )
  checkKeys(fields, names, keys)
  if (names.length === 0)
    return (keys.length === 0 ? [guideKey] : keys).map((artifactKey) => ({ artifactKey }))
  return names.map((name, index) => ({ name, artifactKey: keys[index] ?? defaultKey(name, names.length) }))
}

function checkKeys(fields: Fields, names: readonly string[], keys: readonly string[]): void {
  const isUneven = names.length > 0 && keys.length > 0 && names.length !== keys.length
  const isDouble = new Set(keys).size < keys.length || new Set(names).size < names.length
  if (!isUneven && !isDouble) return
  const found = `${names.length} of --function-name and ${keys.length} of --artifact-key`
  fields.add(
    'DCF-SETUP-ARTIFACT-KEYS',
    isDouble ? 'A function name or an artifact key was given twice.' : `There are ${found}.`,
    'Give one --artifact-key for each --function-name, in the same order, all different; or give none.',
  )
}

function defaultKey(name: string, count: number): string {
  return count === 1 ? guideKey : `builds/${name}.zip`
}
