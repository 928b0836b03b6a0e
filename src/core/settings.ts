// The function's plain settings from `environment-variables`, held against what Lambda and CodeBuild take.
import type { Fields } from './fields.ts'

export type Settings = Readonly<Record<string, string>>

/** Lambda's reserved names, from its page "Defined runtime environment variables"; a value for one is refused. */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])

/** Bytes of all names and values together that Lambda takes. */
const lambdaLimit = 4096
/** Characters of one value that StartBuild takes; all settings travel in one variable. */
const variableLimit = 4096

/** Reads `NAME=value` lines; a line that starts with `#` is a comment. Every line that cannot be set is a problem. */
export function readSettings(fields: Fields): Settings {
  const settings = new Map<string, string>()
  const text = fields.text('environment-variables')
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const reason = addSetting(settings, line)
    if (reason !== undefined) refuseLine(fields, index + 1, reason)
  }
  const bytes = [...settings].reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  const json = JSON.stringify(Object.fromEntries(settings))
  if (bytes > lambdaLimit || json.length > variableLimit) {
    fields.add(
      'DCF-ENVIRONMENT-VARIABLES',
      `\`environment-variables\` holds ${bytes} bytes of names and values (${json.length} characters as JSON).`,
      `Lambda takes ${lambdaLimit} bytes for a function and StartBuild ${variableLimit} characters in one value: move large values to Parameter Store and set their name here.`,
    )
  }
  return Object.fromEntries(settings)
}

/** Adds one line; returns why it cannot be set. A value is never part of the reason: it might be a secret after all. */
function addSetting(settings: Map<string, string>, line: string): string | undefined {
  const at = line.indexOf('=')
  if (at < 1) return 'is not `NAME=value`'
  const name = line.slice(0, at).trim()
  if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name))
    return `names \`${name.slice(0, 60)}\`: Lambda takes letters, digits and \`_\`, a letter first, two at least`
  if (reserved.has(name)) return `sets \`${name}\`, which Lambda reserves`
  if (settings.has(name)) return `sets \`${name}\` a second time`
  settings.set(name, line.slice(at + 1).trim())
  return undefined
}

function refuseLine(fields: Fields, line: number, reason: string): void {
  fields.add(
    'DCF-ENVIRONMENT-VARIABLES',
    `Line ${line} of \`environment-variables\` ${reason}.`,
    'Write one `NAME=value` a line, with a name that is neither reserved nor used twice.',
  )
}
