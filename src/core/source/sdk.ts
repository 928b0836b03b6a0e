// Judges `environment.sdk` and explains what is wrong with it, together with the habit that it comes from.
import type { Problem } from '../problem.ts'
import { type InvalidReason, parseConstraint } from './constraint.ts'
import { quote } from './quote.ts'
import { newerWindow, type Relation, relateToWindows, type SdkWindow, sdkWindows } from './window.ts'
import { describeNode, findEntry, isNull, type YamlNode } from './yamlnode.ts'

export interface SdkVerdict {
  /** The window that the pubspec asks for; absent if it asks for none. */
  readonly window?: SdkWindow
  readonly problems: readonly Problem[]
}

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Judges the pubspec whose top level is `root`. */
export function judgeSdk(root: YamlNode, file: string): SdkVerdict {
  const environment = findEntry(root, 'environment')
  if (environment === undefined)
    return refuse(missing({ file, line: 1, column: 1 }, 'there is no `environment:`'))
  const atKey = { file, line: environment.key.line, column: environment.key.column }
  if (isNull(environment.value)) return refuse(missing(atKey, '`environment:` is empty'))
  if (environment.value.kind !== 'map') {
    return refuse(
      notText(
        placeOf(environment.value, file),
        `\`environment\` is ${describeNode(environment.value)}, not a map`,
      ),
    )
  }
  const sdk = findEntry(environment.value, 'sdk')
  if (sdk === undefined) return refuse(missing(atKey, '`environment:` has no `sdk:`'))
  if (isNull(sdk.value)) return refuse(missing(placeOf(sdk.key, file), '`sdk:` is empty'))
  const place = placeOf(sdk.value, file)
  if (sdk.value.kind !== 'scalar' || typeof sdk.value.value !== 'string') {
    return refuse(notText(place, `\`sdk\` is ${describeNode(sdk.value)}, and Dart wants a text`))
  }
  return judgeText(sdk.value.value, place)
}

function judgeText(text: string, place: Place): SdkVerdict {
  const constraint = parseConstraint(text)
  if (constraint.kind === 'invalid')
    return refuse(invalid(text, { at: constraint.at, reason: constraint.reason }, place))
  const relation = relateToWindows(constraint)
  if (relation.kind !== 'equal') return refuse(mismatch(text, relation, place))
  const { window } = relation
  return { window, problems: text === window.text ? [] : [spelling(text, window, place)] }
}

function refuse(problem: Problem): SdkVerdict {
  return { problems: [problem] }
}

function placeOf(node: YamlNode, file: string): Place {
  return { file, line: node.line, column: node.column }
}

/** The line that the pubspec should have. */
export function writeSdkLine(window: SdkWindow): string {
  return `sdk: '${window.text}'`
}

function adviseLine(window: SdkWindow): string {
  const other = sdkWindows.find((candidate) => candidate !== window)
  const alternative = other === undefined ? '' : ` (or, for Dart ${other.minor}, \`${writeSdkLine(other)}\`)`
  return `Write \`${writeSdkLine(window)}\` under \`environment:\`${alternative}`
}

function missing(place: Place, found: string): Problem {
  return {
    code: 'DCF-SDK-MISSING',
    severity: 'error',
    message: `${capitalize(found)}: that allows any Dart, and a function is built with Dart 3.10 or 3.11.`,
    help: `${adviseLine(newerWindow)}.`,
    ...place,
  }
}

function notText(place: Place, found: string): Problem {
  return {
    code: 'DCF-SDK-NOT-TEXT',
    severity: 'error',
    message: `${capitalize(found)}.`,
    help: `${adviseLine(newerWindow)}, with the quotes.`,
    ...place,
  }
}

function spelling(text: string, window: SdkWindow, place: Place): Problem {
  return {
    code: 'DCF-SDK-SPELLING',
    severity: 'notice',
    message: `${quote(text)} means the same versions as \`${window.text}\` and is accepted.`,
    help: `The usual line is \`${writeSdkLine(window)}\`.`,
    ...place,
  }
}

function invalid(
  text: string,
  fault: { readonly at: number; readonly reason: InvalidReason },
  place: Place,
): Problem {
  return {
    code: 'DCF-SDK-INVALID',
    severity: 'error',
    message: `Dart cannot read the constraint ${quote(text)}: ${explainFault(text, fault)}`,
    help: `${adviseLine(newerWindow)}.`,
    ...place,
  }
}

/** Habits from other package managers, the most telling first. */
const habits: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty.'],
  [/\|\|?/, "`||` is npm's and Composer's; pub knows no alternatives."],
  [/^\s*\^.*[\s<>^]\S/s, 'nothing may stand beside a caret; `^` is a whole constraint of its own.'],
  [/~/, "`~` is npm's and Bundler's; pub knows `^`, `<`, `<=`, `>` and `>=` only."],
  [/,/, "commas are pip's and Bundler's; pub separates the parts by spaces."],
  [/\d\s+-\s+\d/, "a hyphen range is npm's; pub wants `>=` and `<`."],
  [/(?:^|[\s.<>=^])[xX*](?:$|[\s.])|\*/, "wildcards are npm's; pub wants all three numbers and a range."],
  [/[<>]\s+=/, 'no space may stand inside `>=` or `<=`.'],
  [/(?:^|[^<>])==?/, "`=` and `==` are npm's and pip's; in pub a bare version pins."],
  [/(?:^|[\s<>=^])v\d/i, 'pub knows no `v` before a version.'],
  [/&|\band\b/i, 'pub joins the parts by a space, not by a word or sign.'],
  [/["']/, 'a quote stands inside the text: one pair of quotes around all of it is enough.'],
  [/[\u200b-\u200f\u2060\ufeff]/, 'an invisible character stands in it, perhaps copied from a web page.'],
  [/[≥≤＞＜]/, '`≥` and `≤` have to be written as `>=` and `<=`.'],
]

function explainFault(text: string, fault: { readonly at: number; readonly reason: InvalidReason }): string {
  if (fault.reason === 'number too large') return 'a number in it is larger than 64 bits.'
  const habit = habits.find(([pattern]) => pattern.test(text))?.[1]
  if (habit !== undefined) return habit
  const rest = quote(text.slice(fault.at, fault.at + 30))
  if (/(?:^|[\s<>=^])\d+(?:\.\d+)?(?![\d.])/.test(text)) {
    return `a version has three numbers, as in \`3.11.0\`; it stops making sense at ${rest}.`
  }
  return fault.at >= text.trimEnd().length
    ? 'a version is missing at its end.'
    : `it stops making sense at ${rest}.`
}

function mismatch(text: string, relation: Exclude<Relation, { kind: 'equal' }>, place: Place): Problem {
  const { window } = relation
  const shown = quote(text)
  const isCaret = text.trim().startsWith('^')
  const problem = (code: Problem['code'], message: string, help: string): Problem => {
    return { code, severity: 'error', message, help, ...place }
  }
  switch (relation.kind) {
    case 'broader':
    case 'both':
      if (isCaret) {
        return problem(
          'DCF-SDK-CARET',
          `${shown} reaches up to the next major version, far beyond Dart ${window.minor}: it is what \`dart create\` writes, but a function is built with one minor version of Dart.`,
          `${adviseLine(window)}.`,
        )
      }
      if (relation.kind === 'both') {
        return problem(
          'DCF-SDK-BOTH',
          `${shown} holds both supported versions of Dart, 3.10 and 3.11, and a function is built with one of them.`,
          `Choose one: \`${sdkWindows.map(writeSdkLine).join('` or `')}\`, and the same in the Dockerfile's \`FROM dart:\`.`,
        )
      }
      return problem(
        'DCF-SDK-BROADER',
        `${shown} holds all of Dart ${window.minor} and versions outside of it.`,
        `Narrow it to exactly that: \`${writeSdkLine(window)}\`.`,
      )
    case 'narrower':
      return problem(
        'DCF-SDK-NARROWER',
        `${shown} is only a part of Dart ${window.minor}. Asking for less is refused too: the constraint has to be exactly \`${window.text}\`.`,
        `Widen it to \`${writeSdkLine(window)}\`, and pin a patch version in the Dockerfile instead, as in \`FROM dart:${window.minor}.${window.minor === '3.11' ? 5 : 9}\`.`,
      )
    case 'overlapping':
      return problem(
        'DCF-SDK-OVERLAPPING',
        `${shown} begins or ends in the middle of Dart ${window.minor} and goes beyond it.`,
        `${adviseLine(window)}.`,
      )
    case 'older':
      return problem(
        'DCF-SDK-OLDER',
        `${shown} ends before Dart 3.10, and a function is built with Dart 3.10 or 3.11.`,
        `${adviseLine(window)}, run \`dart pub upgrade\`, and mend what the newer Dart reports.`,
      )
    case 'newer':
      return problem(
        'DCF-SDK-NEWER',
        `${shown} ${text.includes('<') && !/[>^]/.test(text) ? 'fits' : 'asks for'} no version of Dart 3.10 or 3.11, which functions are built with.`,
        `${adviseLine(window)}, and check that the program needs nothing newer.`,
      )
    case 'empty':
      return problem(
        'DCF-SDK-EMPTY',
        `No version at all satisfies ${shown}: its parts contradict each other.`,
        `${adviseLine(window)}.`,
      )
  }
}

function capitalize(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase())
}
