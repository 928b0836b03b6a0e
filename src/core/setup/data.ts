// JSON as the setup writes it: policies, templates and the arguments of AWS CLI commands.

export type Data = string | number | boolean | readonly Data[] | { readonly [key: string]: Data }

/** A JSON file of the setup, ending in a newline. */
export function writeJson(data: Data): string {
  return `${JSON.stringify(data, null, 2)}\n`
}
