// The actions' inputs as options of the command line; their help is the description in the action files.
import { parse } from 'yaml'
import { readKitFile } from '../edge/kit.ts'
import { type Invocation, type Option, optionOf } from './command.ts'

/** Inputs that are `true` or `false`: as an option they need no value. */
const switches = new Set(['plan', 'force', 'skip-unchanged', 'hide-build-logs', 'doctor'])
/** Inputs of one value a line: as an option they are repeated. */
const lists = new Set(['environment-variables', 'include', 'exclude'])

/** Options for the inputs of an action file, in its order. The file is read only if somebody asks for help. */
export function inputOptions(actionFile: string, names: readonly string[]): readonly Option[] {
  return names.map((name) => ({
    name,
    ...(switches.has(name) ? {} : { value: 'VALUE' }),
    ...(lists.has(name) ? { isRepeated: true } : {}),
    get help() {
      return describeInput(actionFile, name)
    },
  }))
}

function describeInput(actionFile: string, name: string): string {
  const action: unknown = parse(readKitFile(actionFile))
  const input: unknown = Reflect.get(Object(Reflect.get(Object(action), 'inputs')), name)
  const description: unknown = Reflect.get(Object(input), 'description')
  return typeof description === 'string' ? description : ''
}

/** The texts of the inputs as options and environment give them. */
export function readTexts(
  invocation: Invocation,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const texts = names.map(
    (name) =>
      [
        name,
        lists.has(name) ? invocation.options.get(name)?.join('\n') : optionOf(invocation, name),
      ] as const,
  )
  const { environment } = invocation
  const defaults = { 'role-to-assume': environment['AWS_ROLE_ARN'], 'aws-region': environment['AWS_REGION'] }
  const given = Object.fromEntries(texts.filter(([, text]) => text !== undefined))
  return { ...defaults, ...given }
}
