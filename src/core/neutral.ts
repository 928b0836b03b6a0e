// Makes text from outside harmless for a log: no runner command, no control sequence, no line of its own making.

/** Everything that moves a cursor or changes a title: C0 but tab, DEL, C1. Shown as a mark of its own. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu
/**
 * Everything that is not seen: marks that reverse text, joiners, soft hyphens. Dropped, because the runner compares
 * by the rules of a language, which pass over them: `#<soft hyphen>#[` would be `##[`.
 */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu
/** Halves of a character have no spelling in UTF-8. */
const halves = /\p{Cs}/gu
/** Select Graphic Rendition: colours and weight, which may stay. */
const colour = /\u001b\[[0-9;]{0,20}m/gu

/**
 * Splits on CR, LF, CRLF and the line ends of Unicode, and neutralises each line. The runner's second parser finds
 * `##[command]` anywhere in a line, so `##[` is broken up; its first finds `::command` at the start of a line
 * (after white space), so every line has to be printed behind a prefix.
 */
export function neutralLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n\u000b\u000c\u0085\u2028\u2029]/u).map(neutralLine)
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
  const joined = breakCommands(pieces.join(''))
  // A colour that was left open would dye the lines after it.
  return pieces.length > 1 ? `${joined}\u001b[0m` : joined
}

function hide(text: string): string {
  return text.replace(unseen, '').replace(controls, '\ufffd').replace(halves, '\ufffd')
}

/** The bracket may be that of a colour: the runner's comparison passes over the escape before it. */
function breakCommands(text: string): string {
  return text.replace(/##(?=\u001b?\[)/g, '## ')
}
