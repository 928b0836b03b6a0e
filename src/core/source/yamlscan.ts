// Looks over the tokens of a YAML text before it is parsed: what is nested too deeply to be parsed safely, and what
// Dart's reader refuses but the library accepts.
import { Lexer } from 'yaml'

/** A thousand open brackets abort Node 20 in the parser, beyond the reach of try and catch. */
const depthLimit = 32

export interface ScanFault {
  readonly why: 'depth' | 'syntax'
  readonly message: string
  readonly at: number
}

/** Dart's reader takes these tags; it reads `!name` as if there were no tag, and refuses all others. */
const knownTag = /^!(?:!(?:null|bool|int|float|str|seq|map))?$|^![^!<]+$/

interface State {
  at: number
  /** Columns at which the open block collections began. */
  readonly columns: number[]
  flow: number
  lineStart: number
  isIndent: boolean
  isAfterBreak: boolean
  isScalarNext: boolean
}

/** Lexes the whole text, without recursion. The first fault wins, but depth before all. */
export function scanYaml(text: string): { readonly fault?: ScanFault } {
  const state: State = {
    at: 0,
    columns: [],
    flow: 0,
    lineStart: 0,
    isIndent: true,
    isAfterBreak: false,
    isScalarNext: false,
  }
  let syntax: ScanFault | undefined
  for (const token of new Lexer().lex(text)) {
    const fault = judgeToken(token, state)
    if (fault?.why === 'depth') return { fault }
    syntax ??= fault
  }
  return syntax === undefined ? {} : { fault: syntax }
}

function judgeToken(token: string, state: State): ScanFault | undefined {
  const { at } = state
  // Three control characters are marks of the lexer's own and stand for no text.
  if (token === '\u0002' || token === '\u0018') return undefined
  if (token === '\u001f') {
    state.isScalarNext = true
    return openBlock(state)
  }
  const isScalar = state.isScalarNext
  state.isScalarNext = false
  state.at += token.length
  const fault = isScalar ? judgeScalar(token, at) : judgeMark(token, state, at)
  const lastBreak = token.lastIndexOf('\n')
  if (lastBreak !== -1) {
    state.lineStart = at + lastBreak + 1
    state.isIndent = true
    state.isAfterBreak = true
  } else if (!/^[ \t]*$/.test(token)) {
    state.isIndent = false
  }
  return fault
}

function judgeMark(token: string, state: State, at: number): ScanFault | undefined {
  if (token === '[' || token === '{') {
    state.flow += 1
    return judgeDepth(state, at)
  }
  if (token === ']' || token === '}') state.flow = Math.max(0, state.flow - 1)
  if (token === '-' || token === '?') {
    state.isIndent = true
    return openBlock(state, at)
  }
  if (token.startsWith('"') || token.startsWith("'")) return openBlock(state, at)
  if (token.startsWith('!') && !knownTag.test(token)) {
    return { why: 'syntax', message: `the tag \`${token.slice(0, 60)}\` is unknown to Dart`, at }
  }
  const isTabbed = state.isIndent && state.isAfterBreak && state.flow === 0 && /^[ ]*\t/.test(token)
  return isTabbed
    ? { why: 'syntax', message: 'a tab stands in the indentation, where YAML allows spaces only', at }
    : undefined
}

/** A value or a mark at the beginning of a line opens a level if it stands further right than all before. */
function openBlock(state: State, at: number = state.at): ScanFault | undefined {
  if (!state.isIndent || state.flow > 0) return undefined
  const column = at - state.lineStart
  while ((state.columns.at(-1) ?? -1) >= column) state.columns.pop()
  state.columns.push(column)
  return judgeDepth(state, at)
}

function judgeDepth(state: State, at: number): ScanFault | undefined {
  if (state.columns.length + state.flow <= depthLimit) return undefined
  return { why: 'depth', message: `it is nested more than ${depthLimit} levels deep`, at }
}

/** Outside of quotes Dart takes no control characters. */
function judgeScalar(token: string, at: number): ScanFault | undefined {
  const index = token.search(
    /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/u,
  )
  if (index === -1) return undefined
  const code = token.charCodeAt(index).toString(16).padStart(4, '0')
  return { why: 'syntax', message: `the character U+${code.toUpperCase()} cannot stand here`, at: at + index }
}
