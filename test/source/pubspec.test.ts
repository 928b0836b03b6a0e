import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPubspec } from '../../src/core/source/pubspec.ts'
import { runs } from './runs.ts'

/** What Dart makes of a text: the first error's code and line, or `ok`. */
const sdk = "'>=3.11.0 <3.12.0'"
const cases: readonly (readonly [string, string])[] = [
  [`name: a\nenvironment:\n  sdk: ${sdk}\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: ${sdk}`, 'ok'],
  [`\ufeffname: a\nenvironment:\n  sdk: ${sdk}\n`, 'ok'],
  [`name: a\r\nenvironment:\r\n  sdk: ${sdk}\r\n`, 'ok'],
  [`name: a\renvironment:\r  sdk: ${sdk}\r`, 'ok'],
  [`---\nname: a\nenvironment: {sdk: ${sdk}}\n...\n`, 'ok'],
  [`{"name": "a", "environment": {"sdk": ">=3.11.0 <3.12.0"}}`, 'ok'],
  [`name: a\nenvironment:\n  sdk: >-\n    >=3.11.0\n    <3.12.0\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: |\n    >=3.11.0 <3.12.0\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: <3.12.0 >=3.11.0\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: "\\x3e=3.11.0 <3.12.0"\n`, 'ok'],
  [`name: a\nx: &s ${sdk}\nenvironment:\n  sdk: *s\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: !!str ${sdk}\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: !mine ${sdk}\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: ${sdk}#comment\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk:\t${sdk}\n`, 'ok'],
  [`name: a\n? environment\n: sdk: ${sdk}\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: ${sdk}\n  flutter: '>=3.0.0'\n`, 'ok'],
  [
    `# environment:\nname: a\ndescription: |\n  environment:\n    sdk: any\nenvironment:\n  sdk: ${sdk}\n`,
    'ok',
  ],
  [`%YAML 1.1\n---\nname: a\nenvironment:\n  sdk: ${sdk}\n`, 'ok'],
  [`name: a\nversion: 1.0.0+1\nenvironment:\n  sdk: ${sdk}\n`, 'ok'],
  [`name: a\nenvironment:\n  sdk: >=3.11.0 <3.12.0\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\nenvironment: {sdk: >=3.11.0 <3.12.0}\n`, 'DCF-PUBSPEC-YAML 2'],
  [`name: a\nname: b\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-YAML 2'],
  [`name: a\nenvironment:\n  sdk: ${sdk}\n  sdk: any\n`, 'DCF-PUBSPEC-YAML 4'],
  [`name: a\nenvironment:\n\tsdk: ${sdk}\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\n\t\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-YAML 2'],
  [`name: a\nenvironment:\n  sdk: ${sdk}\n---\nname: b\n`, 'DCF-PUBSPEC-YAML 4'],
  [`name: a\nenvironment:\n  sdk: '>=3.11.0\n`, 'DCF-PUBSPEC-YAML 4'],
  [`name: a: b\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-YAML 1'],
  [`name: a\nenvironment:\n    sdk: ${sdk}\n  flutter: x\n`, 'DCF-PUBSPEC-YAML 4'],
  [`name: a\nenvironment:\n  sdk: ${sdk} extra\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\nenvironment:\n  sdk: @x\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\nenvironment:\n  sdk: *nowhere\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\nenvironment:\n  sdk: !!binary x\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\nenvironment:\n  sdk: "\\q"\n`, 'DCF-PUBSPEC-YAML 3'],
  [`name: a\u0007b\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-YAML 1'],
  [`name: a\nbase: &b\n  sdk: ${sdk}\nenvironment:\n  <<: *b\n`, 'DCF-SDK-MISSING 4'],
  ['', 'DCF-PUBSPEC-NO-MAP 1'],
  ['# nothing\n', 'DCF-PUBSPEC-NO-MAP 1'],
  ['- name: a\n', 'DCF-PUBSPEC-NO-MAP 1'],
  ['just text\n', 'DCF-PUBSPEC-NO-MAP 1'],
  ['name: a\n', 'DCF-SDK-MISSING 1'],
  ['name: a\nenvironment:\n', 'DCF-SDK-MISSING 2'],
  ['name: a\nenvironment: {}\n', 'DCF-SDK-MISSING 2'],
  ['name: a\nenvironment:\n  sdk:\n', 'DCF-SDK-MISSING 3'],
  ['name: a\nenvironment:\n  sdk: ~\n', 'DCF-SDK-MISSING 3'],
  ['name: a\nenvironment:\n  SDK: x\n', 'DCF-SDK-MISSING 2'],
  ['name: a\nEnvironment:\n  sdk: x\n', 'DCF-SDK-MISSING 1'],
  ['name: a\nenvironment: text\n', 'DCF-SDK-NOT-TEXT 2'],
  ['name: a\nenvironment:\n  sdk: 3.11\n', 'DCF-SDK-NOT-TEXT 3'],
  ['name: a\nenvironment:\n  sdk: 3\n', 'DCF-SDK-NOT-TEXT 3'],
  ['name: a\nenvironment:\n  sdk: [3.11.0]\n', 'DCF-SDK-NOT-TEXT 3'],
  ['name: a\nenvironment:\n  sdk: true\n', 'DCF-SDK-NOT-TEXT 3'],
  ["name: a\nenvironment:\n  sdk: ''\n", 'DCF-SDK-INVALID 3'],
  ['name: a\nenvironment:\n  sdk: ~3.11.0\n', 'DCF-SDK-INVALID 3'],
  ['name: a\nenvironment:\n  sdk: 3.11.x\n', 'DCF-SDK-INVALID 3'],
  ['name: a\nenvironment:\n  sdk: ^3.11.0\n', 'DCF-SDK-CARET 3'],
  ['name: a\nenvironment:\n  sdk: any\n', 'DCF-SDK-BOTH 3'],
  ["name: a\nenvironment:\n  sdk: '>=3.10.0 <4.0.0'\n", 'DCF-SDK-BOTH 3'],
  ["name: a\nenvironment:\n  sdk: '>=3.11.0 <4.0.0'\n", 'DCF-SDK-BROADER 3'],
  ['name: a\nenvironment:\n  sdk: 3.11.4\n', 'DCF-SDK-NARROWER 3'],
  ["name: a\nenvironment:\n  sdk: '>=3.11.5 <3.13.0'\n", 'DCF-SDK-OVERLAPPING 3'],
  ["name: a\nenvironment:\n  sdk: '>=2.12.0 <3.0.0'\n", 'DCF-SDK-OLDER 3'],
  ['name: a\nenvironment:\n  sdk: ^3.12.0\n', 'DCF-SDK-NEWER 3'],
  ["name: a\nenvironment:\n  sdk: '>=3.12.0 <3.11.0'\n", 'DCF-SDK-EMPTY 3'],
  [`environment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-NAME 1'],
  [`name: 0o17\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-NAME 1'],
  [`name: my-server\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-NAME 1'],
  [`name: class\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-NAME 1'],
  [`name: "a\\nRUN x"\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-NAME 1'],
  [`name: a\nversion: 1.10\nenvironment:\n  sdk: ${sdk}\n`, 'DCF-PUBSPEC-VERSION 2'],
  [`name: a\nenvironment:\n  sdk: ${sdk}\n  dart: x\n`, 'DCF-PUBSPEC-ENVIRONMENT 4'],
]

test.each(cases)('%j', (text, expected) => {
  const [error] = readPubspec(Buffer.from(text)).problems.filter((problem) => problem.severity === 'error')
  expect(error === undefined ? 'ok' : `${error.code} ${error.line}`).toBe(expected)
})

test('the same set in other words is accepted with a notice that shows the usual line', () => {
  const { problems } = readPubspec(Buffer.from('name: a\nenvironment:\n  sdk: <3.12.0 >=3.11.0\n'))
  expect(problems).toMatchObject([{ code: 'DCF-SDK-SPELLING', severity: 'notice', line: 3, column: 8 }])
  expect(problems[0]?.help).toContain("sdk: '>=3.11.0 <3.12.0'")
})

test.each([
  ['~3.11.0', 'Bundler'],
  ['>=3.11.0, <3.12.0', 'commas'],
  ['^3.10.0 || ^3.11.0', 'alternatives'],
  ['3.11.x', 'wildcards'],
  ['>=3.11 <3.12', 'three numbers'],
  ['> =3.11.0', 'no space'],
  ['^3.11.0 <3.12.0', 'beside a caret'],
  ['v3.11.0', '`v`'],
  ['3.10.0 - 3.12.0', 'hyphen range'],
  ['==3.11.0', 'pins'],
])('%s is explained by the habit it comes from', (text, habit) => {
  const [problem] = readPubspec(Buffer.from(`name: a\nenvironment:\n  sdk: "${text}"\n`)).problems
  expect(problem?.message).toContain(habit)
})

test.each([
  ['too large', `name: a\n${'#'.repeat(70_000)}`],
  ['not UTF-8', Buffer.from([0x6e, 0xff, 0xfe])],
  ['nested by brackets', `a: ${'['.repeat(5000)}`],
  ['nested by dashes', `a:\n  ${'- '.repeat(5000)}b`],
  ['nested by questions', `${'? '.repeat(5000)}b`],
  ['nested by indentation', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('%s is refused before it is parsed', (_name, content) => {
  expect(readPubspec(Buffer.from(content)).problems).toMatchObject([
    { code: 'DCF-PUBSPEC-LIMITS', severity: 'error' },
  ])
})

test('aliases do not multiply', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
  )
  const text = `a0: &a0 x\n${levels.join('\n')}\nname: a\nenvironment:\n  sdk: ${sdk}\n`
  expect(readPubspec(Buffer.from(text)).problems).toEqual([])
})

test('a key named __proto__ pollutes nothing', () => {
  readPubspec(Buffer.from('__proto__: {polluted: yes}\nname: a\n'))
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('no text at all makes it throw', () => {
  const piece = fc.constantFrom(
    'name: a\n',
    'environment:',
    '\n  sdk: ',
    sdk,
    '>=3',
    '- ',
    '? ',
    ': ',
    '\t',
    '\n',
    '  ',
    '"',
    "'",
    '&a ',
    '*a',
    '[',
    ']',
    '{',
    '}',
    '|',
    '#',
    '!!str ',
    '%YAML 1.2\n',
    '---\n',
    '\ufeff',
    '\0',
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 24 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 64 }).map(Buffer.from),
  )
  fc.assert(
    fc.property(text, (bytes) => {
      expect(Array.isArray(readPubspec(bytes).problems)).toBe(true)
    }),
    { numRuns: runs(1500) },
  )
})
