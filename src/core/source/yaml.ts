// Reads YAML the way Dart's own reader does, within bounds that no honest pubspec meets.
import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import { convertDocument } from './yamlconvert.ts'
import type { YamlFault } from './yamlfault.ts'
import type { YamlNode, YamlPosition } from './yamlnode.ts'
import { scanYaml } from './yamlscan.ts'

/** A pubspec of a real project has some 2 KiB. */
export const yamlByteLimit = 64 * 1024

export type YamlReading =
  | { readonly kind: 'read'; readonly root: YamlNode }
  | ({
      readonly kind: 'refused'
      readonly why: 'size' | 'encoding' | 'depth' | 'syntax'
      readonly message: string
    } & YamlPosition)

/** Reads one document of at most 64 KiB and 32 levels. Throws nothing. */
export function readYaml(bytes: Uint8Array): YamlReading {
  const start = { line: 1, column: 1 }
  if (bytes.length > yamlByteLimit) {
    return {
      kind: 'refused',
      why: 'size',
      message: `it has ${bytes.length} bytes, more than the ${yamlByteLimit} that are read`,
      ...start,
    }
  }
  const decoded = decode(bytes)
  if (decoded === undefined)
    return { kind: 'refused', why: 'encoding', message: 'it is not UTF-8 text', ...start }
  // A lone CR ends a line for Dart, but not for this library; the length stays the same, and so do all positions.
  const text = decoded.replace(/\r(?!\n)/g, '\n')
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  const locate = (offset: number): YamlPosition => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const scan = scanYaml(text)
  if (scan.fault?.why === 'depth')
    return { kind: 'refused', why: 'depth', message: scan.fault.message, ...locate(scan.fault.at) }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // The library's own check takes time that grows with the square of the keys.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const faults = document.errors
    .filter((error) => !isAcceptedByDart(error))
    .map((error) => explainError(error, text))
  if (scan.fault !== undefined) faults.push(scan.fault)
  const converted = convertDocument(document, locate)
  if (converted.fault !== undefined) faults.push(converted.fault)
  const [first] = faults.sort((a, b) => a.at - b.at)
  if (first !== undefined)
    return { kind: 'refused', why: 'syntax', message: first.message, ...locate(first.at) }
  return { kind: 'read', root: converted.root }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Dart takes a comment that follows a quoted text without a space. */
function isAcceptedByDart(error: YAMLError): boolean {
  return error.code === 'MISSING_CHAR' && error.message.startsWith('Comments must be separated')
}

/** The library's fault in words for a pubspec, at the place where Dart stumbles. */
function explainError(error: YAMLError, text: string): YamlFault {
  const [at] = error.pos
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here, and a pubspec is one document', at }
    case 'TAB_AS_INDENT':
      return { message: 'a tab stands in the indentation, where YAML allows spaces only', at }
    case 'BAD_INDENT':
      return { message: 'the indentation fits neither the line above nor any level around it', at }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'a `:` is missing after the key', at: endOfKey(text, at) }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'a second `:` in one line: put the text behind the first one in quotes', at }
    case 'BAD_SCALAR_START':
      return { message: `a plain text cannot begin with \`${text.charAt(at)}\`: put it in quotes`, at }
    case 'UNEXPECTED_TOKEN':
      if (error.message.startsWith('Block scalar header')) {
        return { message: 'a text that begins with `>` or `|` has to stand in quotes', at }
      }
      return { message: 'this is more than one value: put the whole text in quotes', at }
    default:
      return {
        message: `${error.message.charAt(0).toLowerCase()}${error.message.slice(1).replaceAll('`', "'")}`,
        at,
      }
  }
}

function endOfKey(text: string, at: number): number {
  const colon = /:(?=\s|$)/.exec(text.slice(at))
  return colon === null ? at : at + colon.index
}
