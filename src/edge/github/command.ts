// Writes a workflow command byte for byte as `@actions/core` does (a test compares them). The package itself would
// bring undici into each bundle: 0.4 MB, and some 40 ms at every start.

/** A line such as `::error title=T,file=F::message`; `undefined` properties are left out. */
export function formatCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const pairs = Object.entries(properties).filter(([, value]) => value !== undefined && value !== '')
  const list = pairs.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapeData(message)}\n`
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}
