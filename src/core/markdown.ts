// Text from outside inside Markdown: escaped, so that it stays text.

/** Text for a table cell or a sentence. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$@:-]/g, (character) => `&#${character.codePointAt(0)};`)
}

/** Lines in a block that no line can end: an HTML `pre`, escaped. */
export function preformatted(lines: readonly string[]): string {
  const text = lines
    .join('\n')
    .replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    // A blank line would end the HTML block and let Markdown in.
    .replace(/\n(?=\n)/g, '\n&#8203;')
  return `<pre>${text}</pre>`
}

/** Code of our own making, or of a form that was checked. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`
}

/** Cut so that the runner takes it: its limit is 1 MiB, in bytes. */
export function cutBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const note = '\n\nThe rest was cut: the runner takes 1 MiB.\n'
  const cut = Buffer.from(text)
    .subarray(0, limit - Buffer.byteLength(note))
    .toString('utf8')
  return `${cut.replace(/\ufffd+$/u, '')}${note}`
}
