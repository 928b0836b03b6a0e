// JSON as the setup writes it: policies, templates and the arguments of AWS CLI commands.

export type Data = string | number | boolean | readonly Data[] | { readonly [key: string]: Data }

/** A JSON file of the setup, ending in a newline. */
export function writeJson(data: Data): string {
  return `${JSON.stringify(data, null, 2)}\n`
}

/** True for a JSON array; `Array.isArray` would forget that it is read-only. */
export function isList(data: Data): data is readonly Data[] {
  return Array.isArray(data)
}

/** A parsed JSON document without nulls; throws for anything else, since our own files hold nothing else. */
export function readData(value: unknown): Data {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(readData)
  if (typeof value !== 'object' || value === null) throw new TypeError(`not JSON data: ${typeof value}`)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readData(item)]))
}
