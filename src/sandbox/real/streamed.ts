// A streamed response put together as one payload: its JSON prelude, eight NUL bytes, then the body.
import { isObject, parseJson } from '../json.ts'

const SEPARATOR = Buffer.alloc(8)

/** JSON text in the shape of a buffered response; undefined when there is no valid prelude. */
export function assembleStream(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(SEPARATOR)
  const prelude = end < 0 ? undefined : parseJson(bytes.subarray(0, end).toString('utf8'))
  if (!isObject(prelude)) return undefined
  const body = bytes.subarray(end + SEPARATOR.length).toString('base64')
  return JSON.stringify({ ...prelude, body, isBase64Encoded: true })
}
