// Writes the XML of the query and REST/XML protocols by hand, so that no client's own codec is both writer and reader.

/** Content of an element: text, or further elements in order; undefined leaves the element out. */
export type XmlContent = string | number | boolean | readonly XmlNode[] | undefined

export type XmlNode = readonly [name: string, content: XmlContent]

export interface XmlDocument {
  readonly root: string
  readonly namespace?: string
  readonly content: string | readonly XmlNode[]
}

export function writeXml({ root, namespace, content }: XmlDocument): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${writeContent(content)}</${root}>`
}

function writeNode([name, content]: XmlNode): string {
  if (content === undefined) return ''
  return `<${name}>${writeContent(content)}</${name}>`
}

function writeContent(content: Exclude<XmlContent, undefined>): string {
  return typeof content === 'object' ? content.map(writeNode).join('') : escapeXml(String(content))
}

/** Characters that XML 1.0 cannot carry become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
