// Makes text from outside harmless for a log: no runner command, no control sequence, no line of its own making.

/** Everything that moves a cursor, changes a title or reverses text: C0 but tab, DEL, C1, bidirectional marks. */
const dangerous =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Select Graphic Rendition: colours and weight, which may stay. */
const colour = /\u001b\[[0-9;]{0,20}m/gu

/**
 * Splits on CR, LF, CRLF and the line ends of Unicode, and neutralises each line. The runner's second parser finds
 * `##[command]` anywhere in a line, so `##[` is broken up; its first finds `::command` at the start of a line
 * (after white space), so every line has to be printed behind a prefix.
 */
export function neutralLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n\u0085\u2028\u2029]/u).map(neutralLine)
}

/** One line: control characters become visible, colours stay, `##[` becomes `## [`. */
export function neutralLine(line: string): string {
  const pieces: string[] = []
  let from = 0
  for (const match of line.matchAll(colour)) {
    pieces.push(hide(line.slice(from, match.index)), match[0])
    from = match.index + match[0].length
  }
  pieces.push(hide(line.slice(from)))
  const joined = pieces.join('')
  // A colour that was left open would dye the lines after it.
  const closed = pieces.length > 1 ? `${joined}\u001b[0m` : joined
  return breakCommands(closed)
}

function hide(text: string): string {
  return text.replace(dangerous, '\ufffd')
}

/** Until nothing is left: `##` may be parted from `[` by a colour that the runner's console drops. */
function breakCommands(text: string): string {
  return text.replace(/##(?=(?:\u001b\[[0-9;]*m)*\[)/g, '## ')
}
