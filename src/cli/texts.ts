// The options of a command as the core reads them: texts, a repeated option with a value a line.
import type { Invocation } from './command.ts'

/** Each option's values, one a line; absent options are absent. */
export function textsOf({
  options,
}: Pick<Invocation, 'options'>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...options].map(([name, values]) => [name, values.join('\n')]))
}
