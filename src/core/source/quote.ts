// Shows text that others wrote inside a message of ours: in backticks, short, and on one line.

const longest = 120

/** The text in backticks, with control characters as escapes and cut to a readable length. */
export function quote(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  return `\`${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd`]/gu, escapeCharacter)}\``
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  if (character === '`') return "'"
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** The first few of a list in backticks, and how many there are beyond. */
export function quoteSome(texts: readonly string[], count = 5): string {
  const shown = texts.slice(0, count).map(quote).join(', ')
  return texts.length > count ? `${shown} and ${texts.length - count} more` : shown
}
